"""What happened to a case, in words that need no knowledge of the journal."""

from collections.abc import Callable
from datetime import datetime

from maild.model.case import Direction
from maild.model.delivery import RecipientState
from maild.model.events import (
    CaseOpened,
    DeadlineChange,
    DeadlineMet,
    DeadlineResumed,
    DeadlineStarted,
    Event,
    Happened,
    MailDecided,
    MailHeld,
    MailSettled,
    MessageJoined,
    MomentsPassed,
    StageMoved,
)

Local = Callable[[datetime], str]
"""An instant as the story tells it."""


def in_words(event: Event, local: Local) -> str:
    """The event without its reason; empty for what another line tells."""
    return _of_deadline(event, local) if isinstance(event, DeadlineChange) else _of_case(event)


def why(event: Event) -> str:
    """The reason of an event; empty where it has none."""
    return str(getattr(event, "reason", ""))


def _of_case(event: Event) -> str:
    words = event.kind.replace("_", " ")
    match event:
        case CaseOpened():
            words = f"opens, {event.case_kind}, priority {event.priority}"
        case MessageJoined():
            words = f"a message joins by {event.join}" if event.direction is Direction.INCOMING else ""
        case MailDecided():
            words = ""
        case MailSettled():
            words = "" if event.state is RecipientState.SENT else f"{event.recipient}: {event.state}"
        case MailHeld():
            words = f"{event.template} cannot be made: {event.error}"
        case StageMoved():
            words = f"moves to {event.stage}"
        case Happened():
            words = str(event.happening)
        case _:
            pass
    return words


def _of_deadline(event: DeadlineChange, local: Local) -> str:
    match event:
        case DeadlineStarted() | DeadlineResumed():
            return f"{event.name} is due {local(event.due_at)}"
        case DeadlineMet():
            return f"{event.name} is kept{', late' if event.late else ''}"
        case MomentsPassed():
            return f"{event.name}: {', '.join(event.moments)}"
        case _:
            return f"{event.name}: {event.kind.replace('_', ' ')}"
