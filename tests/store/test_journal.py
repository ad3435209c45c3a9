"""The journal: what was written can be read, and nothing can be changed unseen."""

from functools import partial

import pytest
from sqlalchemy import delete, update

from maild.errors import StoreBusy
from maild.model.case import CaseId, Direction, JoinReason
from maild.model.delivery import RecipientState
from maild.model.events import Event, MailDecided, MailHeld, MailSettled, MessageJoined, StageMoved
from maild.store import cases, journal
from maild.store.engine import Store
from maild.store.tables import case_event, case_row
from tests.store.samples import NOW, case, move, opened, put_case

CASE = CaseId("case-1")
EVENTS: tuple[Event, ...] = (
    opened(case()),
    MessageJoined(
        message_key="m1",
        direction=Direction.INCOMING,
        join=JoinReason.OPENED,
        reason="opened it",
        verified=True,
        automatic=False,
        participants=("anna@example.com",),
    ),
    StageMoved(stage="已解决 \x00 \ud83d", reason='"quoted" \\ line\nline', closed=True),
    MailDecided(effect_key="k", template="t", recipients=("a@x", "b@x"), reason="r"),
    MailSettled(effect_key="k", recipient="a@x", state=RecipientState.IN_DOUBT, detail=""),
    MailHeld(effect_key="k", template="t", error="no such variable"),
)


def filled(store: Store) -> None:
    full = case(version=len(EVENTS))
    store.write(lambda conn: cases.save(conn, None, full, EVENTS, at=NOW))


def test_every_event_reads_as_it_was_written(store: Store) -> None:
    filled(store)
    entries = store.read(lambda conn: cases.journal(conn, CASE))
    expected = list(EVENTS)
    expected[2] = StageMoved(stage="已解决 \x00 \ufffd", reason='"quoted" \\ line\nline', closed=True)
    assert [entry.event for entry in entries] == expected
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert {entry.at for entry in entries} == {NOW}
    assert [entry.previous_hash for entry in entries][1:] == [entry.hash for entry in entries][:-1]


def test_a_journal_that_grew_over_transactions_is_whole(store: Store) -> None:
    first = store.write(put_case)
    store.write(lambda conn: move(conn, move(conn, first, "b"), "c"))
    assert store.read(lambda conn: cases.verify_journal(conn, CASE)) is None
    assert store.read(lambda conn: cases.verify_journal(conn, CaseId("no-such"))) is None


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(each.name, id=each.name)
        for each in case_event.c
        if each.name not in {"case_id", "sequence"}
    ],
)
def test_a_changed_entry_is_found(store: Store, column: str) -> None:
    filled(store)
    other = {"at": NOW.replace(microsecond=123457)}.get(column, "{}")
    change = update(case_event).where(case_event.c.sequence == 3).values({column: other})
    store.write(lambda conn: conn.execute(change))
    assert store.read(lambda conn: cases.verify_journal(conn, CASE)) == 3


@pytest.mark.parametrize("missing", [1, 3, 6])
def test_a_missing_entry_is_found_the_last_too(store: Store, missing: int) -> None:
    filled(store)
    store.write(lambda conn: conn.execute(delete(case_event).where(case_event.c.sequence == missing)))
    assert store.read(lambda conn: cases.verify_journal(conn, CASE)) == missing


def test_entries_beyond_the_case_are_found(store: Store) -> None:
    filled(store)
    store.write(lambda conn: conn.execute(update(case_row).values(version=5)))
    assert store.read(lambda conn: cases.verify_journal(conn, CASE)) == 6


def test_an_entry_moved_to_another_place_with_its_hashes_is_found(store: Store) -> None:
    filled(store)
    swap = partial(update(case_event).where, case_event.c.sequence == 6)
    store.write(lambda conn: conn.execute(delete(case_event).where(case_event.c.sequence == 5)))
    store.write(lambda conn: conn.execute(swap().values(sequence=5)))
    assert store.read(lambda conn: cases.verify_journal(conn, CASE)) == 5


def test_nothing_is_added_after_a_hole(store: Store) -> None:
    first = store.write(put_case)
    store.write(lambda conn: conn.execute(delete(case_event)))
    with pytest.raises(StoreBusy, match="does not reach version 1"):
        store.write(lambda conn: move(conn, first, "b"))


def test_no_events_is_no_entry(store: Store) -> None:
    store.write(put_case)
    store.write(lambda conn: journal.append(conn, CASE, 1, (), at=NOW))
    assert len(store.read(lambda conn: cases.journal(conn, CASE))) == 1
