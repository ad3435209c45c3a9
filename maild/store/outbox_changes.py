"""How the outbox's rows change: one step each, for outbox.py to put together."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from maild.model.case import CaseId
from maild.model.delivery import (
    ClaimedMail,
    Envelope,
    OutboxEntry,
    OutboxState,
    RecipientOutcome,
    RecipientState,
)
from maild.model.mail import MessageId
from maild.store import archive
from maild.store import outbox_rows as rows
from maild.store.tables import outbox, outbox_attempt, outbox_recipient

WAITING = frozenset({RecipientState.QUEUED, RecipientState.DEFERRED})
_ADD_RECIPIENTS = insert(outbox_recipient)
_ADD_ATTEMPT = insert(outbox_attempt)
_TAKE = (
    update(outbox)
    .where(outbox.c.id == bindparam("of_id"), outbox.c.state == OutboxState.QUEUED)
    .values(state=OutboxState.SENDING, attempts=outbox.c.attempts + 1)
)
_SET_RECIPIENT = (
    update(outbox_recipient)
    .where(outbox_recipient.c.outbox_id == bindparam("of_id"))
    .where(outbox_recipient.c.position == bindparam("of_position"))
    .values(
        state=bindparam("now_state", type_=outbox_recipient.c.state.type),
        code=bindparam("now_code"),
        reply=bindparam("now_reply", type_=outbox_recipient.c.reply.type),
        changed_at=bindparam("at", type_=outbox_recipient.c.changed_at.type),
    )
)


def has_effect(conn: Connection, effect_key: str) -> bool:
    """True when the effect has its row."""
    statement = select(outbox.c.id).where(outbox.c.effect_key == effect_key)
    return conn.execute(statement).first() is not None


def add_recipients(conn: Connection, outbox_id: str, addresses: Sequence[str], now: datetime) -> None:
    """Give a new mail its recipients, each once, in the order of the envelope."""
    values = {
        "outbox_id": outbox_id,
        "state": RecipientState.QUEUED,
        "code": 0,
        "reply": "",
        "changed_at": now,
    }
    lines = [
        values | {"position": position, "address": address}
        for position, address in enumerate({each.casefold(): each for each in addresses}.values())
    ]
    conn.execute(_ADD_RECIPIENTS, lines)


def claim(conn: Connection, row: Row[Any], owner: str, now: datetime, attempt_id: str) -> ClaimedMail:
    """The mail of a due row, now `owner`'s, with its attempt written."""
    conn.execute(_TAKE, {"of_id": row.id})
    number = row.attempts + 1
    attempt = {"id": attempt_id, "outbox_id": row.id, "number": number, "owner": owner}
    conn.execute(_ADD_ATTEMPT, attempt | {"started_at": now, "outcome": ""})
    tried = tuple(each.address for each in rows.recipients(conn, row.id) if each.state in WAITING)
    return ClaimedMail(
        outbox_id=row.id,
        attempt_id=attempt_id,
        attempt_number=number,
        case_id=None if row.case_id is None else CaseId(row.case_id),
        mailbox=row.mailbox,
        message_id=MessageId(row.message_id),
        envelope=Envelope(sender=row.sender, recipients=tried),
        created_at=row.created_at,
        raw=archive.blob(conn, row.blob_sha256),
    )


def end(conn: Connection, attempt_id: str, outcome: str, now: datetime) -> None:
    """Note that an attempt is over."""
    this = outbox_attempt.c.id == attempt_id
    conn.execute(update(outbox_attempt).where(this).values(ended_at=now, outcome=outcome))


def set_outcomes(
    conn: Connection,
    outbox_id: str,
    outcomes: Sequence[RecipientOutcome],
    of_states: Collection[RecipientState],
    now: datetime,
) -> None:
    """Give each recipient its outcome, unless it has come out of `of_states` meanwhile."""
    said = {each.address.casefold(): each for each in outcomes}
    for position, standing in enumerate(rows.recipients(conn, outbox_id)):
        outcome = said.get(standing.address.casefold())
        if outcome is None or standing.state not in of_states:
            continue
        values = {"now_state": outcome.state, "now_code": outcome.code, "now_reply": outcome.reply, "at": now}
        conn.execute(_SET_RECIPIENT, values | {"of_id": outbox_id, "of_position": position})


def advance(
    conn: Connection, outbox_id: str, next_attempt_at: datetime | None, *, ended: bool = False
) -> OutboxEntry:
    """The mail in the state that its recipients call for; while an attempt runs, that stays."""
    before = rows.entry(conn, outbox_id)
    state = _called_for(before) if ended or before.state is not OutboxState.SENDING else before.state
    values = {"state": state, "next_attempt_at": next_attempt_at or before.next_attempt_at}
    conn.execute(update(outbox).where(outbox.c.id == outbox_id).values(values))
    return rows.entry(conn, outbox_id)


def _called_for(mail: OutboxEntry) -> OutboxState:
    states = {each.state for each in mail.recipients}
    if states & WAITING:
        return OutboxState.HELD if mail.state is OutboxState.HELD else OutboxState.QUEUED
    return OutboxState.IN_DOUBT if RecipientState.IN_DOUBT in states else OutboxState.DONE
