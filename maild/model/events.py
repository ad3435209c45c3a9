"""What has happened to a case. Events are only ever added; folding them gives the row."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from maild.model.case import NO_TRAITS, CaseId, CaseTraits, Direction, JoinReason
from maild.model.delivery import RecipientState
from maild.model.happening import Happening
from maild.model.mail import Address
from maild.model.progress import PlannedStep


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """A case began."""

    case_id: CaseId
    serial: int
    number: str
    case_kind: str
    stage: str
    priority: str
    subject: str
    base_subject: str
    contact: Address
    mailbox: str
    language: str
    playbook: str
    config_hash: str
    calendar: str = ""
    traits: CaseTraits = NO_TRAITS
    kind: Literal["case_opened"] = "case_opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSettled:
    """Rules settled something on mail that joined: what is empty here stays as it was."""

    priority: str
    traits: CaseTraits
    reason: str
    kind: Literal["case_settled"] = "case_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageJoined:
    """A message became part of the case; `participants` are the address keys that it brought in."""

    message_key: str
    direction: Direction
    join: JoinReason
    reason: str
    verified: bool
    automatic: bool
    participants: tuple[str, ...] = ()
    kind: Literal["message_joined"] = "message_joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMoved:
    """The case went on to another stage."""

    stage: str
    reason: str
    closed: bool = False
    kind: Literal["stage_moved"] = "stage_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDecided:
    """A mail is to be sent from a template, once by its effect key."""

    effect_key: str
    template: str
    recipients: tuple[str, ...]
    reason: str
    answered_at: datetime | None = None  # when the colleague's answer reached us that it carries
    kind: Literal["mail_decided"] = "mail_decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettled:
    """What became of a mail at one of its recipients, by the server or by a later bounce."""

    effect_key: str
    recipient: str
    state: RecipientState
    detail: str
    kind: Literal["mail_settled"] = "mail_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHeld:
    """A mail could not be made; it waits for a person, and the case says so."""

    effect_key: str
    template: str
    error: str
    kind: Literal["mail_held"] = "mail_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesLeft:
    """Messages went to another case. `whole`: the case itself did, and its number leads there now."""

    message_keys: tuple[str, ...]
    to_case: CaseId
    to_number: str
    whole: bool
    reason: str
    kind: Literal["messages_left"] = "messages_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesCame:
    """Messages came from another case, with the people on the outside who had a part in them."""

    message_keys: tuple[str, ...]
    from_case: CaseId
    from_number: str
    participants: tuple[str, ...]
    whole: bool
    reason: str
    kind: Literal["messages_came"] = "messages_came"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeUndone:
    """The case stands for itself again; its messages come back by MessagesCame."""

    reason: str
    kind: Literal["merge_undone"] = "merge_undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something came that a deadline waits for, at the instant that counts for it."""

    happening: Happening
    happened_at: datetime
    effect_key: str = ""  # of the mail by which it came, if by one
    kind: Literal["happened"] = "happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineStarted:
    """A promise was given; `next_at` is when it is first to be looked at."""

    name: str
    run: int
    started_at: datetime
    due_at: datetime
    next_at: datetime | None
    reason: str
    is_promise: bool = True
    kind: Literal["deadline_started"] = "deadline_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMet:
    """A promise was kept, at the instant that counts; `effect_key` names the mail that kept it, if any."""

    name: str
    run: int
    met_at: datetime
    late: bool
    effect_key: str
    reason: str
    kind: Literal["deadline_met"] = "deadline_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineUnmet:
    """The mail that kept a promise came back: the promise stands again."""

    name: str
    run: int
    next_at: datetime | None
    reason: str
    kind: Literal["deadline_unmet"] = "deadline_unmet"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePaused:
    """The clock of a promise stands still."""

    name: str
    run: int
    paused_at: datetime
    reason: str
    kind: Literal["deadline_paused"] = "deadline_paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineResumed:
    """The clock goes on."""

    name: str
    run: int
    due_at: datetime
    next_at: datetime | None
    reason: str
    kind: Literal["deadline_resumed"] = "deadline_resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineDropped:
    """Nobody waits for it any more."""

    name: str
    run: int
    reason: str
    kind: Literal["deadline_dropped"] = "deadline_dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentsPassed:
    """Moments of a promise came (a reminder, its due time, an escalation) and are not to come again."""

    name: str
    run: int
    moments: tuple[str, ...]
    next_at: datetime | None
    reason: str
    kind: Literal["moments_passed"] = "moments_passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSent:
    """An update went out with this line, or, when it is empty, without one."""

    name: str
    line: str
    kind: Literal["update_sent"] = "update_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGiven:
    """What a colleague wants said in the next update."""

    name: str
    line: str
    by: str
    kind: Literal["line_given"] = "line_given"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFixed:
    """The plan as a colleague fixed it."""

    steps: tuple[PlannedStep, ...]
    by: str
    kind: Literal["plan_fixed"] = "plan_fixed"


class CallOutcome(StrEnum):
    """What became of a telephone call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WAIVED = "waived"  # the contact has no number, or wants no call


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLogged:
    """A telephone call, written down by a colleague."""

    text: str
    outcome: CallOutcome
    took_place_at: datetime
    by: str
    kind: Literal["call_logged"] = "call_logged"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded:
    """What a colleague wrote for the house alone."""

    text: str
    by: str
    kind: Literal["note_added"] = "note_added"


class CorrectedField(StrEnum):
    """What a person may set right."""

    KIND = "kind"
    PRIORITY = "priority"
    OWNER = "owner"
    DEPARTMENT = "department"
    PARTY_KIND = (
        "party_kind"  # of the contact: the lists are the admin's, so that the case itself stays as it is
    )
    PLAYBOOK = "playbook"  # follows the kind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCorrected:
    """A person set the case right; rules can learn from it."""

    field: CorrectedField
    old: str
    new: str
    by: str
    kind: Literal["case_corrected"] = "case_corrected"


DeadlineChange = (
    DeadlineStarted
    | DeadlineMet
    | DeadlineUnmet
    | DeadlinePaused
    | DeadlineResumed
    | DeadlineDropped
    | MomentsPassed
)
"""What can happen to a deadline of a case."""

CaseChange = (
    MessageJoined
    | CaseCorrected
    | CaseSettled
    | StageMoved
    | MailDecided
    | MailSettled
    | MailHeld
    | MessagesLeft
    | MessagesCame
    | MergeUndone
)
"""What can happen to the case itself."""

Record = UpdateSent | LineGiven | PlanFixed | CallLogged | NoteAdded
"""What colleagues and updates leave on a case."""

Change = CaseChange | Happened | DeadlineChange | Record
"""What can happen to a case once it is open."""

Event = CaseOpened | Change


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One event in the journal; `hash` covers `previous_hash`, so that nothing can be changed unseen."""

    case_id: CaseId
    sequence: int
    at: datetime
    event: Event
    payload_hash: str
    previous_hash: str
    hash: str
