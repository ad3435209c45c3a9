"""An old mail answered under a new subject joins, opens a case of its own, or waits for a person."""

from itertools import permutations
from pathlib import Path

import pytest

from maild.app.explain import explain_bytes, explain_message_id
from maild.app.explain_words import in_words
from maild.app.queries import show_case
from maild.app.review import list_review
from maild.model.mail import MessageId
from maild.model.people import SHELL
from maild.store import archive
from tests.sim.rig import SERVICE, Rig, Running, a_mail, header_of

LI = "李雷 <li@customer.example>"
REUSED = "part of C-2026-00001, but under another subject: an old mail reused for a new matter"
SETTING = "mailbox.service.reused_mail"


def letter(number: int, subject: str, *answered: int | str, sender: str = LI, **headers: str) -> bytes:
    """A letter with its number in its Message-ID; it answers letters by number, or any id."""
    ids = [one if isinstance(one, str) else f"<m{one}@customer.example>" for one in answered]
    references = {"References": " ".join(ids)} if ids else {}
    return a_mail(sender, subject, Message_ID=f"<m{number}@customer.example>", **references, **headers)


def arrive(maild: Running, *raws: bytes) -> None:
    for raw in raws:
        maild.rig.imap.deliver(raw, maild.rig.clock.now())
        maild.work()


def split_up(maild: Running) -> list[list[str]]:
    """The numbers of the letters in each case, sorted."""
    views = [show_case(maild.context, SHELL, case.number) for case in maild.cases()]
    ids = [[str(one.message.message_id) for one in view.messages] for view in views]
    return sorted(sorted(one[1] for one in case if one.endswith("@customer.example")) for case in ids)


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    """On SQLite and on PostgreSQL alike, with `split`."""
    return Rig(tmp_path, overrides={"database_url": url, SETTING: "split"})


