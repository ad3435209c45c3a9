"""The journal of a case: only ever added to, each entry hashed over the one before it.

The chain covers the hash of a payload, not the payload, so that a payload may be erased one day
without breaking it. Heads are to be sealed outside; here it is shown that nothing was changed.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from maild.errors import StoreBusy
from maild.model.case import CaseId
from maild.model.events import Event, JournalEntry
from maild.store import codec
from maild.store.tables import case_event, case_row

_START = "0" * 64  # what the first entry has before it

_ADD = insert(case_event)
_BEHIND = (
    select(case_event)
    .where(case_event.c.case_id == bindparam("of_case"), case_event.c.sequence > bindparam("of_sequence"))
    .order_by(case_event.c.sequence)
)
_OF_CASE = (
    select(case_event).where(case_event.c.case_id == bindparam("of_case")).order_by(case_event.c.sequence)
)
_HEAD = select(case_event.c.hash).where(
    case_event.c.case_id == bindparam("of_case"), case_event.c.sequence == bindparam("of_sequence")
)


def append(conn: Connection, case_id: CaseId, version: int, events: Sequence[Event], *, at: datetime) -> None:
    """Add the events after the first `version` of the case. Raises: StoreBusy when those are not there."""
    head = _head(conn, case_id, version)
    rows = []
    for sequence, event in enumerate(events, version + 1):
        payload = codec.event_json(event)
        row = {
            "case_id": case_id,
            "sequence": sequence,
            "at": at,
            "kind": event.kind,
            "payload": payload,
            "payload_hash": _sha256(payload),
            "previous_hash": head,
        }
        head = _link(head, (case_id, sequence, at, event.kind, row["payload_hash"]))
        rows.append(row | {"hash": head})
    if rows:
        conn.execute(_ADD, rows)


def journal(conn: Connection, case_id: CaseId) -> tuple[JournalEntry, ...]:
    """The events of the case, first to last."""
    return tuple(map(_entry, conn.execute(_OF_CASE, {"of_case": case_id})))


def news(conn: Connection, case_id: CaseId, after: int) -> tuple[JournalEntry, ...]:
    """The events of the case behind the sequence `after`, first to last."""
    return tuple(map(_entry, conn.execute(_BEHIND, {"of_case": case_id, "of_sequence": after})))


def of_kind(conn: Connection, kind: str) -> Iterator[tuple[CaseId, Event]]:
    """Every event of that kind with its case, case by case, first to last."""
    found = select(case_event).where(case_event.c.kind == kind)
    for row in conn.execute(found.order_by(case_event.c.case_id, case_event.c.sequence)):
        yield CaseId(row.case_id), codec.event_of(row.payload)


def verify_journal(conn: Connection, case_id: CaseId) -> int | None:
    """The sequence of the first entry that is missing or is not as it was written; None when all is well."""
    head, expected = _START, 1
    for row in conn.execute(_OF_CASE, {"of_case": case_id}):
        covered = (row.case_id, row.sequence, row.at, row.kind, row.payload_hash)
        honest = row.payload_hash == _sha256(row.payload) and row.previous_hash == head
        if row.sequence != expected or not honest or row.hash != _link(head, covered):
            return expected
        head, expected = row.hash, expected + 1
    version = conn.execute(select(case_row.c.version).where(case_row.c.id == case_id)).scalar()
    beyond = (version or 0) + 1
    return None if expected == beyond else min(expected, beyond)


def _head(conn: Connection, case_id: CaseId, version: int) -> str:
    if version == 0:
        return _START
    head = conn.execute(_HEAD, {"of_case": case_id, "of_sequence": version}).scalar()
    if head is None:
        raise StoreBusy(f"the journal of case {case_id} does not reach version {version}")
    return str(head)


def _link(previous: str, covered: tuple[str, int, datetime, str, Any]) -> str:
    case_id, sequence, at, kind, payload_hash = covered
    canonical = [previous, case_id, sequence, round(at.timestamp() * 1_000_000), kind, payload_hash]
    return _sha256(json.dumps(canonical, separators=(",", ":")))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _entry(row: Row[Any]) -> JournalEntry:
    return JournalEntry(
        case_id=CaseId(row.case_id),
        sequence=row.sequence,
        at=row.at,
        event=codec.event_of(row.payload),
        payload_hash=row.payload_hash,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
