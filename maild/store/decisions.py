"""What was decided, with all that was known then: for `explain` and for back-tests."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select

from maild.model.case import CaseId
from maild.model.decision import DecisionRecord
from maild.store import codec
from maild.store.tables import decision

_ADD = insert(decision)
_ORDERED = select(decision).order_by(decision.c.decided_at, decision.c.id)


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
