"""The Sent folder, old mail, and what becomes of a message on the server once it is archived."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from maild.app.queries import list_cases, show_case
from maild.model.case import Direction
from maild.model.people import SHELL
from tests.integration.intake.conftest import BATCH, Intake, Opening, acting, letter, watched
from tests.servers.program import wait_until

FLAG = {"action": "flag", "flag": "$Archived"}
MOVE = {"action": "move", "folder": "Done"}


class Crash(BaseException):
    """The process is gone: nothing in maild may catch this."""


def flags(intake: Intake) -> list[set[bytes]]:
    with intake.installation.dovecot.client(intake.addresses()[0]) as client:
        client.select_folder("INBOX", readonly=True)
        rows = client.get_flags(client.search())
        return [set(rows[uid]) - {b"\\Recent"} for uid in sorted(rows)]


def count_in(intake: Intake, folder: str) -> int:
    with intake.installation.dovecot.client(intake.addresses()[0]) as client:
        return (
            int(client.select_folder(folder, readonly=True)[b"EXISTS"]) if client.folder_exists(folder) else 0
        )


def crash() -> None:
    raise Crash


def test_a_mailbox_just_added_archives_its_old_mail_and_answers_none(opened: Opening) -> None:
    intake = opened(acting(keys={"act_since": "2026-01-01T00:00:00Z"}))
    for number in range(2000):
        intake.deliver(letter(number), received_at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=number))
    intake.deliver(letter(2000))
    assert intake.poll() == 2001
    intake.process()
    counts = intake.counts()
    assert (counts.deliveries, counts.messages, counts.cases) == (2001, 2002, 1)
    assert [one.recipients[0].address for one in intake.answers()] == ["customer2000@customer2000.example"]


def test_a_mail_sent_by_hand_is_found_in_the_sent_folder_and_joins_its_case(opened: Opening) -> None:
    intake = opened()
    intake.deliver(letter(1))
    intake.poll()
    intake.process()
    (answer,) = intake.answers()
    by_hand = letter(
        2,
        to="customer1@customer1.example",
        From=intake.addresses()[0],
        Subject="Re: Inquiry 1",
        References="<m1@customer1.example>",
    )
    intake.installation.dovecot.append(intake.addresses()[0], "Sent", by_hand)
    assert intake.poll() == 1
    intake.process()
    (case,) = list_cases(intake.context, SHELL, kind=None, stage=None, limit=10)
    messages = show_case(intake.context, SHELL, case.number).messages
    assert [one.direction for one in messages] == [Direction.INCOMING, Direction.OUTGOING, Direction.OUTGOING]
    assert intake.answers() == (answer,)


@pytest.mark.parametrize(
    ("after", "flags_left"),
    [
        pytest.param({"action": "leave"}, [set()] * 3, id="leave"),
        pytest.param(FLAG, [{b"$Archived"}] * 3, id="flag"),
        pytest.param(MOVE, [], id="move"),
    ],
)
def test_what_becomes_of_a_message_on_the_server(
    opened: Opening, after: dict[str, object], flags_left: list[set[bytes]]
) -> None:
    intake = opened(acting(after=after))
    for number in range(3):
        intake.deliver(letter(number))
    assert (intake.poll(), intake.poll()) == (3, 0)
    assert flags(intake) == flags_left
    assert count_in(intake, "Done") == 3 - len(flags_left)
    found = intake.verify()[-1]
    assert (found.complete, found.gone_from_server) == (True, 3 - len(flags_left))


@pytest.mark.parametrize(
    ("after", "settled"),
    [
        pytest.param(FLAG, lambda intake: flags(intake) == [{b"$Archived"}] * 25, id="flag"),
        pytest.param(MOVE, lambda intake: count_in(intake, "Done") == 25, id="move"),
    ],
)
def test_a_crash_between_commit_and_flag_is_made_up_for(
    opened: Opening, after: dict[str, object], settled: Callable[[Intake], bool]
) -> None:
    intake = opened(acting(after=after))
    for number in range(25):
        intake.deliver(letter(number))
    with pytest.raises(Crash):
        intake.poll(on_commit=crash)
    assert intake.counts().deliveries == BATCH
    assert not any(flags(intake))
    with watched(intake):
        wait_until(lambda: settled(intake), "every message flagged or moved")
    assert intake.counts().deliveries == 25
