"""What happened, as `decide` is told it. One fact concerns one case, or none yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maild.model.case import CaseId, Direction, JoinReason
from maild.model.delivery import RecipientState
from maild.model.mail import Address, Automatic, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """How a message came to a case, or why it came to none (`case_id` None)."""

    case_id: CaseId | None
    join: JoinReason | None
    reason: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """What the rules made of a message; `opens_case` is False for mail that is only archived."""

    opens_case: bool
    case_kind: str
    priority: str
    reason: str
    trace: tuple["RuleVerdict", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """One rule tried on one message: its tests in order, each with the value it saw."""

    rule: str
    place: str  # file:line
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
    kind: Literal["mail_arrived"] = "mail_arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettled:
    """A mail of ours got to a final standing at one recipient: by SMTP, by a bounce, or by proof."""

    effect_key: str
    recipient: str
    state: RecipientState
    detail: str
    kind: Literal["delivery_settled"] = "delivery_settled"


Fact = MailArrived | DeliverySettled
