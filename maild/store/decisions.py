"""What was decided, with all that was known then: for `explain` and for back-tests."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from maild.model.case import CaseId, Direction
from maild.model.decision import CaseNow, DecisionRecord, KeptDecision
from maild.store import codec
from maild.store.tables import case_message, case_row, decision, message

_ADD = insert(decision)
_ORDERED = select(decision).order_by(decision.c.decided_at, decision.c.id)
_BATCH: Final = 500  # each holds up to 10,000 characters of text and a trace
_SINCE: Final = decision.c.decided_at >= bindparam("since")
_KEPT: Final = (
    select(
        decision,
        case_row.c.id.label("now_id"),
        case_row.c.number.label("now_number"),
        case_row.c.kind.label("now_kind"),
        case_row.c.priority.label("now_priority"),
        case_row.c.owner.label("now_owner"),
        case_row.c.department.label("now_department"),
    )
    .outerjoin(case_message, case_message.c.message_key == decision.c.message_key)
    .outerjoin(case_row, case_row.c.id == case_message.c.case_id)
    .where(decision.c.message_key.is_not(None), decision.c.id > bindparam("after"), _SINCE)
    .order_by(decision.c.id)  # UUIDv7: in the order of time
    .limit(bindparam("batch"))
)
_COUNT: Final = select(func.count()).where(decision.c.message_key.is_not(None), _SINCE)
_UNDECIDED: Final = select(func.count()).where(
    ~select(decision.c.id).where(decision.c.message_key == message.c.key).exists(),
    message.c.direction == Direction.INCOMING,
)
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def add(conn: Connection, record: DecisionRecord) -> None:
    """Keep a decision; its message and its case must be there."""
    detail = codec.Detail(fact=record.fact, rule_input=record.rule_input, trace=record.trace)
    row = {
        "id": record.id,
        "message_key": record.message_key,
        "case_id": record.case_id,
        "config_hash": record.config_hash,
        "reason": record.reason,
        "detail": codec.pack_detail(detail),
        "decided_at": record.decided_at,
    }
    conn.execute(_ADD, row)


def of_message(conn: Connection, key: str) -> tuple[DecisionRecord, ...]:
    """The decisions on a message, oldest first."""
    return tuple(map(_record, conn.execute(_ORDERED.where(decision.c.message_key == key))))


def of_case(conn: Connection, case_id: CaseId) -> tuple[DecisionRecord, ...]:
    """The decisions on a case, oldest first."""
    return tuple(map(_record, conn.execute(_ORDERED.where(decision.c.case_id == case_id))))


def kept(conn: Connection, since: datetime | None = None, *, batch: int = _BATCH) -> Iterator[KeptDecision]:
    """The decisions on messages since an instant, or all, oldest first; `batch` of them held at a time."""
    after = ""
    while rows := conn.execute(_KEPT, _asked(since) | {"after": after, "batch": batch}).all():
        yield from map(_kept, rows)
        after = rows[-1].id


def count(conn: Connection, since: datetime | None = None) -> int:
    """How many decisions `kept` answers."""
    return int(conn.execute(_COUNT, _asked(since)).scalar_one())


def count_undecided(conn: Connection) -> int:
    """How many messages came in and were only archived: imported, or older than `act_since`."""
    return int(conn.execute(_UNDECIDED).scalar_one())


def _asked(since: datetime | None) -> dict[str, object]:
    return {"since": since or _LONG_AGO}


def _kept(row: Row[Any]) -> KeptDecision:
    case = None
    if row.now_id is not None:
        case = CaseNow(
            id=CaseId(row.now_id),
            number=row.now_number,
            kind=row.now_kind,
            priority=row.now_priority,
            owner=row.now_owner,
            department=row.now_department,
        )
    return KeptDecision(record=_record(row), case=case)


def _record(row: Row[Any]) -> DecisionRecord:
    detail = codec.detail_of(row.detail)
    return DecisionRecord(
        id=row.id,
        message_key=row.message_key,
        case_id=None if row.case_id is None else CaseId(row.case_id),
        config_hash=row.config_hash,
        fact=detail.fact,
        rule_input=detail.rule_input,
        reason=row.reason,
        trace=detail.trace,
        decided_at=row.decided_at,
    )
