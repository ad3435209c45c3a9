"""What the archive holds of a message, of its place in a case, and what search is told of it.

The bytes are a blob named by SHA-256; a message is its `identity` (the same for copies that took
different routes), known everywhere else by its `key`.
"""

from dataclasses import dataclass
from datetime import datetime

from maild.model.case import CaseId, Direction, JoinReason
from maild.model.mail import Address, AutomaticKind, Identity, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedMessage:
    """A message as the archive knows it; `mailbox` is its home, `date` what its Date header says."""

    key: str
    identity: Identity
    message_id: MessageId
    blob_sha256: str
    thread_id: str
    direction: Direction
    mailbox: str
    author: Address | None
    subject: str
    base_subject: str
    language: str
    automatic_kind: AutomaticKind
    has_attachments: bool
    date: datetime | None
    received_at: datetime
    size_bytes: int
    duplicate_id: bool = False
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMessage:
    """A message of a case, with how it came to be one."""

    message: ArchivedMessage
    case_id: CaseId
    direction: Direction
    join: JoinReason
    reason: str
    verified: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCounts:
    """How much there is."""

    messages: int
    blobs: int
    stored_bytes: int
    deliveries: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchText:
    """What can be searched of a message, as people read it: names and addresses, decoded texts."""

    subject: str = ""
    from_text: str = ""
    to_text: str = ""  # To and Cc
    filenames: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One message that a query found, and the case that it belongs to, if any."""

    message: ArchivedMessage
    case_id: CaseId | None
    case_number: str | None

    @property
    def message_key(self) -> str:
        """The key of the message."""
        return self.message.key


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """A message that no rule has decided: it opened no case, and a person is to look at it."""

    message: ArchivedMessage
    reason: str
    since_at: datetime
