"""Folding a journal gives the row."""

from datetime import timedelta

import pytest

from maild.core.evolve import evolve, fold
from maild.model.case import Direction, JoinReason
from maild.model.delivery import RecipientState
from maild.model.events import Event, MailDecided, MailHeld, MailSettled, MessageJoined, StageMoved
from tests.unit.core.builders import NOW, OPENED, a_case

JOINED = MessageJoined(
    message_key="k",
    direction=Direction.INCOMING,
    join=JoinReason.THREAD,
    reason="refers to it",
    verified=True,
    automatic=False,
    participants=("wang@customer.example",),
)
SENT = MailSettled(effect_key="k", recipient="li@x", state=RecipientState.SENT, detail="250 ok")
HELD = MailHeld(effect_key="k", template="acknowledgement", error="no such variable")


def test_every_event_moves_version_and_time() -> None:
    events: tuple[Event, ...] = (
        OPENED,
        JOINED,
        MailDecided(effect_key="k", template="acknowledgement", recipients=("li@x",), reason="r"),
        StageMoved(stage="closed", reason="r", closed=True),
        StageMoved(stage="open", reason="r"),
        HELD,
        SENT,
    )
    case = fold((event, NOW + timedelta(minutes=count)) for count, event in enumerate(events))
    assert case.version == len(events)
    assert (case.opened_at, case.updated_at) == (NOW, NOW + timedelta(minutes=len(events) - 1))


def test_a_message_counts_and_brings_its_people() -> None:
    case = evolve(a_case(), JOINED, NOW)
    assert case.message_count == 1
    assert case.participants == {"li@customer.example", "wang@customer.example"}


def test_a_closing_stage_closes_and_another_opens_again() -> None:
    closed = evolve(a_case(), StageMoved(stage="closed", reason="r", closed=True), NOW)
    assert (closed.stage, closed.closed_at) == ("closed", NOW)
    assert evolve(closed, StageMoved(stage="open", reason="r"), NOW).closed_at is None


def test_trouble_stays_until_a_mail_gets_out() -> None:
    held = evolve(a_case(), HELD, NOW)
    assert held.trouble == "acknowledgement is held: no such variable"
    assert evolve(held, SENT, NOW).trouble == ""


def test_a_journal_begins_with_opening_and_opens_once() -> None:
    with pytest.raises(ValueError, match="begins with case_opened, not message_joined"):
        fold([(JOINED, NOW)])
    with pytest.raises(ValueError, match="opened twice"):
        fold([(OPENED, NOW), (OPENED, NOW)])
    with pytest.raises(ValueError, match="empty journal"):
        fold([])
