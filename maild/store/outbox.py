"""The outbox: what is to be sent, what is under way, and what became of each recipient.

An attempt is written before anybody dials, and marked before the bytes go, so that after a crash it
is known what may have arrived (RFC 1047). Mail in doubt is never queued again by itself.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from maild.errors import NotFound, PermanentError, UsageError
from maild.model.case import CaseId
from maild.model.delivery import (
    Attempt,
    ClaimedMail,
    DoubtPolicy,
    HeldMail,
    OutboxEntry,
    OutboxState,
    OutgoingMail,
    RecipientOutcome,
    RecipientState,
)
from maild.model.mail import MessageId
from maild.model.people import SHELL, Viewer
from maild.store import archive
from maild.store import outbox_changes as changes
from maild.store import outbox_rows as rows
from maild.store.tables import message, outbox, outbox_attempt, outbox_recipient
from maild.store.visibility import sees_mail

_LOOKUP_MAX = 500  # keys asked for in one statement
_FINAL = frozenset({RecipientState.SENT, RecipientState.REFUSED})
_SETTLED = _FINAL | {RecipientState.QUEUED}

_ADD = insert(outbox)
# Built once: it is asked about every message that comes in, and nearly always finds nothing.
_ID_OF_MESSAGE = (
    select(outbox.c.id)
    .where(outbox.c.message_id == bindparam("of_id", type_=outbox.c.message_id.type))
    .order_by(outbox.c.created_at, outbox.c.id)
)


# --- In -----------------------------------------------------------------------------------------


def enqueue(conn: Connection, mail: OutgoingMail) -> bool:
    """True when the mail is queued now; False when its effect was queued before."""
    if changes.has_effect(conn, mail.effect_key):
        return False
    row = {
        "id": mail.id,
        "effect_key": mail.effect_key,
        "case_id": mail.case_id,
        "mailbox": mail.mailbox,
        "template": mail.template,
        "template_version": mail.template_version,
        "message_id": mail.message_id,
        "sender": mail.envelope.sender,
        "state": OutboxState.QUEUED,
        "doubt_policy": mail.doubt_policy,
        "blob_sha256": archive.put_blob(conn, mail.raw, mail.created_at),
        "attempts": 0,
        "created_at": mail.created_at,
        "next_attempt_at": mail.next_attempt_at,
        "error": "",
    }
    conn.execute(_ADD, row)
    changes.add_recipients(conn, mail.id, mail.envelope.recipients, mail.created_at)
    return True


def hold(conn: Connection, held: HeldMail) -> bool:
    """True when the mail that could not be rendered is noted now; False when its effect was before."""
    if changes.has_effect(conn, held.effect_key):
        return False
    row = {
        "id": held.id,
        "effect_key": held.effect_key,
        "case_id": held.case_id,
        "mailbox": held.mailbox,
        "template": held.template,
        "template_version": "",
        "message_id": "",
        "sender": "",
        "state": OutboxState.HELD,
        "doubt_policy": DoubtPolicy.HOLD,
        "blob_sha256": None,
        "attempts": 0,
        "created_at": held.created_at,
        "next_attempt_at": held.created_at,
        "error": held.error,
    }
    conn.execute(_ADD, row)
    changes.add_recipients(conn, held.id, held.recipients, held.created_at)
    return True


# --- Out ----------------------------------------------------------------------------------------


def claim_due(
    conn: Connection, *, now: datetime, owner: str, limit: int, new_id: Callable[[datetime], str]
) -> tuple[ClaimedMail, ...]:
    """At most `limit` mails that are due, longest due first, now `owner`'s to send.

    Each has its attempt row; commit before dialling. Another process's claim is passed over.
    """
    due = (
        select(outbox)
        .where(outbox.c.state == OutboxState.QUEUED, outbox.c.next_attempt_at <= now)
        .order_by(outbox.c.next_attempt_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(changes.claim(conn, row, owner, now, new_id(now)) for row in conn.execute(due).all())


def next_due(conn: Connection, after: datetime) -> datetime | None:
    """When a mail is next to be tried, later than `after`."""
    waiting = (outbox.c.state == OutboxState.QUEUED, outbox.c.next_attempt_at > after)
    return conn.execute(select(func.min(outbox.c.next_attempt_at)).where(*waiting)).scalar()


def mark_data(conn: Connection, attempt_id: str, now: datetime) -> None:
    """Note that the bytes are about to go; commit before they do.

    Raises: PermanentError when the attempt is over: another process took it for dead. Do not send.
    """
    open_attempt = (outbox_attempt.c.id == attempt_id, outbox_attempt.c.ended_at.is_(None))
    if conn.execute(update(outbox_attempt).where(*open_attempt).values(data_at=now)).rowcount == 0:
        raise PermanentError(f"attempt {attempt_id} is over: another process has recovered it")


def record(
    conn: Connection,
    attempt_id: str,
    outcomes: Sequence[RecipientOutcome],
    *,
    now: datetime,
    retry_at: datetime | None,
) -> OutboxEntry:
    """The mail after this attempt; who was deferred is tried again at `retry_at`, or given up if None.

    What comes in for an attempt that was recovered meanwhile settles what was put in doubt, no more.
    Raises: NotFound.
    """
    attempt = rows.attempt(conn, attempt_id)
    if attempt.ended_at is None:
        changes.end(conn, attempt_id, _summary(outcomes), now)
        final = outcomes if retry_at else [_given_up(each) for each in outcomes]
        changes.set_outcomes(conn, attempt.outbox_id, final, changes.WAITING, now)
        return changes.advance(conn, attempt.outbox_id, retry_at or now, ended=True)
    late = [each for each in outcomes if each.state in _FINAL]
    changes.set_outcomes(conn, attempt.outbox_id, late, frozenset({RecipientState.IN_DOUBT}), now)
    return changes.advance(conn, attempt.outbox_id, None)


# --- After a crash, and by hand -----------------------------------------------------------------


def orphans(conn: Connection, owners_alive: Collection[str]) -> tuple[Attempt, ...]:
    """The attempts that were never ended and whose owner is gone, oldest first."""
    return tuple(each for each in rows.open_attempts(conn) if each.owner not in owners_alive)


def recover(conn: Connection, attempt: Attempt, now: datetime) -> OutboxEntry:
    """The mail of an attempt whose owner is gone: due again, or in doubt if the bytes were on their way.

    Raises: NotFound.
    """
    fresh = rows.attempt(conn, attempt.id)
    if fresh.ended_at is not None:
        return entry(conn, fresh.outbox_id)
    if fresh.data_at is None:
        changes.end(conn, fresh.id, "the sender ended before the bytes went", now)
    else:
        changes.end(conn, fresh.id, "the sender ended while the bytes went", now)
        reply = "the connection's end was not seen"
        doubt = [
            RecipientOutcome(address=each.address, state=RecipientState.IN_DOUBT, reply=reply)
            for each in rows.recipients(conn, fresh.outbox_id)
        ]
        changes.set_outcomes(conn, fresh.outbox_id, doubt, changes.WAITING, now)
    return changes.advance(conn, fresh.outbox_id, now, ended=True)


def settle(  # noqa: PLR0913, PLR0917 -- which, whom, what, why, when
    conn: Connection,
    outbox_id: str,
    recipient: str | None,
    state: RecipientState,
    detail: str,
    now: datetime,
) -> OutboxEntry:
    """The mail after proof, a bounce or a person said what became of a recipient; QUEUED sends again.

    `recipient` None: everyone in doubt. Raises: NotFound; UsageError for a state that settles nothing,
    or to send again what was never rendered.
    """
    if state not in _SETTLED:
        raise UsageError(f"{state} settles nothing: sent, refused or queued does")
    mail = entry(conn, outbox_id)
    if state is RecipientState.QUEUED and mail.state is OutboxState.HELD:
        raise UsageError(f"mail {outbox_id} was never rendered and cannot be sent: {mail.error}")
    meant = _meant(mail, recipient)
    outcomes = [RecipientOutcome(address=each, state=state, reply=detail) for each in meant]
    changes.set_outcomes(conn, outbox_id, outcomes, frozenset(RecipientState), now)
    return changes.advance(conn, outbox_id, now if state is RecipientState.QUEUED else None)


def explain_doubt(conn: Connection, outbox_id: str, why: str, now: datetime) -> OutboxEntry:
    """The mail with `why` said of everyone in doubt, who stays so. Raises: NotFound."""
    doubts = _meant(entry(conn, outbox_id), None)
    outcomes = [RecipientOutcome(address=each, state=RecipientState.IN_DOUBT, reply=why) for each in doubts]
    changes.set_outcomes(conn, outbox_id, outcomes, frozenset({RecipientState.IN_DOUBT}), now)
    return entry(conn, outbox_id)


# --- Reading ------------------------------------------------------------------------------------


def entry(conn: Connection, outbox_id: str) -> OutboxEntry:
    """The mail as it stands. Raises: NotFound."""
    return rows.entry(conn, outbox_id)


def by_message_id(conn: Connection, message_id: MessageId) -> OutboxEntry | None:
    """The mail of that Message-ID."""
    outbox_id = conn.execute(_ID_OF_MESSAGE, {"of_id": message_id}).scalar()
    return None if outbox_id is None else rows.entry(conn, outbox_id)


def of_case(conn: Connection, case_id: CaseId) -> tuple[OutboxEntry, ...]:
    """The mails of a case, oldest first."""
    return rows.entries(conn, outbox.c.case_id == case_id)


def listing(
    conn: Connection, states: Collection[OutboxState], limit: int, viewer: Viewer = SHELL
) -> tuple[OutboxEntry, ...]:
    """At most `limit` mails in one of those states, oldest first; of a viewer."""
    return rows.entries(conn, and_(outbox.c.state.in_(sorted(states)), sees_mail(viewer)), limit)


def in_doubt(conn: Connection, after: str, limit: int) -> tuple[OutboxEntry, ...]:
    """At most `limit` mails in doubt by rising ids, those behind the id `after` ("" begins)."""
    behind = (outbox.c.state == OutboxState.IN_DOUBT, outbox.c.id > after)
    ids = conn.scalars(select(outbox.c.id).where(*behind).order_by(outbox.c.id).limit(limit)).all()
    found = {each.id: each for each in rows.entries(conn, outbox.c.id.in_(ids))}
    return tuple(found[each] for each in ids)


def count_to(conn: Connection, address: str, since: datetime) -> int:
    """How many mails to that address (any case) were queued at or after `since`."""
    counted = (
        select(func.count())
        .select_from(outbox.join(outbox_recipient, outbox_recipient.c.outbox_id == outbox.c.id))
        .where(outbox.c.created_at >= since, func.lower(outbox_recipient.c.address) == address.lower())
    )
    return int(conn.execute(counted).scalar_one())


def attempts(conn: Connection, outbox_id: str) -> tuple[Attempt, ...]:
    """The attempts at a mail, first to last."""
    return rows.attempts(conn, outbox_id)


def move_to_case(conn: Connection, message_keys: Sequence[str], case_id: CaseId) -> None:
    """Let the mails that these archived messages are be the case's."""
    for start in range(0, len(message_keys), _LOOKUP_MAX):
        among = message.c.key.in_(message_keys[start : start + _LOOKUP_MAX])
        ids = select(message.c.message_id).where(among)
        conn.execute(update(outbox).where(outbox.c.message_id.in_(ids)).values(case_id=case_id))


