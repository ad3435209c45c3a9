"""Events in words: each says what matters of it, and new ones say at least their name."""

from datetime import UTC, datetime

import pytest

from maild.model.case import Direction, JoinReason
from maild.model.delivery import RecipientState
from maild.model.events import (
    DeadlineDropped,
    DeadlineMet,
    Event,
    MailDecided,
    MailHeld,
    MailSettled,
    MergeUndone,
    MessageJoined,
    MomentsPassed,
)
from maild.rehearsal.words import in_words, why

AT = datetime(2026, 10, 8, 10, tzinfo=UTC)


def _joined(direction: Direction) -> MessageJoined:
    return MessageJoined(
        message_key="k",
        direction=direction,
        join=JoinReason.THREAD,
        reason="r",
        verified=True,
        automatic=False,
    )


def _settled(state: RecipientState) -> MailSettled:
    return MailSettled(effect_key="e", recipient="a@b.example", state=state, detail="550")


def _met(*, late: bool) -> DeadlineMet:
    return DeadlineMet(name="answer", run=1, met_at=AT, late=late, effect_key="", reason="r")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (_joined(Direction.INCOMING), "a message joins by thread"),
        (_joined(Direction.OUTGOING), ""),
        (MailDecided(effect_key="e", template="reply", recipients=("a@b.example",), reason="r"), ""),
        (_settled(RecipientState.SENT), ""),
        (_settled(RecipientState.REFUSED), "a@b.example: refused"),
        (MailHeld(effect_key="e", template="reply", error="no text"), "reply cannot be made: no text"),
        (MergeUndone(reason="r"), "merge undone"),
        (_met(late=False), "answer is kept"),
        (_met(late=True), "answer is kept, late"),
        (MomentsPassed(name="answer", run=1, moments=("due",), next_at=None, reason="r"), "answer: due"),
        (DeadlineDropped(name="answer", run=1, reason="r"), "answer: deadline dropped"),
    ],
)
def test_an_event_in_words(event: Event, words: str) -> None:
    assert in_words(event, lambda at: f"{at:%H:%M}") == words


def test_the_reason_where_there_is_one() -> None:
    assert why(MergeUndone(reason="by hand")) == "by hand"
    assert why(_settled(RecipientState.SENT)) == ""
