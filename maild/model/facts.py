"""What happened, as `decide` is told it. One fact concerns one case, or none yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maild.model.case import NO_TRAITS, CaseId, CaseTraits, Direction, JoinReason
from maild.model.commands import Instructions
from maild.model.delivery import RecipientState
from maild.model.mail import Address, Automatic, MessageId
from maild.model.people import Assign, PartyKind, ReusedMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """An old mail reused for a new matter: the case that it belongs to, and what the mailbox makes of it."""

    case_number: str
    handling: ReusedMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """How a message came to a case, or why it came to none (`case_id` None)."""

    case_id: CaseId | None
    join: JoinReason | None
    reason: str
    verified: bool
    reuse: Reuse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """What the rules made of a message; `opens_case` is False for mail that is only archived."""

    opens_case: bool
    case_kind: str
    priority: str
    reason: str
    trace: tuple["RuleVerdict", ...] = ()
    traits: CaseTraits = NO_TRAITS
    assign: Assign | None = None  # whose case it is to be; the choice is made as the case opens
    template: str | None = None  # sent instead of what the playbook sends
    review: bool = False  # nothing decided: a person is to look at it
    spam: bool = False
    on_case: bool = False  # the rules were asked about mail that joins a case; `priority` may be empty


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """One rule tried on one message: its tests in order, each with the value it saw."""

    rule: str
    place: str  # file:line:column
    matched: bool
    stopped: bool
    tests: tuple["TestVerdict", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TestVerdict:
    """One test of one rule."""

    __test__ = False  # pytest: this is not a test class

    field: str
    test: str
    expected: str
    value: str
    passed: bool
    captured: tuple[tuple[str, str], ...] = ()  # case fields, from the groups of a pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueAnswer:
    """What a colleague wrote back to a mail that maild sent him about the case.

    `doubt` says why it cannot be taken for his; empty when it is.
    """

    by: str  # address key
    instructions: Instructions
    to_template: str = ""  # that of the mail which he answers
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailArrived:
    """A message reached one of our mailboxes, or was seen in a Sent folder (direction outgoing)."""

    message_key: str
    message_id: MessageId | None
    references: tuple[MessageId, ...]
    direction: Direction
    author: Address | None
    reply_address: Address | None  # Reply-To, else From
    recipients: tuple[Address, ...]
    subject: str
    base_subject: str
    language: str
    automatic: Automatic
    mailbox: str
    received_at: datetime
    joining: Joining
    routing: Routing
    duplicate_id: bool  # another message had this Message-ID before: kept, but without effects
    only_thanks: bool = False  # there is no more in it than thanks
    answer: ColleagueAnswer | None = None
    kind: Literal["mail_arrived"] = "mail_arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettled:
    """A mail of ours got to a final standing at one recipient: by SMTP, by a bounce, or by proof."""

    effect_key: str
    recipient: str
    state: RecipientState
    detail: str
    template: str = ""
    kind: Literal["delivery_settled"] = "delivery_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesTaken:
    """Messages are taken out of this case and brought to another; `whole`: the case merges into it."""

    message_keys: tuple[str, ...]
    to_case: CaseId
    to_number: str
    whole: bool
    reason: str
    kind: Literal["messages_taken"] = "messages_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesBrought:
    """Messages are brought to this case from another, with the outsiders who had a part in them.

    `undoes_merge`: this case had merged into that one, and stands for itself again.
    """

    message_keys: tuple[str, ...]
    from_case: CaseId
    from_number: str
    participants: tuple[str, ...]
    whole: bool
    undoes_merge: bool
    reason: str
    confidential: bool = False  # they bring the secret of the case that they come from
    kind: Literal["messages_brought"] = "messages_brought"


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitAsked:
    """Messages of another case become a case of their own: what it opens with is theirs."""

    subject: str
    base_subject: str
    contact: Address
    language: str
    case_kind: str
    priority: str
    reason: str
    confidential: bool = False  # the case that they come from is
    kind: Literal["split_asked"] = "split_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAsked:
    """A person sets a case right; None leaves it as it is.

    `party_kind_before` is what its contact is to us by the last word of a person, else by the lists.
    """

    by: str
    case_kind: str | None = None
    priority: str | None = None
    owner: str | None = None  # the address of a colleague, case-folded
    department: str | None = None
    party_kind: PartyKind | None = None
    party_kind_before: PartyKind = PartyKind.UNKNOWN
    kind: Literal["correction_asked"] = "correction_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructed:
    """A colleague said on the command line, or in the console, what is to be done."""

    by: str
    instructions: Instructions
    said_at: datetime
    key: str  # that of the act, unique
    kind: Literal["instructed"] = "instructed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCame:
    """It may be time for something that the case promised: what is due is decided anew."""

    kind: Literal["time_came"] = "time_came"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningAsked:
    """A person opens a case with mail that waited: it is routed by the rules in force, but for its kind."""

    arrived: MailArrived
    case_kind: str
    by: str
    kind: Literal["opening_asked"] = "opening_asked"


Fact = (
    TimeCame
    | Instructed
    | MailArrived
    | DeliverySettled
    | MessagesTaken
    | MessagesBrought
    | SplitAsked
    | CorrectionAsked
    | OpeningAsked
)
