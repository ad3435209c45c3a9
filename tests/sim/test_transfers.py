"""Cases merged, split and moved, by people and by late parents, and all of it undone."""

from collections.abc import Callable
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest

from maild.app import transfer
from maild.app.queries import search_messages, show_case
from maild.core.evolve import fold
from maild.errors import NotFound, UsageError
from maild.model.mail import MessageId
from maild.model.people import SHELL
from maild.store import cases
from tests.sim.rig import Rig, Running, a_mail, header_of

FIRST, SECOND, THIRD = (MessageId(f"m{number}@customer.example") for number in (1, 2, 3))


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    """On SQLite and on PostgreSQL alike."""
    return Rig(tmp_path, overrides={"database_url": url})


def arrive(maild: Running, *raws: bytes) -> None:
    for raw in raws:
        maild.rig.imap.deliver(raw, maild.rig.clock.now())
    maild.work()


def letter(number: int, subject: str, sender: str = "李雷 <li@customer.example>", **headers: str) -> bytes:
    return a_mail(sender, subject, Message_ID=f"<m{number}@customer.example>", **headers)


def messages_of(maild: Running, number: str) -> list[str]:
    """The ids of the customers' messages in a case, sorted."""
    view = show_case(maild.context, SHELL, number)
    return sorted(str(one.message.message_id) for one in view.messages if one.message.direction == "incoming")


def check_journals(maild: Running) -> None:
    """Every journal is whole and folds into its row, also of cases that merged."""
    for serial in range(1, 10):
        case = maild.context.store.read(partial(cases.of_number, number=f"C-2026-{serial:05}"))
        if case is not None:
            journal = maild.context.store.read(partial(cases.journal, case_id=case.id))
            assert fold((entry.event, entry.at) for entry in journal) == case
            assert maild.context.store.read(partial(cases.verify_journal, case_id=case.id)) is None


