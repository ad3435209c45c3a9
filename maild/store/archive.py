"""Raw bytes by SHA-256, and the messages that they are.

The same bytes are stored once however often they arrive; the same message (`identity`) has one row,
whatever the number of its deliveries.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    bindparam,
    exists,
    func,
    insert,
    not_,
    select,
    true,
)

from maild.errors import NotFound
from maild.model.archive import ArchiveCounts, ArchivedMessage
from maild.model.mail import Address, Identity, MessageId
from maild.model.people import SHELL, Viewer
from maild.store import codec
from maild.store.tables import blob as blob_table
from maild.store.tables import case_row, ledger, message
from maild.store.visibility import sees_case, sees_message

_LOOKUP_MAX = 500  # digests asked for in one statement

_ADD_BLOB = insert(blob_table)
_KNOWN = select(blob_table.c.sha256).where(blob_table.c.sha256.in_(bindparam("digests", expanding=True)))
_CONTENTS = select(blob_table.c.sha256, blob_table.c.content).where(
    blob_table.c.sha256.in_(bindparam("digests", expanding=True))
)
_ADD = insert(message)
_BY_KEY = select(message).where(message.c.key == bindparam("of_key"))
_BY_IDENTITY = select(message).where(message.c.identity == bindparam("of_identity"))
_BY_MESSAGE_ID = (
    select(message)
    .where(message.c.message_id == bindparam("of_id", type_=message.c.message_id.type))
    .order_by(message.c.key)
)
_ALIKE = (
    select(message)
    .where(
        (message.c.identity == bindparam("of_identity"))
        | (message.c.message_id == bindparam("of_id", type_=message.c.message_id.type))
    )
    .order_by(message.c.key)
)
_IN_THREAD = (
    select(message)
    .where(message.c.thread_id == bindparam("of_thread"))
    .order_by(message.c.received_at, message.c.key)
)


def put_blob(conn: Connection, raw: bytes, now: datetime) -> str:
    """The SHA-256 of the bytes, 64 hex digits; they are kept, compressed, unless they were already."""
    return put_blobs(conn, [raw], now)[0]


def put_blobs(conn: Connection, raws: Iterable[bytes], now: datetime) -> list[str]:
    """The SHA-256 of each, in order, all kept; one statement for all that are new."""
    named = [(hashlib.sha256(raw).hexdigest(), raw) for raw in raws]
    wanted = dict(named)
    known = _known(conn, list(wanted))
    rows = [_blob_row(name, raw, now) for name, raw in wanted.items() if name not in known]
    if rows:
        conn.execute(_ADD_BLOB, rows)
    return [name for name, _ in named]


def blob(conn: Connection, sha256: str) -> bytes:
    """The bytes of that name. Raises: NotFound."""
    return blobs(conn, [sha256])[sha256]


def blobs(conn: Connection, digests: Sequence[str]) -> dict[str, bytes]:
    """The bytes of each name. Raises: NotFound when one of them is missing."""
    found: dict[str, bytes] = {}
    for start in range(0, len(digests), _LOOKUP_MAX):
        rows = conn.execute(_CONTENTS, {"digests": digests[start : start + _LOOKUP_MAX]})
        found.update({row.sha256: codec.decompress(row.content) for row in rows})
    if missing := [one for one in digests if one not in found]:
        raise NotFound(f"no bytes with SHA-256 {missing[0]}")
    return found


def add(conn: Connection, archived: ArchivedMessage) -> None:
    """Keep a message whose identity is new; its blob must be there."""
    author = archived.author
    row = {
        "key": archived.key,
        "identity": archived.identity,
        "message_id": archived.message_id,
        "blob_sha256": archived.blob_sha256,
        "thread_id": archived.thread_id,
        "direction": archived.direction,
        "mailbox": archived.mailbox,
        "author_name": author.name if author else None,
        "author_address": author.address if author else None,
        "subject": archived.subject,
        "base_subject": archived.base_subject,
        "language": archived.language,
        "automatic_kind": archived.automatic_kind,
        "has_attachments": archived.has_attachments,
        "date": archived.date,
        "received_at": archived.received_at,
        "size_bytes": archived.size_bytes,
        "duplicate_id": archived.duplicate_id,
        "defects": "\n".join(archived.defects),
    }
    conn.execute(_ADD, row)


def find(conn: Connection, key: str) -> ArchivedMessage | None:
    """The message of that key."""
    row = conn.execute(_BY_KEY, {"of_key": key}).first()
    return None if row is None else archived_of(row)


def get(conn: Connection, key: str) -> ArchivedMessage:
    """The message of that key. Raises: NotFound."""
    found = find(conn, key)
    if found is None:
        raise NotFound(f"no message {key}")
    return found


def find_by_identity(conn: Connection, identity: Identity) -> ArchivedMessage | None:
    """The message that is the same, by whatever route it came."""
    row = conn.execute(_BY_IDENTITY, {"of_identity": identity}).first()
    return None if row is None else archived_of(row)


def find_by_message_id(conn: Connection, message_id: MessageId) -> tuple[ArchivedMessage, ...]:
    """Every message with that Message-ID, first come first; more than one differ in their body."""
    return tuple(map(archived_of, conn.execute(_BY_MESSAGE_ID, {"of_id": message_id})))


def alike(conn: Connection, identity: Identity, message_id: MessageId) -> tuple[ArchivedMessage, ...]:
    """Every message that is the same or has the same Message-ID, first come first."""
    return tuple(map(archived_of, conn.execute(_ALIKE, {"of_identity": identity, "of_id": message_id})))


def in_thread(conn: Connection, thread_id: str) -> tuple[ArchivedMessage, ...]:
    """The messages of a thread, in the order in which they were received."""
    return tuple(map(archived_of, conn.execute(_IN_THREAD, {"of_thread": thread_id})))


def counts(conn: Connection, viewer: Viewer = SHELL) -> ArchiveCounts:
    """How much the archive holds; of a viewer."""
    of_message = message.c.blob_sha256 == blob_table.c.sha256
    hidden = exists().where(of_message, not_(sees_message(viewer)))
    seen_blobs = true() if viewer.sees_confidential else not_(hidden)
    stored = select(func.count(), func.coalesce(func.sum(blob_table.c.stored_bytes), 0))
    blobs, stored_bytes = conn.execute(stored.select_from(blob_table).where(seen_blobs)).one()
    return ArchiveCounts(
        messages=_count(conn, message, sees_message(viewer)),
        blobs=blobs,
        stored_bytes=int(stored_bytes),
        deliveries=_count(conn, ledger, sees_message(viewer, ledger.c.message_key)),
        cases=_count(conn, case_row, sees_case(viewer)),
    )


def archived_of(row: Row[Any]) -> ArchivedMessage:
    """The message in a row that has every column of the message table."""
    author = None
    if row.author_address is not None:
        author = Address(name=row.author_name or "", address=row.author_address)
    return ArchivedMessage(
        key=row.key,
        identity=Identity(row.identity),
        message_id=MessageId(row.message_id),
        blob_sha256=row.blob_sha256,
        thread_id=row.thread_id,
        direction=row.direction,
        mailbox=row.mailbox,
        author=author,
        subject=row.subject,
        base_subject=row.base_subject,
        language=row.language,
        automatic_kind=row.automatic_kind,
        has_attachments=row.has_attachments,
        date=row.date,
        received_at=row.received_at,
        size_bytes=row.size_bytes,
        duplicate_id=row.duplicate_id,
        defects=tuple(row.defects.split("\n")) if row.defects else (),
    )


def _known(conn: Connection, digests: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(digests), _LOOKUP_MAX):
        found.update(conn.scalars(_KNOWN, {"digests": digests[start : start + _LOOKUP_MAX]}))
    return found


def _blob_row(name: str, raw: bytes, now: datetime) -> dict[str, object]:
    packed = codec.compress(raw)
    return {
        "sha256": name,
        "content": packed,
        "size_bytes": len(raw),
        "stored_bytes": len(packed),
        "stored_at": now,
    }


def _count(conn: Connection, table: Table, seen: ColumnElement[bool]) -> int:
    return int(conn.execute(select(func.count()).select_from(table).where(seen)).scalar_one())
