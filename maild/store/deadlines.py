"""The deadlines of cases as rows, so that they can be asked for; a case's progress is what they come from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from maild.model.case import CaseId
from maild.model.people import Viewer
from maild.model.progress import DeadlineRun, DeadlineState, Progress
from maild.store.tables import case_row, deadline
from maild.store.visibility import sees_case

_ADD = insert(deadline)
_CHANGE = update(deadline).where(
    deadline.c.case_id == bindparam("of_case"),
    deadline.c.name == bindparam("of_name"),
    deadline.c.run == bindparam("of_run"),
)
_DUE = (
    select(case_row.c.id)
    .where(case_row.c.next_at <= bindparam("at"), case_row.c.merged_into == "")
    .order_by(case_row.c.next_at, case_row.c.id)
    .limit(bindparam("most"))
)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)  # before everything
_NEXT = (
    select(case_row.c.next_at)
    .where(case_row.c.next_at > bindparam("at"), case_row.c.merged_into == "")
    .order_by(case_row.c.next_at)
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which runs are asked for: in these states, due by an instant, of one owner (empty: of nobody)."""

    states: frozenset[DeadlineState]
    due_before: datetime | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDeadline:
    """One run of a deadline of a case; moments and marks are not among the rows."""

    case_id: CaseId
    run: DeadlineRun


def record(conn: Connection, case_id: CaseId, before: Progress, after: Progress) -> None:
    """Bring the rows of the case from `before` to `after`; timers are nobody's promise and have none."""
    known = {(run.name, run.run): run for run in before.deadlines}
    promises = [run for run in after.deadlines if run.is_promise]
    new = [run for run in promises if (run.name, run.run) not in known]
    changed = [run for run in promises if known.get((run.name, run.run), run) != run]
    if new:
        conn.execute(_ADD, [{"case_id": case_id, **_values(run)} for run in new])
    for run in changed:
        key = {"of_case": case_id, "of_name": run.name, "of_run": run.run}
        conn.execute(_CHANGE, key | _values(run))


def due_cases(conn: Connection, now: datetime, limit: int) -> tuple[CaseId, ...]:
    """The cases on which something has come due by `now`, the longest due first."""
    return tuple(CaseId(one) for one in conn.execute(_DUE, {"at": now, "most": limit}).scalars())


def next_due(conn: Connection, after: datetime = _EVER) -> datetime | None:
    """When something is next due on any case, later than `after`."""
    return conn.execute(_NEXT, {"at": after}).scalar()


def list_deadlines(conn: Connection, viewer: Viewer, asked: Asked, *, limit: int) -> tuple[CaseDeadline, ...]:
    """The promises that are asked for, of cases that `viewer` may see, the first due first."""
    conditions = [deadline.c.state.in_(asked.states), case_row.c.merged_into == "", sees_case(viewer)]
    if asked.due_before is not None:
        conditions.append(deadline.c.due_at <= asked.due_before)
    if asked.owner is not None:
        conditions.append(case_row.c.owner == asked.owner)
    statement = (
        select(deadline)
        .join(case_row, case_row.c.id == deadline.c.case_id)
        .where(*conditions)
        .order_by(deadline.c.due_at, deadline.c.case_id, deadline.c.name, deadline.c.run)
        .limit(limit)
    )
    rows = conn.execute(statement)
    return tuple(CaseDeadline(case_id=CaseId(row.case_id), run=_run(row)) for row in rows)


def of_case(conn: Connection, case_id: CaseId) -> Iterator[DeadlineRun]:
    """Every run of the case, in the order of the starts."""
    rows = select(deadline).where(deadline.c.case_id == case_id)
    for row in conn.execute(rows.order_by(deadline.c.started_at, deadline.c.name, deadline.c.run)):
        yield _run(row)


def _values(run: DeadlineRun) -> dict[str, object]:
    return {
        "name": run.name,
        "run": run.run,
        "state": run.state,
        "started_at": run.started_at,
        "due_at": run.due_at,
        "ended_at": run.ended_at,
    }


def _run(row: Row[Any]) -> DeadlineRun:
    return DeadlineRun(
        name=row.name,
        run=row.run,
        state=row.state,
        started_at=row.started_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
    )
