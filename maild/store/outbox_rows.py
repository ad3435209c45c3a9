"""Reads the outbox's rows into values."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select

from maild.errors import NotFound
from maild.model.case import CaseId
from maild.model.delivery import Attempt, OutboxEntry, OutboxRecipient
from maild.model.mail import MessageId
from maild.store.tables import outbox, outbox_attempt, outbox_recipient

_ATTEMPT = select(outbox_attempt).where(outbox_attempt.c.id == bindparam("of_id"))
_ATTEMPTS = (
    select(outbox_attempt)
    .where(outbox_attempt.c.outbox_id == bindparam("of_outbox"))
    .order_by(outbox_attempt.c.number)
)
_OPEN = select(outbox_attempt).where(outbox_attempt.c.ended_at.is_(None)).order_by(outbox_attempt.c.id)
_RECIPIENTS = (
    select(outbox_recipient)
    .where(outbox_recipient.c.outbox_id.in_(bindparam("outbox_ids", expanding=True)))
    .order_by(outbox_recipient.c.outbox_id, outbox_recipient.c.position)
)


def entries(
    conn: Connection, condition: ColumnElement[bool], limit: int | None = None
) -> tuple[OutboxEntry, ...]:
    """The mails for which the condition holds, oldest first, each with its recipients."""
    statement = select(outbox).where(condition).order_by(outbox.c.created_at, outbox.c.id).limit(limit)
    found = conn.execute(statement).all()
    recipients_of = _grouped(conn, [row.id for row in found])
    return tuple(_entry(row, recipients_of.get(row.id, ())) for row in found)


def entry(conn: Connection, outbox_id: str) -> OutboxEntry:
    """The mail as it stands. Raises: NotFound."""
    found = entries(conn, outbox.c.id == outbox_id)
    if not found:
        raise NotFound(f"no mail {outbox_id} in the outbox")
    return found[0]


def recipients(conn: Connection, outbox_id: str) -> tuple[OutboxRecipient, ...]:
    """The recipients of a mail, in the order of its envelope."""
    return _grouped(conn, [outbox_id]).get(outbox_id, ())


def attempt(conn: Connection, attempt_id: str) -> Attempt:
    """The attempt of that id. Raises: NotFound."""
    row = conn.execute(_ATTEMPT, {"of_id": attempt_id}).first()
    if row is None:
        raise NotFound(f"no attempt {attempt_id}")
    return _attempt(row)


def attempts(conn: Connection, outbox_id: str) -> tuple[Attempt, ...]:
    """The attempts at a mail, first to last."""
    return tuple(map(_attempt, conn.execute(_ATTEMPTS, {"of_outbox": outbox_id})))


def open_attempts(conn: Connection) -> tuple[Attempt, ...]:
    """The attempts that have not ended, oldest first."""
    return tuple(map(_attempt, conn.execute(_OPEN)))


def _grouped(conn: Connection, outbox_ids: Sequence[str]) -> dict[str, tuple[OutboxRecipient, ...]]:
    if not outbox_ids:
        return {}
    rows = conn.execute(_RECIPIENTS, {"outbox_ids": outbox_ids})
    return {key: tuple(map(_recipient, group)) for key, group in groupby(rows, lambda row: row.outbox_id)}


def _recipient(row: Row[Any]) -> OutboxRecipient:
    return OutboxRecipient(
        address=row.address, state=row.state, code=row.code, reply=row.reply, changed_at=row.changed_at
    )


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        id=row.id,
        outbox_id=row.outbox_id,
        number=row.number,
        owner=row.owner,
        started_at=row.started_at,
        data_at=row.data_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
    )


def _entry(row: Row[Any], recipients: tuple[OutboxRecipient, ...]) -> OutboxEntry:
    return OutboxEntry(
        id=row.id,
        effect_key=row.effect_key,
        case_id=None if row.case_id is None else CaseId(row.case_id),
        mailbox=row.mailbox,
        template=row.template,
        template_version=row.template_version,
        message_id=MessageId(row.message_id),
        sender=row.sender,
        state=row.state,
        recipients=recipients,
        doubt_policy=row.doubt_policy,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        error=row.error,
    )