def test_a_merge_and_its_undoing(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"), letter(2, "投诉", "han@customer.example"))
        after = transfer.merge(maild.context, "C-2026-00002", "C-2026-00001", "同一件事")
        assert (after.number, after.message_count) == ("C-2026-00001", 4)
        assert messages_of(maild, "c-2026-00002") == [FIRST, SECOND]
        assert [case.number for case in maild.cases()] == ["C-2026-00001"]
        assert len(show_case(maild.context, SHELL, "C-2026-00001").mails) == 2
        assert len(search_messages(maild.context, SHELL, "case:C-2026-00002", limit=10)) == 4
        check_journals(maild)
        with pytest.raises(UsageError, match="are one case already"):
            transfer.merge(maild.context, "C-2026-00002", "C-2026-00001", "noch einmal")
        restored = transfer.undo(maild.context, "C-2026-00002")
        assert (restored.number, restored.message_count, restored.merged_into) == ("C-2026-00002", 2, None)
        assert messages_of(maild, "C-2026-00001") == [FIRST]
        assert messages_of(maild, "C-2026-00002") == [SECOND]
        assert len(show_case(maild.context, SHELL, "C-2026-00002").mails) == 1
        check_journals(maild)
        with pytest.raises(NotFound, match="can come back"):
            transfer.undo(maild.context, "C-2026-00002")


def test_an_answer_to_a_merged_case_goes_where_it_went(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"), letter(2, "投诉"))
        ours = header_of(rig.smtp.taken[1].raw, "Message-ID")
        transfer.merge(maild.context, "C-2026-00002", "C-2026-00001", "同一件事")
        arrive(maild, letter(3, "回复: 投诉", In_Reply_To=ours))
        arrive(maild, letter(4, "[C-2026-00002] 还有一点"))
        assert len(messages_of(maild, "C-2026-00001")) == 4


def test_a_split_goes_on_apart(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"))
        arrive(maild, letter(2, "Re: 询价", References=f"<{FIRST}>"))
        after = transfer.split(maild.context, [SECOND], "另一件事")
        assert (after.number, after.message_count, after.subject) == ("C-2026-00002", 1, "Re: 询价")
        arrive(maild, letter(3, "Re: 询价", References=f"<{FIRST}> <{SECOND}>"))
        assert messages_of(maild, "C-2026-00001") == [FIRST]
        assert messages_of(maild, "C-2026-00002") == [SECOND, THIRD]
        assert len(rig.smtp.taken) == 1
        check_journals(maild)
        transfer.undo(maild.context, "C-2026-00001")
        assert messages_of(maild, "C-2026-00001") == [FIRST, SECOND]
        assert messages_of(maild, "C-2026-00002") == [THIRD]


def test_a_move_and_its_undoing(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"), letter(2, "投诉"))
        arrive(maild, letter(3, "[C-2026-00001] 其实是投诉"))
        assert transfer.move(maild.context, [THIRD], "C-2026-00002", "归错了").message_count == 3
        assert messages_of(maild, "C-2026-00002") == [SECOND, THIRD]
        transfer.undo(maild.context, "C-2026-00001")
        assert messages_of(maild, "C-2026-00001") == [FIRST, THIRD]
        check_journals(maild)


@pytest.mark.parametrize(
    ("act", "error", "told"),
    [
        pytest.param(
            lambda context: transfer.move(context, [FIRST], "C-2026-00001", ""),
            UsageError,
            "part of C-2026-00001 already",
            id="move-to-itself",
        ),
        pytest.param(
            lambda context: transfer.move(context, [FIRST, SECOND], "C-2026-00001", ""),
            UsageError,
            "stand in several cases",
            id="of-two-cases",
        ),
        pytest.param(
            lambda context: transfer.move(context, [MessageId("x@y")], "C-2026-00001", ""),
            NotFound,
            "no message <x@y> is in a case",
            id="no-message",
        ),
        pytest.param(
            lambda context: transfer.merge(context, "C-2026-00009", "C-2026-00001", ""),
            NotFound,
            "there is no case C-2026-00009",
            id="no-case",
        ),
        pytest.param(
            lambda context: transfer.undo(context, "C-2026-00009"),
            NotFound,
            "there is no case C-2026-00009",
            id="undo-no-case",
        ),
        pytest.param(
            lambda context: transfer.undo(context, "C-2026-00001"),
            NotFound,
            "nothing was ever taken out of C-2026-00001",
            id="undo-nothing",
        ),
    ],
)
def test_what_cannot_be_done(
    rig: Rig, act: Callable[[object], object], error: type[Exception], told: str
) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"), letter(2, "投诉"))
        with pytest.raises(error, match=told):
            act(maild.context)


def test_a_split_leaves_one_message_at_least(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "询价"))
        view = show_case(maild.context, SHELL, "C-2026-00001")
        with pytest.raises(UsageError, match="one at least has to stay"):
            transfer.split(maild.context, [one.message.message_id for one in view.messages], "")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_late_parent_merges_cases_in_every_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    parent = letter(1, "项目")
    children = [letter(number, f"项目{number}", References=f"<{FIRST}>") for number in (2, 3)]
    ghosts = [letter(2, "甲"), letter(3, "乙"), letter(1, "丙", References=f"<{SECOND}> <{THIRD}>")]
    for heap in ([parent, *children], ghosts):
        with Rig(tmp_path / f"{len(heap[0])}").running() as maild:
            for position in order:
                arrive(maild, heap[position])
            assert [messages_of(maild, case.number) for case in maild.cases()] == [[FIRST, SECOND, THIRD]]
            check_journals(maild)


def test_nobody_brings_the_cases_of_strangers_together(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, letter(1, "甲", "a@one.example"), letter(2, "乙", "b@two.example"))
        both = f"<{FIRST}> <{SECOND}>"
        arrive(maild, letter(3, "恶意", "a@one.example", References=both))
        arrive(maild, letter(4, "好心的同事", "wang@example.com", References=both))
        assert len(maild.cases()) == 2
        assert messages_of(maild, "C-2026-00001") != messages_of(maild, "C-2026-00002")