def test_by_default_it_joins_and_the_reason_says_so(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"), letter(2, "投诉产品质量", 1))
        assert split_up(maild) == [["1", "2"]]
        last = show_case(maild.context, SHELL, "C-2026-00001").messages[-1]
        assert last.reason == f"refers to <m1@customer.example>, {REUSED}"
        told = explain_message_id(maild.context, SHELL, MessageId("m2@customer.example"))
        assert "主题却是另一件事" in dict(in_words(told, "zh"))["归并"]
        assert REUSED in dict(in_words(told, "en"))["Joining"]
    assert len(rig.smtp.taken) == 1


def test_it_opens_a_case_of_its_own_in_the_same_thread(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"), letter(2, "投诉产品质量", 1))
        assert split_up(maild) == [["1"], ["2"]]
        (first, *_) = show_case(maild.context, SHELL, "C-2026-00002").messages
        assert first.reason == f"it opened the case: refers to <m1@customer.example>, {REUSED}"
        told = explain_message_id(maild.context, SHELL, MessageId("m2@customer.example"))
        assert (told.case_number, told.review) == ("C-2026-00002", False)
        assert dict(in_words(told, "zh"))["归并"] == (
            "回复的是事项 C-2026-00001 的邮件，主题却是另一件事（旧邮件另谈新事），不归入该事项"
        )
        assert told.reason.startswith("opens C-2026-00002 (")
        assert REUSED in told.reason
        ids = [MessageId(f"m{number}@customer.example") for number in (1, 2)]
        found = maild.context.store.read(
            lambda conn: [archive.find_by_message_id(conn, one)[0].thread_id for one in ids]
        )
        assert found[0] == found[1]
    assert len(rig.smtp.taken) == 2


def test_later_answers_go_to_the_case_that_they_answer(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"), letter(2, "投诉产品质量", 1))
        inquiry, complaint = (header_of(mail.raw, "Message-ID") for mail in rig.smtp.taken)
        arrive(
            maild,
            letter(3, "Re: 投诉产品质量", 1, 2),
            letter(4, "回复: 已收到您的来信", 1, 2, complaint),
            letter(5, "Re: 询价", 1, inquiry),
            letter(6, "Re: 投诉产品质量", 1),
        )
        assert split_up(maild) == [["1", "5"], ["2", "3", "4", "6"]]


def test_an_answer_to_our_own_mail_is_told_by_its_subject_too(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"))
        ours = header_of(rig.smtp.taken[0].raw, "Message-ID")
        arrive(
            maild,
            letter(2, "投诉产品质量", ours),
            letter(3, "询价（补充）", ours),
            letter(4, "关于 C-2026-00001 的发货", ours),
            letter(5, "参数 (was: 询价)", ours),
        )
        assert split_up(maild) == [["1", "3", "4", "5"], ["2"]]


def test_a_reply_to_address_from_an_address_book_ties_no_new_matter(tmp_path: Path) -> None:
    rig = Rig(tmp_path, overrides={SETTING: "split", "mailbox.service.reply_token": "plus"})
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"))
        remembered = header_of(rig.smtp.taken[0].raw, "Reply-To")
        arrive(maild, letter(2, "投诉产品质量", To=remembered), letter(3, "询价", To=remembered))
        assert split_up(maild) == [["1", "3"], ["2"]]


def test_machines_and_we_ourselves_reuse_nothing(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(
            maild,
            letter(1, "询价"),
            letter(2, "不在办公室", 1, Auto_Submitted="auto-replied"),
            letter(3, "我们的报价单", 1, sender=SERVICE),
        )
        assert split_up(maild) == [["1", "2", "3"]]


def test_a_person_decides(tmp_path: Path, url: str) -> None:
    rig = Rig(tmp_path, overrides={"database_url": url, SETTING: "review"})
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"))
        imagined = explain_bytes(maild.context, SHELL, letter(2, "投诉产品质量", 1), "service")
        assert (imagined.happened, imagined.case_number, imagined.review) == (False, None, True)
        arrive(maild, letter(2, "投诉产品质量", 1))
        assert split_up(maild) == [["1"]]
        (entry,) = list_review(maild.context, SHELL, limit=10)
        assert entry.reason == f"refers to <m1@customer.example>, {REUSED}"
        words = dict(in_words(imagined, "zh"))
        assert words["归并"].endswith("，待人工决定")
        assert words["决定"] == "不立事项，待人工查看"
        assert "按邮箱的默认类别" in words["规则"] or "命中规则" in words["规则"]
        assert "a person decides" in dict(in_words(imagined, "en"))["Decision"]
    assert len(rig.smtp.taken) == 1


def test_a_new_matter_that_no_rule_decides_waits_for_that_reason(tmp_path: Path) -> None:
    rig = Rig(tmp_path, overrides={SETTING: "split", "mailbox.service.default_kind": "review"})
    with rig.running() as maild:
        arrive(maild, letter(1, "投诉产品质量"), letter(2, "你好", 1))
        (entry,) = list_review(maild.context, SHELL, limit=10)
        assert entry.reason == "no rule matched: a person looks at it"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_arrival_does_not_matter(tmp_path: Path, order: tuple[int, ...]) -> None:
    heap = [
        letter(1, "询价"),
        letter(2, "投诉产品质量", 1),
        letter(3, "Re: 投诉产品质量", 1, 2),
        letter(4, "Re: 询价", 1),
    ]
    with Rig(tmp_path, overrides={SETTING: "split"}).running() as maild:
        arrive(maild, *(heap[position] for position in order))
        assert split_up(maild) == [["1", "4"], ["2", "3"]]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        pytest.param("发货", [["1"], ["2", "3"]], id="two-matters"),
        pytest.param("询价第二批", [["1", "2", "3"]], id="one-matter"),
    ],
)
def test_a_late_mail_merges_cases_of_one_matter_only(
    tmp_path: Path, subject: str, expected: list[list[str]]
) -> None:
    with Rig(tmp_path, overrides={SETTING: "split"}).running() as maild:
        arrive(maild, letter(1, "询价"), letter(2, subject), letter(3, f"Re: {subject}", 1, 2))
        assert split_up(maild) == expected
