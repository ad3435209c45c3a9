"""The promises of cases, as people look at them: what, since when, by when, and how late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.stored_sets import pinned_playbook
from maild.app.world import calendar_of
from maild.model.case import Case
from maild.model.people import Viewer
from maild.model.progress import DeadlineRun, DeadlineState
from maild.store import cases, deadlines

_OPEN = frozenset({DeadlineState.RUNNING, DeadlineState.PAUSED})
_LATE = frozenset({DeadlineState.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineView:
    """One run of a deadline; instants are in the zone of the case's calendar, `title` is by language.

    `late_s` is how many seconds after its due time it was met, or it runs since then; None: it is not late.
    """

    name: str
    title: Mapping[str, str]
    state: DeadlineState
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    late_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDeadline:
    """One run of a deadline, with what a list shows of its case."""

    case_number: str
    subject: str
    owner: str
    deadline: DeadlineView


def list_deadlines(
    context: Context, viewer: Viewer, *, late: bool, owner: str | None, limit: int
) -> tuple[ListedDeadline, ...]:
    """The promises that somebody still has to keep, of cases that `viewer` may see; the first due first.

    With `late` only those whose time has run out; with `owner` (an address, any case) only those of his
    cases, of nobody's when it is empty.
    """
    asked = deadlines.Asked(
        states=_LATE if late else _OPEN,
        due_before=context.clock.now() if late else None,
        owner=None if owner is None else owner.strip().casefold(),
    )

    def look_up(conn: Connection) -> tuple[ListedDeadline, ...]:
        found = deadlines.list_deadlines(conn, viewer, asked, limit=limit)
        known = {case_id: cases.get(conn, case_id) for case_id in {one.case_id for one in found}}
        return tuple(_listed(conn, context, known[one.case_id], one.run) for one in found)

    return context.store.read(look_up)


def deadlines_of(conn: Connection, context: Context, case: Case) -> tuple[DeadlineView, ...]:
    """Every run of every deadline of the case, in the order of the starts."""
    return tuple(_view(conn, context, case, run) for run in case.progress.deadlines)


def _listed(conn: Connection, context: Context, case: Case, run: DeadlineRun) -> ListedDeadline:
    return ListedDeadline(
        case_number=case.number,
        subject=case.subject,
        owner=case.traits.owner,
        deadline=_view(conn, context, case, run),
    )


def _view(conn: Connection, context: Context, case: Case, run: DeadlineRun) -> DeadlineView:
    zone = ZoneInfo(calendar_of(context, case).zone)
    spec = pinned_playbook(conn, context, case).deadline(run.name)
    now = context.clock.now()
    return DeadlineView(
        name=run.name,
        title=dict(spec.title) if spec else {},
        state=run.state,
        started_at=run.started_at.astimezone(zone),
        due_at=run.due_at.astimezone(zone),
        ended_at=run.ended_at.astimezone(zone) if run.ended_at else None,
        late_s=int(((run.ended_at or now) - run.due_at).total_seconds()) if run.is_late(now) else None,
    )
