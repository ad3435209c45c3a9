"""The customer's case to the letter: plan, formal reply, progress, waiting, solving, by mail alone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from maild.app.instruct import instruct
from maild.errors import NotFound, UsageError
from maild.model.people import SHELL
from maild.model.progress import DeadlineRun, DeadlineState
from maild.rehearsal.smtp import TakenMail
from tests.sim.rig import Rig, Running, a_mail, subject_of, text_of
from tests.sim.test_promises import PEOPLE, RULE, answer, arrive, case_of, local, run_of, to

OWNER, CUSTOMER, HEAD = "wang@example.com", "li@customer.example", "chen@example.com"
PLAN = "/方案\n步骤：更换密封圈\n负责人：王工\n时限：2026-10-12\n"


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    rig = Rig(tmp_path, overrides={"database_url": url})
    (rig.config / "people.yaml").write_text(PEOPLE, "utf-8")
    (rig.config / "rules" / "00.yaml").write_text(RULE, "utf-8")
    return rig


@pytest.fixture
def maild(rig: Rig) -> Iterator[Running]:
    with rig.running() as running:
        arrive(running, a_mail(subject="投诉：漏水", body="设备漏水，批号 A12。"))
        yield running


class Colleague:
    """Answers the newest mail that he got."""

    def __init__(self, maild: Running, address: str = OWNER) -> None:
        self.maild = maild
        self.address = address
        self.count = 0

    def write(self, text: str) -> None:
        self.count += 1
        arrive(self.maild, answer(self.newest, text, self.address, number=self.count))

    @property
    def newest(self) -> TakenMail:
        return to(self.maild, self.address)[-1]


@pytest.fixture
def owner(maild: Running) -> Colleague:
    return Colleague(maild)


def until(maild: Running, text: str) -> None:
    """Work at every moment at which something is due, up to then."""
    maild.play_until(local(text))


def subjects(maild: Running, address: str = CUSTOMER) -> list[str]:
    return [subject_of(mail.raw) for mail in to(maild, address)]


def again(body: str) -> bytes:
    """The customer writes once more."""
    return a_mail(
        subject="Re: 投诉：漏水",
        body=body,
        Message_ID="<m2@customer.example>",
        References="<m1@customer.example>",
    )


def formal(maild: Running) -> DeadlineRun:
    return run_of(maild, "formal_reply")


def test_c3_a_plan_starts_the_formal_reply(maild: Running, owner: Colleague) -> None:
    until(maild, "2026-10-08T10:00")
    owner.write(PLAN)
    assert formal(maild).due_at == local("2026-10-10T18:00")  # the make-up Saturday is worked
    assert case_of(maild).progress.plan[0].responsible == "王工"
    assert len(to(maild, CUSTOMER)) == 1  # the acknowledgement alone: a plan is no mail


def test_c4_a_formal_reply_is_the_mail_and_the_call(maild: Running, owner: Colleague) -> None:
    until(maild, "2026-10-08T10:00")
    owner.write(PLAN)
    until(maild, "2026-10-08T11:00")
    owner.write("/模板 formal-reply\n\n我们将免费更换密封圈。")
    assert "正式回复" in subjects(maild)[-1]
    assert "更换密封圈" in text_of(to(maild, CUSTOMER)[-1].raw)
    assert (formal(maild).state, case_of(maild).stage) == (DeadlineState.RUNNING, "open")
    until(maild, "2026-10-08T14:00")
    owner.write("/电话 李先生同意方案")
    assert (formal(maild).state, case_of(maild).stage) == (DeadlineState.MET, "following")
    assert run_of(maild).state is DeadlineState.MET  # the reply was the first response too


def test_c4_two_tries_on_different_days_will_do(maild: Running, owner: Colleague) -> None:
    until(maild, "2026-10-08T10:00")
    owner.write(PLAN)
    owner.write("/模板 formal-reply\n\n免费更换。")
    owner.write("/电话 无人接听")
    owner.write("/电话 还是无人接听")
    assert formal(maild).state is DeadlineState.RUNNING
    until(maild, "2026-10-09T10:00")
    owner.write("/电话 无人接听")
    assert formal(maild).state is DeadlineState.MET


def test_c4_a_plan_changed_in_substance_starts_anew(maild: Running, owner: Colleague) -> None:
    until(maild, "2026-10-08T10:00")
    owner.write(PLAN)
    until(maild, "2026-10-09T10:00")
    owner.write(PLAN)  # the same once more
    assert formal(maild).run == 1
    owner.write(PLAN.replace("密封圈", "整机"))
    assert (formal(maild).run, formal(maild).due_at) == (2, local("2026-10-12T18:00"))


@pytest.fixture
def following(maild: Running, owner: Colleague) -> Running:
    """Formally answered on Thursday 8 October at 14:00."""
    until(maild, "2026-10-08T10:00")
    owner.write(PLAN)
    owner.write("/模板 formal-reply\n\n免费更换。")
    until(maild, "2026-10-08T14:00")
    owner.write("/电话 同意")
    return maild


def test_c5_the_owner_is_asked_and_his_line_goes_out(following: Running, owner: Colleague) -> None:
    # 3 days on is Sunday 11 October: the update goes out before it, on the make-up Saturday.
    assert run_of(following, "progress").due_at == local("2026-10-10T18:00")
    until(following, "2026-10-09T12:00")
    assert "请写一句进展" in subjects(following, OWNER)[-1]
    owner.write("配件已发出，运单号 SF123。")
    before = len(to(following, CUSTOMER))
    until(following, "2026-10-10T17:59")
    assert len(to(following, CUSTOMER)) == before
    until(following, "2026-10-10T18:00")
    assert "SF123" in text_of(to(following, CUSTOMER)[-1].raw)
    assert run_of(following, "progress").due_at == local("2026-10-13T18:00")


def test_c5_without_a_line_twice_honestly_then_the_head(following: Running) -> None:
    until(following, "2026-10-13T18:00")
    assert [one for one in subjects(following) if "进度同步" in one] == [
        "[C-2026-00001] 进度同步：投诉：漏水"
    ] * 2
    assert "暂无新的结果" in text_of(to(following, CUSTOMER)[-1].raw)
    assert not [one for one in subjects(following, HEAD) if "act" in one]
    until(following, "2026-10-16T18:00")
    assert len([one for one in subjects(following) if "进度同步" in one]) == 2
    assert [one for one in subjects(following, HEAD) if "Please act" in one]


def test_c5_a_manager_s_own_reply_moves_it(following: Running, owner: Colleague) -> None:
    until(following, "2026-10-09T08:00")
    reply = a_mail(
        "客服 <kefu@example.com>",
        "Re: 投诉：漏水",
        Message_ID="<sent@example.com>",
        To=CUSTOMER,
        References="<m1@customer.example>",
    )
    following.rig.imap.append("Sent", reply, following.rig.clock.now())
    following.work()
    assert run_of(following, "progress").due_at == local("2026-10-12T18:00")


def test_c8_waiting_pauses_reminds_and_closes_and_a_reply_goes_on(
    following: Running, owner: Colleague
) -> None:
    until(following, "2026-10-09T10:00")
    owner.write("/等待 批号照片")
    assert (case_of(following).stage, run_of(following, "progress").state) == (
        "waiting",
        DeadlineState.PAUSED,
    )
    until(following, "2026-10-12T10:00")
    assert "等待您的回复" in subjects(following)[-1]
    until(following, "2026-10-15T10:00")
    assert [one for one in subjects(following) if "等待您的回复" in one] == [subjects(following)[-1]] * 2
    until(following, "2026-10-19T10:00")  # 18 October is a Sunday
    assert "暂时关闭" in subjects(following)[-1]
    assert case_of(following).stage == "closed"
    arrive(
        following,
        a_mail(
            subject="Re: 投诉：漏水", Message_ID="<m2@customer.example>", References="<m1@customer.example>"
        ),
    )
    assert case_of(following).stage == "following"


def test_c8_an_answer_ends_the_waiting(following: Running, owner: Colleague) -> None:
    until(following, "2026-10-09T10:00")
    owner.write("/等待")
    until(following, "2026-10-10T10:00")
    arrive(
        following,
        a_mail(
            subject="Re: 投诉：漏水", Message_ID="<m2@customer.example>", References="<m1@customer.example>"
        ),
    )
    assert case_of(following).stage == "following"
    assert run_of(following, "progress").state is DeadlineState.RUNNING
    assert run_of(following, "answer").due_at == local("2026-10-12T18:00")


def test_c8_thanks_need_no_answer(following: Running) -> None:
    arrive(following, again("收到，谢谢！"))
    assert case_of(following).progress.latest("answer") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("/方按\n步骤：x", "方案", id="unknown command"),
        pytest.param("/模板 formal\n\n好的", "没有名为 'formal' 的模板", id="unknown template"),
        pytest.param("/指派 张三", "people.yaml 中没有 '张三'", id="nobody"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_done(maild: Running, owner: Colleague, text: str, why: str) -> None:
    owner.write(text)
    assert "未发送" in subject_of(owner.newest.raw)
    assert why in text_of(owner.newest.raw)
    assert len(to(maild, CUSTOMER)) == 1
    assert case_of(maild).progress.plan == ()


def test_a_note_stays_in_the_house(maild: Running, owner: Colleague) -> None:
    owner.write("/备注\n客户脾气大，小心。")
    assert len(to(maild, CUSTOMER)) == 1
    assert run_of(maild).state is DeadlineState.RUNNING


def test_a_colleague_takes_it_over(maild: Running, owner: Colleague) -> None:
    owner.write("/指派 陈主任")
    assert case_of(maild).traits.owner == HEAD
    arrive(maild, a_mail(Message_ID="<m2@customer.example>", References="<m1@customer.example>"))
    assert "New message" in subjects(maild, HEAD)[-1]


def test_everything_as_a_year_of_waiting_ends(maild: Running) -> None:
    maild.play_until(datetime.fromisoformat("2027-03-01T00:00:00+00:00"))
    assert maild.rig.clock.now() == datetime.fromisoformat("2027-03-01T00:00:00+00:00")


def test_the_same_words_at_the_command_line(maild: Running) -> None:
    until(maild, "2026-10-08T10:00")
    told = instruct(maild.context, SHELL, "C-2026-00001", PLAN)
    assert told == "C-2026-00001: a plan of 1 step(s), formal_reply is due 2026-10-10 18:00"
    instruct(maild.context, SHELL, "c-2026-00001", "/call reached Mr Li, agrees")
    assert run_of(maild).state is DeadlineState.MET
    instruct(maild.context, SHELL, "C-2026-00001", "/template formal-reply\n\nFree of charge.")
    maild.work()
    assert "正式回复" in subjects(maild)[-1]
    assert case_of(maild).stage == "following"
    instruct(maild.context, SHELL, "C-2026-00001", "/solve replaced")
    assert case_of(maild).stage == "solved"
    with pytest.raises(UsageError, match="nobody in people"):
        instruct(maild.context, SHELL, "C-2026-00001", "/assign Nobody")
    with pytest.raises(NotFound, match="C-2026-00009"):
        instruct(maild.context, SHELL, "C-2026-00009", "/solve")
