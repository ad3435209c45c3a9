"""Case rows, their numbers, and which messages belong to them.

A row changes together with its journal (`journal.py`), by compare-and-set on its version.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from maild.errors import NotFound, StoreBusy
from maild.model.archive import ArchivedMessage, CaseMessage
from maild.model.case import Case, CaseId, Direction, JoinReason
from maild.model.events import Event
from maild.model.mail import Address, AutomaticKind
from maild.model.people import SHELL, Viewer
from maild.model.progress import NO_PROGRESS
from maild.store import codec, deadlines
from maild.store import journal as journal_rows
from maild.store.archive import archived_of
from maild.store.case_traits import trait_values, traits_of
from maild.store.journal import journal, verify_journal
from maild.store.tables import case_counter, case_message, case_row, message
from maild.store.visibility import sees_case

__all__ = [
    "add_message",
    "by_number",
    "by_serial",
    "case_of_message",
    "get",
    "journal",
    "last_from_outside",
    "list_cases",
    "messages",
    "move_messages",
    "number_key",
    "of_number",
    "open_kinds",
    "recent",
    "reserve",
    "save",
    "standing",
    "take",
    "verify_journal",
]

_LOOKUP_MAX = 500  # keys asked for in one statement
_SERIAL = "serial"
_SUBJECT_KEY_MAX = 120  # characters: short enough for an index of PostgreSQL (2,704 bytes)

_LAST = select(case_counter.c.last).where(case_counter.c.scope == bindparam("of_scope"))
_COUNT = (
    update(case_counter)
    .where(case_counter.c.scope == bindparam("of_scope"))
    .values(last=case_counter.c.last + 1)
)
_GET = select(case_row).where(case_row.c.id == bindparam("of_id"))
_ADD = insert(case_row)
_ADD_MESSAGE = insert(case_message)
_JOINED = (
    case_message.c.case_id,
    case_message.c.direction.label("joined_direction"),
    case_message.c.join_reason,
    case_message.c.reason,
    case_message.c.verified,
    case_message.c.joined_at,
)
_CASE_OF_MESSAGE = select(case_message.c.case_id).where(case_message.c.message_key == bindparam("of_key"))


def reserve(conn: Connection, prefix: str, year: int) -> tuple[int, int]:
    """The serial and the number that the next case of that prefix and year has; none is taken yet."""
    return _last(conn, _SERIAL) + 1, _last(conn, f"{prefix}-{year}") + 1


def take(conn: Connection, prefix: str, year: int) -> tuple[int, int]:
    """The serial and the number that `reserve` told in this transaction, now taken."""
    taken = reserve(conn, prefix, year)
    for scope in (_SERIAL, f"{prefix}-{year}"):
        if conn.execute(_COUNT, {"of_scope": scope}).rowcount == 0:
            conn.execute(insert(case_counter).values(scope=scope, last=1))
    return taken


def get(conn: Connection, case_id: CaseId) -> Case:
    """The case as it stands. Raises: NotFound."""
    row = conn.execute(_GET, {"of_id": case_id}).first()
    if row is None:
        raise NotFound(f"no case {case_id}")
    return _case(row)


def by_number(conn: Connection, number: str) -> Case | None:
    """The case of that number, or the one that took it over; any case, full-width characters too."""
    found = of_number(conn, number)
    return None if found is None else standing(conn, found)


def of_number(conn: Connection, number: str) -> Case | None:
    """The case of that very number, even if another took it over."""
    return _first(conn, select(case_row).where(case_row.c.number_key == number_key(number)))


def by_serial(conn: Connection, serial: int) -> Case | None:
    """The case of that serial, or the one that took it over."""
    found = _first(conn, select(case_row).where(case_row.c.serial == serial))
    return None if found is None else standing(conn, found)


def standing(conn: Connection, case: Case) -> Case:
    """The case itself, or the one that it merged into, however many merges ago."""
    while case.merged_into is not None:
        case = get(conn, case.merged_into)
    return case


def recent(conn: Connection, base_subject: str, since: datetime) -> tuple[Case, ...]:
    """The cases of that base subject on which something happened since, the latest first."""
    statement = (
        select(case_row)
        .where(
            case_row.c.subject_key == base_subject[:_SUBJECT_KEY_MAX],
            case_row.c.base_subject == base_subject,
            case_row.c.updated_at >= since,
            case_row.c.merged_into == "",
        )
        .order_by(case_row.c.updated_at.desc(), case_row.c.id.desc())
    )
    return tuple(map(_case, conn.execute(statement)))


def open_kinds(conn: Connection) -> tuple[str, ...]:
    """The kinds of which a case is open, sorted."""
    is_open = case_row.c.closed_at.is_(None)
    return tuple(
        conn.execute(select(case_row.c.kind).where(is_open).distinct().order_by(case_row.c.kind)).scalars()
    )


def list_cases(  # noqa: PLR0913 -- what can be asked for
    conn: Connection,
    *,
    kind: str | None = None,
    stage: str | None = None,
    mailbox: str | None = None,
    viewer: Viewer = SHELL,
    limit: int,
    offset: int = 0,
) -> tuple[Case, ...]:
    """The cases for which all that is given holds and that merged into none, newest first; of a viewer."""
    wanted = {case_row.c.kind: kind, case_row.c.stage: stage, case_row.c.mailbox: mailbox}
    conditions = [column == value for column, value in wanted.items() if value is not None]
    conditions += [case_row.c.merged_into == "", sees_case(viewer)]
    newest = (case_row.c.opened_at.desc(), case_row.c.id.desc())
    statement = select(case_row).where(*conditions).order_by(*newest).limit(limit).offset(offset)
    return tuple(map(_case, conn.execute(statement)))


def save(
    conn: Connection, before: Case | None, after: Case, events: Sequence[Event], *, at: datetime
) -> None:
    """Replace the row `before` (None: a new case) by `after`, and add the events to the journal.

    Raises: StoreBusy when another transaction was first; ValueError unless `after.version` counts
    the events.
    """
    version = before.version if before else 0
    if after.version != version + len(events):
        raise ValueError(f"version {after.version} after {len(events)} events on version {version}")
    if before is None:
        _insert(conn, after)
    else:
        _replace(conn, version, after)
    deadlines.record(conn, after.id, before.progress if before else NO_PROGRESS, after.progress)
    journal_rows.append(conn, after.id, version, events, at=at)


def move_messages(conn: Connection, keys: Sequence[str], case_id: CaseId, reason: str, at: datetime) -> None:
    """Make messages that belong to another case part of this one."""
    moved = {"case_id": case_id, "join_reason": JoinReason.MOVED, "reason": reason, "joined_at": at}
    for start in range(0, len(keys), _LOOKUP_MAX):
        among = case_message.c.message_key.in_(keys[start : start + _LOOKUP_MAX])
        conn.execute(update(case_message).where(among).values(moved))


def add_message(  # noqa: PLR0913, PLR0917 -- one row
    conn: Connection,
    case_id: CaseId,
    message_key: str,
    direction: Direction,
    join: JoinReason,
    reason: str,
    verified: bool,
    at: datetime,
) -> None:
    """Make the message part of the case; a message belongs to one case."""
    conn.execute(
        _ADD_MESSAGE,
        {
            "message_key": message_key,
            "case_id": case_id,
            "direction": direction,
            "join_reason": join,
            "reason": reason,
            "verified": verified,
            "joined_at": at,
        },
    )


def messages(conn: Connection, case_id: CaseId) -> tuple[CaseMessage, ...]:
    """The messages of the case in the order in which they joined it."""
    joined = select(message, *_JOINED).join(case_message, case_message.c.message_key == message.c.key)
    ours = joined.where(case_message.c.case_id == case_id)
    return tuple(map(_case_message, conn.execute(ours.order_by(case_message.c.joined_at, message.c.key))))


def last_from_outside(conn: Connection, case_id: CaseId) -> ArchivedMessage | None:
    """The newest message of the case that somebody outside wrote himself and that belongs there."""
    found = (
        select(message)
        .join(case_message, case_message.c.message_key == message.c.key)
        .where(
            case_message.c.case_id == case_id,
            case_message.c.direction == Direction.INCOMING,
            case_message.c.verified,
            message.c.automatic_kind == AutomaticKind.NONE,
        )
        .order_by(message.c.received_at.desc(), message.c.key.desc())
        .limit(1)
    )
    row = conn.execute(found).first()
    return None if row is None else archived_of(row)


def case_of_message(conn: Connection, message_key: str) -> CaseId | None:
    """The case that the message belongs to."""
    case_id = conn.execute(_CASE_OF_MESSAGE, {"of_key": message_key}).scalar()
    return None if case_id is None else CaseId(case_id)


def number_key(number: str) -> str:
    """A case number as it is compared: full-width characters folded, any case, no space around it."""
    return unicodedata.normalize("NFKC", number).strip().casefold()


def _last(conn: Connection, scope: str) -> int:
    return int(conn.execute(_LAST, {"of_scope": scope}).scalar() or 0)


def _first(conn: Connection, statement: Select[Any]) -> Case | None:
    row = conn.execute(statement).first()
    return None if row is None else _case(row)


def _insert(conn: Connection, case: Case) -> None:
    try:
        conn.execute(_ADD, _values(case))
    except IntegrityError as exc:
        raise StoreBusy(f"case {case.number} was opened by another transaction") from exc


def _replace(conn: Connection, version: int, after: Case) -> None:
    values = _values(after)
    del values["id"]  # what others refer to: SQLite would look for them all
    unchanged = (case_row.c.id == after.id, case_row.c.version == version)
    if conn.execute(update(case_row).where(*unchanged).values(values)).rowcount == 0:
        raise StoreBusy(f"case {after.number} is no longer at version {version}")


def _values(case: Case) -> dict[str, object]:
    return {
        "id": case.id,
        "serial": case.serial,
        "number": case.number,
        "number_key": number_key(case.number),
        "kind": case.kind,
        "stage": case.stage,
        "priority": case.priority,
        "subject": case.subject,
        "base_subject": case.base_subject,
        "subject_key": case.base_subject[:_SUBJECT_KEY_MAX],
        "contact_name": case.contact.name,
        "contact_address": case.contact.address,
        "participants": "\n".join(sorted(case.participants)),
        "mailbox": case.mailbox,
        "language": case.language,
        "playbook": case.playbook,
        "config_hash": case.config_hash,
        "opened_at": case.opened_at,
        "updated_at": case.updated_at,
        "closed_at": case.closed_at,
        "message_count": case.message_count,
        "trouble": case.trouble,
        "merged_into": case.merged_into or "",
        "version": case.version,
        "calendar": case.calendar,
        "progress": codec.progress_json(case.progress),
        "next_at": case.progress.next_at(),
        **trait_values(case.traits),
    }


def _case(row: Row[Any]) -> Case:
    return Case(
        id=CaseId(row.id),
        serial=row.serial,
        number=row.number,
        kind=row.kind,
        stage=row.stage,
        priority=row.priority,
        subject=row.subject,
        base_subject=row.base_subject,
        contact=Address(name=row.contact_name, address=row.contact_address),
        participants=frozenset(row.participants.split("\n")) if row.participants else frozenset(),
        mailbox=row.mailbox,
        language=row.language,
        playbook=row.playbook,
        config_hash=row.config_hash,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
        message_count=row.message_count,
        trouble=row.trouble,
        merged_into=CaseId(row.merged_into) if row.merged_into else None,
        version=row.version,
        traits=traits_of(row),
        calendar=row.calendar,
        progress=codec.progress_of(row.progress),
    )


def _case_message(row: Row[Any]) -> CaseMessage:
    return CaseMessage(
        message=archived_of(row),
        case_id=CaseId(row.case_id),
        direction=row.joined_direction,
        join=row.join_reason,
        reason=row.reason,
        verified=row.verified,
        joined_at=row.joined_at,
    )
