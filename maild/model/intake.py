"""What comes in from a mailbox, before anybody has read it (RFC 9051: UID, UIDVALIDITY, INTERNALDATE)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

Uid = NewType("Uid", int)


class FolderRole(StrEnum):
    """What a polled folder holds."""

    INBOX = "inbox"
    SENT = "sent"


class LedgerState(StrEnum):
    """How far one delivery has come."""

    NEW = "new"
    PROCESSED = "processed"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMessage:
    """One message as the server holds it; `received_at` is its INTERNALDATE, aware, UTC."""

    uid: Uid
    received_at: datetime
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderStatus:
    """What a server says when a folder is selected."""

    uidvalidity: int
    uidnext: int
    message_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where deliveries come from: a folder of a mailbox, or an import (`uidvalidity` 0)."""

    mailbox: str
    folder: str
    role: FolderRole
    uidvalidity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a folder has been read. `polled_at`: when the last complete poll of it ended."""

    uidvalidity: int
    last_uid: int
    polled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One delivery in the ledger: the same message may have several.

    `acts` is False for mail that is only archived and threaded: older than the mailbox's act_since,
    imported, or found again in a rescan.
    """

    id: str
    origin: Origin
    uid: int
    blob_sha256: str
    received_at: datetime
    acts: bool
    state: LedgerState = LedgerState.NEW
    attempts: int = 0
    error: str = ""
    message_key: str | None = None