def raw(conn: Connection, outbox_id: str) -> bytes:
    """The bytes as they are sent. Raises: NotFound, also for a mail that was never rendered."""
    digest = conn.execute(select(outbox.c.blob_sha256).where(outbox.c.id == outbox_id)).scalar()
    if digest is None:
        raise NotFound(f"no bytes of mail {outbox_id}")
    return archive.blob(conn, digest)


def _given_up(outcome: RecipientOutcome) -> RecipientOutcome:
    if outcome.state is not RecipientState.DEFERRED:
        return outcome
    return replace(outcome, state=RecipientState.REFUSED, reply=f"given up: {outcome.reply}")


def _summary(outcomes: Sequence[RecipientOutcome]) -> str:
    """Such as: sent 2, deferred 1."""
    counts = Counter(each.state.value for each in outcomes)
    return ", ".join(f"{state} {count}" for state, count in counts.items())


def _meant(mail: OutboxEntry, recipient: str | None) -> list[str]:
    if recipient is None:
        return [each.address for each in mail.recipients if each.state is RecipientState.IN_DOUBT]
    meant = [each.address for each in mail.recipients if each.address.casefold() == recipient.casefold()]
    if not meant:
        raise NotFound(f"mail {mail.id} has no recipient {recipient}")
    return meant
