"""A promise kept, reminded of, missed and escalated; and the loop by which a colleague answers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.app.correction import Correction, correct_case
from maild.app.deadlines import ListedDeadline, list_deadlines
from maild.app.instruct import instruct
from maild.app.queries import show_case
from maild.model.case import Case
from maild.model.people import SHELL, Viewer
from maild.model.progress import DeadlineRun, DeadlineState
from maild.rehearsal.smtp import TakenMail
from tests.sim.rig import Rig, Running, a_mail, header_of, subject_of, text_of

PEOPLE = """\
service_desk: [wang@example.com]
departments:
  - {name: service, head: chen@example.com, leader: zhao@example.com}
people:
  - {name: 王芳, address: wang@example.com, department: service}
  - {name: 陈主任, address: chen@example.com, department: service, language: en}
  - {name: 赵总, address: zhao@example.com, department: service}
"""
RULE = """\
rules:
  - name: ours
    when: {mailbox: service}
    then: {department: service}
"""
WEDNESDAY = datetime(2026, 9, 30, 8, 40, tzinfo=UTC)  # 16:40 in Shanghai


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    rig = Rig(tmp_path, overrides={"database_url": url})
    (rig.config / "people.yaml").write_text(PEOPLE, "utf-8")
    (rig.config / "rules" / "zz.yaml").write_text(RULE, "utf-8")
    return rig


@pytest.fixture
def maild(rig: Rig) -> Iterator[Running]:
    with rig.running() as running:
        yield running


def arrive(maild: Running, raw: bytes) -> None:
    maild.rig.imap.deliver(raw, maild.rig.clock.now())
    maild.work()


def to(maild: Running, address: str) -> list[TakenMail]:
    return [mail for mail in maild.rig.smtp.taken if mail.recipients == (address,)]


def answer(mail: TakenMail, text: str, sender: str = "wang@example.com", number: int = 1) -> bytes:
    """What somebody writes back to a mail that he got."""
    return a_mail(
        sender,
        f"Re: {subject_of(mail.raw)}",
        text,
        Message_ID=f"<answer-{number}@example.com>",
        In_Reply_To=header_of(mail.raw, "Message-ID"),
        References=header_of(mail.raw, "Message-ID"),
    )


def case_of(maild: Running) -> Case:
    return show_case(maild.context, SHELL, "C-2026-00001").case


def run_of(maild: Running, name: str = "first_response") -> DeadlineRun:
    run = case_of(maild).progress.latest(name)
    assert run is not None
    return run


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def test_c2_the_first_response_is_due_when_the_calendar_says(maild: Running) -> None:
    arrive(maild, a_mail())
    assert run_of(maild).started_at == WEDNESDAY
    assert run_of(maild).due_at == local("2026-10-08T18:00")  # after National Day


def test_a_new_message_goes_to_the_desk_and_the_answer_to_the_customer(maild: Running) -> None:
    arrive(maild, a_mail())
    (told,) = to(maild, "wang@example.com")
    assert "请报价" in text_of(told.raw)
    assert "李雷 <li@customer.example>" in text_of(told.raw)
    maild.rig.clock.advance(timedelta(minutes=10))
    arrive(maild, answer(told, "已收到，工程师明天到。\n\n第二段。"))
    (_, reply) = to(maild, "li@customer.example")
    assert "已收到，工程师明天到。" in text_of(reply.raw)
    assert header_of(reply.raw, "In-Reply-To") == "<m1@customer.example>"
    assert header_of(reply.raw, "Auto-Submitted") == ""
    assert (run_of(maild).state, run_of(maild).ended_at) == (
        DeadlineState.MET,
        WEDNESDAY + timedelta(minutes=10),
    )


def test_nobody_answers(maild: Running) -> None:
    arrive(maild, a_mail())
    maild.rig.clock.jump(local("2026-10-08T15:59"))
    maild.work()
    assert len(to(maild, "wang@example.com")) == 1
    maild.rig.clock.jump(local("2026-10-08T16:00"))
    maild.work()
    (_, reminder) = to(maild, "wang@example.com")
    assert "初步响应" in subject_of(reminder.raw)
    maild.rig.clock.jump(local("2026-10-08T18:00"))
    maild.work()
    (escalation,) = to(maild, "chen@example.com")
    assert "Overdue" in subject_of(escalation.raw)
    maild.rig.clock.jump(local("2026-10-09T18:00"))
    maild.work()
    assert len(to(maild, "zhao@example.com")) == 1
    maild.rig.clock.jump(local("2026-10-30T18:00"))
    maild.work()
    assert [len(to(maild, who)) for who in ("wang@example.com", "chen@example.com", "zhao@example.com")] == [
        2,
        1,
        1,
    ]


def test_after_an_outage_what_is_overdue_comes_once_and_no_stale_reminder(maild: Running) -> None:
    arrive(maild, a_mail())
    maild.rig.clock.jump(local("2026-10-20T09:00"))
    maild.work()
    assert [len(to(maild, who)) for who in ("wang@example.com", "chen@example.com", "zhao@example.com")] == [
        1,
        1,
        1,
    ]


def test_a_late_answer_is_kept_late(maild: Running) -> None:
    arrive(maild, a_mail())
    (told,) = to(maild, "wang@example.com")
    maild.rig.clock.jump(local("2026-10-09T10:00"))
    maild.work()
    arrive(maild, answer(told, "抱歉久等。"))
    run = run_of(maild)
    assert (run.state, run.is_late(maild.rig.clock.now())) == (DeadlineState.MET, True)


def test_an_answer_from_the_wrong_person_is_no_answer(maild: Running) -> None:
    arrive(maild, a_mail())
    (told,) = to(maild, "wang@example.com")
    arrive(maild, answer(told, "我来回答", sender="mallory@elsewhere.example"))
    assert len(to(maild, "li@customer.example")) == 1
    assert run_of(maild).state is DeadlineState.RUNNING


def test_a_refused_reply_does_not_meet(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, a_mail("Nobody <reject@customer.example>"))
        (told,) = to(maild, "wang@example.com")
        arrive(maild, answer(told, "已收到"))
        assert run_of(maild).state is DeadlineState.RUNNING


def test_an_answer_from_the_sent_folder_counts(maild: Running) -> None:
    arrive(maild, a_mail())
    reply = a_mail(
        "客服 <kefu@example.com>",
        "Re: 询价",
        Message_ID="<m9@example.com>",
        To="li@customer.example",
        References="<m1@customer.example>",
    )
    maild.rig.imap.append("Sent", reply, maild.rig.clock.now())
    maild.work()
    assert run_of(maild).state is DeadlineState.MET


def test_an_empty_answer_is_told(maild: Running) -> None:
    arrive(maild, a_mail())
    (told,) = to(maild, "wang@example.com")
    arrive(maild, answer(told, "\n"))
    (_, back) = to(maild, "wang@example.com")
    assert "未发送" in subject_of(back.raw)
    assert len(to(maild, "li@customer.example")) == 1


def promised(
    maild: Running, viewer: Viewer = SHELL, *, late: bool = False, owner: str | None = None
) -> tuple[ListedDeadline, ...]:
    return list_deadlines(maild.context, viewer, late=late, owner=owner, limit=9)


def test_what_is_promised_is_listed_until_it_is_kept(maild: Running) -> None:
    arrive(maild, a_mail())
    maild.rig.clock.advance(timedelta(days=9))  # to Friday, 9 October, past closing time of the 8th
    arrive(maild, a_mail("han@other.example", Message_ID="<m2@other.example>"))
    assert [(one.case_number, one.deadline.late_s) for one in promised(maild)] == [
        ("C-2026-00001", 22 * 3600 + 40 * 60),
        ("C-2026-00002", None),
    ]
    assert [one.deadline.due_at.isoformat() for one in promised(maild)] == [
        "2026-10-08T18:00:00+08:00",
        "2026-10-10T18:00:00+08:00",
    ]
    assert [one.case_number for one in promised(maild, late=True)] == ["C-2026-00001"]
    told = to(maild, "wang@example.com")[0]
    arrive(maild, answer(told, "抱歉久等。"))
    assert [one.case_number for one in promised(maild)] == ["C-2026-00002"]
    (kept,) = show_case(maild.context, SHELL, "C-2026-00001").deadlines
    assert (kept.state, kept.late_s) == (DeadlineState.MET, 22 * 3600 + 40 * 60)


def test_what_is_promised_is_listed_by_owner(maild: Running) -> None:
    arrive(maild, a_mail())
    correct_case(maild.context, SHELL, "C-2026-00001", Correction(owner="wang@example.com"))
    assert len(promised(maild, owner="Wang@Example.com")) == 1
    assert promised(maild, owner="") == ()


def test_what_is_promised_in_confidence_is_listed_for_its_owner(rig: Rig) -> None:
    then = "{confidential: true, owner: wang@example.com}"
    rule = f"rules: [{{name: secret, when: {{mailbox: service}}, then: {then}}}]"
    (rig.config / "rules" / "zzz.yaml").write_text(rule, "utf-8")
    with rig.running() as maild:
        arrive(maild, a_mail())
        listed = [
            len(promised(maild, Viewer(name=who, address=who, sees_confidential=False)))
            for who in ("wang@example.com", "chen@example.com")
        ]
        assert listed == [1, 0]


def test_a_timer_is_no_promise(maild: Running) -> None:
    arrive(maild, a_mail())
    arrive(maild, answer(to(maild, "wang@example.com")[0], "/等待 批号\n\n请告知批号。"))
    assert run_of(maild, "first_wait").state is DeadlineState.RUNNING
    assert promised(maild) == ()


def test_what_is_confidential_is_told_to_its_owner_alone(rig: Rig) -> None:
    secret = RULE.replace("{department: service}", "{department: service, confidential: true}")
    (rig.config / "rules" / "00.yaml").write_text(secret.replace("name: ours", "name: secret"), "utf-8")
    with rig.running() as maild:
        arrive(maild, a_mail(subject="机密", body="绝不外传。"))
        (desk,) = to(maild, "wang@example.com")
        assert "绝不外传" not in text_of(desk.raw)
        assert "机密" not in subject_of(desk.raw)
        instruct(maild.context, SHELL, "C-2026-00001", "/assign 王芳")
        again = a_mail(
            subject="Re: 机密",
            body="仍不外传。",
            Message_ID="<m2@customer.example>",
            References="<m1@customer.example>",
        )
        arrive(maild, again)
        assert "仍不外传" in text_of(to(maild, "wang@example.com")[-1].raw)


def test_a_calendar_that_is_gone_gives_way_to_that_of_the_mailbox(rig: Rig) -> None:
    plant = rig.config / "calendars" / "plant.yaml"
    plant.write_text("name: plant\noffice_hours:\n  weekdays: [08:00-16:00]\n", "utf-8")
    rig.overrides["mailbox.service.calendar"] = "plant"
    with rig.running() as maild:
        arrive(maild, a_mail())
        assert run_of(maild).due_at == local("2026-10-01T16:00")
    plant.unlink()
    del rig.overrides["mailbox.service.calendar"]
    with rig.running() as maild:
        rig.clock.jump(local("2026-10-01T16:00"))
        maild.work()
        assert len(to(maild, "chen@example.com")) == 1
