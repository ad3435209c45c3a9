"""A scenario to be rehearsed: what people write and when, and what should come of it.

A time without a zone is one of the calendar of the first mailbox. Who does something is kept as it was
written: an address, `Name <address>`, or the name of a colleague in people.yaml.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from maild.model.calendar import Span

TimeOrSpan = datetime | Span


class DeadlineStanding(StrEnum):
    """How a deadline stands, with what its due time makes of it."""

    RUNNING = "running"  # there is time left
    LATE = "late"  # it ran out, and nobody has kept it
    PAUSED = "paused"
    MET = "met"  # kept in time
    MET_LATE = "met_late"  # kept after its time
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteMail:
    """Somebody writes a mail; `in_reply_to` is `last`, `first` or a Message-ID, empty for a new matter."""

    place: str  # file:line:column
    from_: str
    to: tuple[str, ...] = ()  # nobody: the first mailbox
    cc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    attach: tuple[str, ...] = ()
    in_reply_to: str = ""
    message_id: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    charset: str = "utf-8"
    genuine: bool = True  # what our own server found out about the sender
    kind: Literal["mail"] = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMail:
    """Somebody answers the newest mail that he got, or that `got_by` got."""

    place: str
    from_: str
    got_by: str = ""
    body: str = ""
    attach: tuple[str, ...] = ()
    charset: str = "utf-8"
    genuine: bool = True
    kind: Literal["reply"] = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCall:
    """Somebody telephones, and a colleague logs it; `case` is `last`, `first` or a case number."""

    place: str
    from_: str
    text: str
    case: str = "last"
    kind: Literal["call"] = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTime:
    """Time goes by: to an instant, or for a span (days end at the same clock time)."""

    place: str
    to: TimeOrSpan
    kind: Literal["time"] = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectMail:
    """Mail should have gone out, by when `by` says; `count` None: at least one; 0: none."""

    place: str
    to: str = ""
    template: str = ""
    subject_contains: str = ""
    text_contains: str = ""
    count: int | None = None
    by: TimeOrSpan | None = None
    kind: Literal["expect"] = "expect"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectDeadline:
    """How a deadline of a case should stand; what is None may be anything."""

    name: str
    standing: DeadlineStanding | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectCase:
    """How a case should stand; what is empty may be anything. `case` as in MakeCall."""

    place: str
    case: str = "last"
    case_kind: str = ""
    stage: str = ""
    owner: str = ""
    deadline: ExpectDeadline | None = None
    kind: Literal["expect_case"] = "expect_case"


Step = WriteMail | AnswerMail | MakeCall | PassTime | ExpectMail | ExpectCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A rehearsal. `people` is the text of a people.yaml that replaces the folder's; empty: none does."""

    file: str
    start: datetime
    steps: tuple[Step, ...]
    title: str = ""
    people: str = ""
    seed: int = 1
