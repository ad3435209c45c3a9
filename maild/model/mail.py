"""What a message says, once read: addresses, texts, attachments, what sort of mail it is.

The fields follow RFC 5322 §3.6, RFC 3834 (automatic mail), RFC 3464 (delivery reports) and
RFC 8601 (authentication results). Reading never fails: what was wrong stands in `defects`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

MessageId = NewType("MessageId", str)
"""A Message-ID without its angle brackets (RFC 5322 §3.6.4)."""

Identity = NewType("Identity", str)
"""SHA-256, as 64 hex digits, over what makes a message itself whatever the route it came by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mailbox of RFC 5322 §3.4: a display name (may be empty) and an address."""

    name: str = ""
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the last @, case-folded; empty when there is none."""
        return self.address.rpartition("@")[2].casefold() if "@" in self.address else ""

    @property
    def key(self) -> str:
        """The address as it is compared: case-folded, since no host in practice tells case apart."""
        return self.address.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is not the text of the message."""

    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    inline: bool
    content: bytes = field(default=b"", repr=False, compare=False)


class AutomaticKind(StrEnum):
    """What sort of mail a machine sent, or `NONE` when a person did."""

    NONE = "none"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    READ_RECEIPT = "read_receipt"
    ABUSE_REPORT = "abuse_report"
    CALENDAR = "calendar"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """Whether a machine sent this, and what shows it."""

    kind: AutomaticKind = AutomaticKind.NONE
    reason: str = ""

    @property
    def is_automatic(self) -> bool:
        """True when a machine sent it: such mail is never answered automatically (RFC 3834 §2)."""
        return self.kind is not AutomaticKind.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientReport:
    """What one delivery report says of one recipient (RFC 3464 §2.3)."""

    recipient: str
    action: str = ""  # failed, delayed, delivered, relayed, expanded
    status: str = ""  # RFC 3463, such as 5.1.1
    reason: str = ""  # one word, such as userunknown
    diagnostic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationResult:
    """One method's verdict by one server (RFC 8601 §2.2)."""

    authserv_id: str
    method: str  # spf, dkim, dmarc ...
    result: str  # pass, fail, none ...
    domain: str = ""  # the domain that the verdict is about, when it is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it was read.

    `identity` is the same for copies that took different routes; `reported_id` is, in a bounce, the
    Message-ID of the message that it reports on. `attached_text` is what attached messages say, for the
    search. `headers` are in order, decoded and unfolded.
    """

    identity: Identity
    size_bytes: int
    message_id: MessageId | None = None
    date: datetime | None = None
    from_: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    base_subject: str = ""
    in_reply_to: tuple[MessageId, ...] = ()
    references: tuple[MessageId, ...] = ()
    text: str = ""
    html: str = ""
    new_text: str = ""
    quoted_text: str = ""
    language: str = ""  # zh, en, or empty where the text does not tell
    attachments: tuple[Attachment, ...] = ()
    attached_text: str = field(default="", repr=False)
    automatic: Automatic = Automatic()
    delivery_report: tuple[RecipientReport, ...] = ()
    reported_id: MessageId | None = None
    authentication: tuple[AuthenticationResult, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    defects: tuple[str, ...] = ()

    @property
    def author(self) -> Address | None:
        """Whom an answer is for: the first From, else Sender (RFC 5322 §3.6.2)."""
        return next(iter(self.from_ or self.sender), None)

    def header(self, name: str) -> str:
        """The first header of that name, any case; empty when there is none."""
        folded = name.casefold()
        return next((value for key, value in self.headers if key.casefold() == folded), "")
