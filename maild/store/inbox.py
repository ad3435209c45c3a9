"""The ledger: every delivery that was ever fetched, once, with how far it has come.

Uniqueness is (mailbox, folder, UIDVALIDITY, UID), as RFC 9051 §2.3.1.1 promises it. An import has
UIDVALIDITY 0, which no server may use, and numbers of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from maild.errors import NotFound
from maild.model.intake import Cursor, FetchedMessage, LedgerEntry, LedgerState, Origin
from maild.store import archive
from maild.store.tables import NOT_PROCESSED, folder_cursor, ledger
from maild.store.tables import mailbox as mailbox_table

_IMPORT = 0  # RFC 9051: UIDVALIDITY is a non-zero number
_NO_CHANGE = 0
_LOOKUP_MAX = 500  # UIDs or digests asked for in one statement

_ADD = insert(ledger)
_KNOWN_UIDS = select(ledger.c.uid).where(
    ledger.c.mailbox == bindparam("of_mailbox"),
    ledger.c.folder == bindparam("of_folder"),
    ledger.c.uidvalidity == bindparam("of_validity"),
)
_AMONG_UIDS = _KNOWN_UIDS.where(ledger.c.uid.in_(bindparam("uids", expanding=True)))
_AMONG_BLOBS = select(ledger.c.blob_sha256).where(
    ledger.c.mailbox == bindparam("of_mailbox"),
    ledger.c.folder == bindparam("of_folder"),
    ledger.c.blob_sha256.in_(bindparam("digests", expanding=True)),
)
_CURSOR = select(folder_cursor).where(
    folder_cursor.c.mailbox == bindparam("of_mailbox"), folder_cursor.c.folder == bindparam("of_folder")
)
_LOCK = (
    select(ledger)
    .where(ledger.c.id.in_(bindparam("ids", expanding=True)), ledger.c.state == LedgerState.NEW)
    .order_by(ledger.c.id)
    .with_for_update(skip_locked=True)
)
_DONE = (
    update(ledger)
    .where(ledger.c.id == bindparam("of_id"))
    .values(
        state=LedgerState.PROCESSED,
        message_key=bindparam("is_message"),
        done_at=bindparam("at"),
        retry_at=None,
        error="",
    )
)


def ingest(
    conn: Connection,
    origin: Origin,
    fetched: Sequence[tuple[FetchedMessage, bool]],
    *,
    now: datetime,
    new_id: Callable[[datetime], str],
) -> int:
    """How many deliveries were new: each gets a ledger row, and its bytes are kept.

    The second of each pair says whether the delivery acts. A UID that the ledger has is skipped.
    """
    known = _known_uids(conn, origin, [message.uid for message, _ in fetched])
    fresh = {message.uid: (message, acts) for message, acts in fetched if message.uid not in known}
    digests = archive.put_blobs(conn, [message.raw for message, _ in fresh.values()], now)
    rows = [
        {
            "id": new_id(now),
            "mailbox": origin.mailbox,
            "folder": origin.folder,
            "role": origin.role,
            "uidvalidity": origin.uidvalidity,
            "uid": message.uid,
            "blob_sha256": digest,
            "received_at": message.received_at,
            "acts": acts,
            "state": LedgerState.NEW,
            "attempts": 0,
            "error": "",
            "added_at": now,
        }
        for (message, acts), digest in zip(fresh.values(), digests, strict=True)
    ]
    if rows:
        conn.execute(_ADD, rows)
    return len(rows)


def cursor(conn: Connection, mailbox: str, folder: str) -> Cursor | None:
    """How far the folder has been read; None before the first time."""
    row = conn.execute(_CURSOR, {"of_mailbox": mailbox, "of_folder": folder}).first()
    if row is None:
        return None
    return Cursor(uidvalidity=row.uidvalidity, last_uid=row.last_uid, polled_at=row.polled_at)


def cursors(conn: Connection, mailbox: str) -> dict[str, Cursor]:
    """How far each folder of the mailbox has been read, by its name."""
    rows = conn.execute(select(folder_cursor).where(folder_cursor.c.mailbox == mailbox))
    return {
        row.folder: Cursor(uidvalidity=row.uidvalidity, last_uid=row.last_uid, polled_at=row.polled_at)
        for row in rows
    }


def set_cursor(conn: Connection, mailbox: str, folder: str, cursor: Cursor) -> None:
    """Note how far the folder has been read."""
    values = {"uidvalidity": cursor.uidvalidity, "last_uid": cursor.last_uid, "polled_at": cursor.polled_at}
    place = (folder_cursor.c.mailbox == mailbox, folder_cursor.c.folder == folder)
    if conn.execute(update(folder_cursor).where(*place).values(values)).rowcount == _NO_CHANGE:
        conn.execute(insert(folder_cursor).values(mailbox=mailbox, folder=folder, **values))


def ledger_uids(conn: Connection, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
    """Every UID of that folder that the ledger has."""
    place = {"of_mailbox": mailbox, "of_folder": folder, "of_validity": uidvalidity}
    return set(conn.scalars(_KNOWN_UIDS, place))


def state_counts(conn: Connection, mailbox: str, folder: str) -> dict[LedgerState, int]:
    """How many deliveries of that folder are in each state; a state with none is left out."""
    place = (ledger.c.mailbox == mailbox, ledger.c.folder == folder)
    counted = select(ledger.c.state, func.count()).where(*place).group_by(ledger.c.state)
    return dict(conn.execute(counted).all())


def of_folder(conn: Connection, mailbox: str, folder: str) -> tuple[LedgerEntry, ...]:
    """Every delivery of that folder, in the order of their arrival here."""
    place = (ledger.c.mailbox == mailbox, ledger.c.folder == folder)
    return _entries(conn, select(ledger).where(*place).order_by(ledger.c.id))


def pending(conn: Connection, limit: int, now: datetime) -> tuple[LedgerEntry, ...]:
    """At most `limit` deliveries to be processed at `now`, oldest first.

    One that failed before waits for its `retry_at`.
    """
    due = ledger.c.retry_at.is_(None) | (ledger.c.retry_at <= now)
    statement = (
        select(ledger)
        .where(NOT_PROCESSED, ledger.c.state == LedgerState.NEW, due)
        .order_by(ledger.c.id)
        .limit(limit)
    )
    return _entries(conn, statement)


def next_retry(conn: Connection, after: datetime) -> datetime | None:
    """When a delivery that failed is next to be processed, later than `after`."""
    waiting = (NOT_PROCESSED, ledger.c.state == LedgerState.NEW, ledger.c.retry_at > after)
    return conn.execute(select(func.min(ledger.c.retry_at)).where(*waiting)).scalar()


def has_waiting(conn: Connection, mailbox: str) -> bool:
    """True while a delivery to that mailbox waits to be processed, be it for another try."""
    waiting = (NOT_PROCESSED, ledger.c.state == LedgerState.NEW, ledger.c.mailbox == mailbox)
    return conn.execute(select(ledger.c.id).where(*waiting).limit(1)).first() is not None


def lock_entries(conn: Connection, ids: Sequence[str]) -> tuple[LedgerEntry, ...]:
    """Those of a batch that are new, oldest first, kept from other processes until the transaction ends."""
    return tuple(map(_entry, conn.execute(_LOCK, {"ids": ids})))


def mark_processed(conn: Connection, message_keys: Mapping[str, str], now: datetime) -> None:
    """Note that these deliveries (by id) were processed, and which message each of them was."""
    rows = [{"of_id": entry_id, "is_message": key, "at": now} for entry_id, key in message_keys.items()]
    if rows:
        conn.execute(_DONE, rows)


def mark_failed(  # noqa: PLR0913 -- what failed, how, and when it is to be tried again
    conn: Connection, entry_id: str, error: str, *, now: datetime, retry_at: datetime, limit: int = 3
) -> LedgerState:
    """What has become of the delivery after one more failure: quarantined at the `limit`-th.

    Raises: NotFound.
    """
    this = ledger.c.id == entry_id
    failed_before = conn.execute(select(ledger.c.attempts).where(this)).scalar()
    if failed_before is None:
        raise NotFound(f"no delivery {entry_id}")
    attempts = failed_before + 1
    state = LedgerState.QUARANTINED if attempts >= limit else LedgerState.NEW
    done_at = now if state is LedgerState.QUARANTINED else None
    values = {"attempts": attempts, "state": state, "error": error, "retry_at": retry_at, "done_at": done_at}
    conn.execute(update(ledger).where(this).values(values))
    return state


def quarantined(conn: Connection) -> tuple[LedgerEntry, ...]:
    """The deliveries that could not be processed, oldest first."""
    stuck = select(ledger).where(NOT_PROCESSED, ledger.c.state == LedgerState.QUARANTINED)
    return _entries(conn, stuck.order_by(ledger.c.id))


def retry(conn: Connection, entry_id: str) -> bool:
    """True when the delivery was quarantined and now is new again, with all its tries."""
    values = {"state": LedgerState.NEW, "attempts": 0, "retry_at": None, "done_at": None}
    stuck = (ledger.c.id == entry_id, ledger.c.state == LedgerState.QUARANTINED)
    return conn.execute(update(ledger).where(*stuck).values(values)).rowcount > _NO_CHANGE


def deliveries(conn: Connection, message_key: str) -> tuple[LedgerEntry, ...]:
    """Every delivery of one message, in the order of their arrival here."""
    return _entries(conn, select(ledger).where(ledger.c.message_key == message_key).order_by(ledger.c.id))


def mailbox_since(conn: Connection, name: str, now: datetime) -> datetime:
    """When this mailbox was first seen; `now`, noted for good, when it is seen first."""
    since = conn.execute(select(mailbox_table.c.first_seen_at).where(mailbox_table.c.name == name)).scalar()
    if since is None:
        conn.execute(insert(mailbox_table).values(name=name, first_seen_at=now))
    return since or now


def next_import_uid(conn: Connection, mailbox: str, folder: str) -> int:
    """The number for the next imported message of that folder, from 1."""
    place = (ledger.c.mailbox == mailbox, ledger.c.folder == folder, ledger.c.uidvalidity == _IMPORT)
    return int(conn.execute(select(func.coalesce(func.max(ledger.c.uid), 0)).where(*place)).scalar_one()) + 1


def known_blobs(conn: Connection, mailbox: str, folder: str, digests: Sequence[str]) -> set[str]:
    """Those of `digests` (SHA-256 of raw bytes) that the ledger has for that folder."""
    place = {"of_mailbox": mailbox, "of_folder": folder}
    found: set[str] = set()
    for start in range(0, len(digests), _LOOKUP_MAX):
        found.update(conn.scalars(_AMONG_BLOBS, {**place, "digests": digests[start : start + _LOOKUP_MAX]}))
    return found


def _known_uids(conn: Connection, origin: Origin, uids: Sequence[int]) -> set[int]:
    place = {
        "of_mailbox": origin.mailbox,
        "of_folder": origin.folder,
        "of_validity": origin.uidvalidity,
    }
    found: set[int] = set()
    for start in range(0, len(uids), _LOOKUP_MAX):
        found.update(conn.scalars(_AMONG_UIDS, {**place, "uids": uids[start : start + _LOOKUP_MAX]}))
    return found


def _entries(conn: Connection, statement: Select[Any]) -> tuple[LedgerEntry, ...]:
    return tuple(map(_entry, conn.execute(statement)))


def _entry(row: Row[Any]) -> LedgerEntry:
    origin = Origin(mailbox=row.mailbox, folder=row.folder, role=row.role, uidvalidity=row.uidvalidity)
    return LedgerEntry(
        id=row.id,
        origin=origin,
        uid=row.uid,
        blob_sha256=row.blob_sha256,
        received_at=row.received_at,
        acts=row.acts,
        state=row.state,
        attempts=row.attempts,
        error=row.error,
        message_key=row.message_key,
    )
