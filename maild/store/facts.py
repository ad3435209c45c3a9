"""Facts that wait to be decided on: what happened to a case elsewhere, such as a delivery settled."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from maild.errors import NotFound
from maild.model.case import CaseId
from maild.model.decision import QueuedFact
from maild.model.facts import Fact
from maild.model.intake import LedgerState
from maild.store import codec
from maild.store.tables import NOT_PROCESSED, queued_fact

_ADD = insert(queued_fact)
_LOCK = (
    select(queued_fact)
    .where(queued_fact.c.id == bindparam("of_id"), queued_fact.c.state == LedgerState.NEW)
    .with_for_update(skip_locked=True)
)


def queue(
    conn: Connection, case_id: CaseId, fact: Fact, now: datetime, new_id: Callable[[datetime], str]
) -> str:
    """The id under which the fact now waits."""
    row = {
        "id": new_id(now),
        "case_id": case_id,
        "fact": codec.fact_json(fact),
        "state": LedgerState.NEW,
        "attempts": 0,
        "error": "",
        "queued_at": now,
    }
    conn.execute(_ADD, row)
    return str(row["id"])


def pending(conn: Connection, limit: int, now: datetime) -> tuple[QueuedFact, ...]:
    """At most `limit` facts to be decided on at `now`, oldest first; a failed one waits for `retry_at`."""
    due = queued_fact.c.retry_at.is_(None) | (queued_fact.c.retry_at <= now)
    waiting = select(queued_fact).where(NOT_PROCESSED, queued_fact.c.state == LedgerState.NEW, due)
    return tuple(map(_fact, conn.execute(waiting.order_by(queued_fact.c.id).limit(limit))))


def lock(conn: Connection, fact_id: str) -> QueuedFact | None:
    """The fact, kept from other processes until the transaction ends; None unless it waits."""
    row = conn.execute(_LOCK, {"of_id": fact_id}).first()
    return None if row is None else _fact(row)


def done(conn: Connection, fact_id: str, now: datetime) -> None:
    """Note that the fact was decided on."""
    values = {"state": LedgerState.PROCESSED, "done_at": now, "error": ""}
    conn.execute(update(queued_fact).where(queued_fact.c.id == fact_id).values(values))


def failed(  # noqa: PLR0913 -- what failed, how, and when it is to be tried again
    conn: Connection, fact_id: str, error: str, *, now: datetime, retry_at: datetime, limit: int = 3
) -> LedgerState:
    """What has become of the fact after one more failure: quarantined at the `limit`-th.

    Raises: NotFound.
    """
    this = queued_fact.c.id == fact_id
    failed_before = conn.execute(select(queued_fact.c.attempts).where(this)).scalar()
    if failed_before is None:
        raise NotFound(f"no queued fact {fact_id}")
    attempts = failed_before + 1
    state = LedgerState.QUARANTINED if attempts >= limit else LedgerState.NEW
    done_at = now if state is LedgerState.QUARANTINED else None
    values = {"attempts": attempts, "state": state, "error": error, "retry_at": retry_at, "done_at": done_at}
    conn.execute(update(queued_fact).where(this).values(values))
    return state


def _fact(row: Row[Any]) -> QueuedFact:
    return QueuedFact(
        id=row.id,
        case_id=CaseId(row.case_id),
        fact=codec.fact_of(row.fact),
        attempts=row.attempts,
        error=row.error,
        queued_at=row.queued_at,
    )
