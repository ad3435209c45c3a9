"""A promise on its clock: when it starts, when it is looked at, when it is kept, while it stands still.

All in the time of the case's calendar. A moment of a promise (a reminder, its due time, an escalation) comes
once; what an outage held up comes once afterwards, and reminders of what is overdue by then do not come at
all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from maild.core.calendar import (
    add_span,
    add_working_time,
    is_working_day,
    local_date,
    next_working_moment,
    previous_working_moment,
    subtract_span,
    working_days_between,
    working_time_between,
)
from maild.model.calendar import Span, SpanMode, SpanUnit, WorkingCalendar
from maild.model.events import DeadlineResumed, DeadlineStarted, MomentsPassed
from maild.model.playbook import Deadline, Either, Escalation, Every, Proof, Reminder, Seen
from maild.model.progress import DeadlineRun, Mark

_DUE = "due"
_ONE_DAY = Span(count=1, unit=SpanUnit.WORKING_DAYS)
_MOMENT = timedelta(microseconds=1)  # what ends at midnight belongs to the day that ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point on the way of a promise; `notice` is the mail that it brings, if it brings one."""

    name: str
    at: datetime
    notice: Reminder | Escalation | None

    @property
    def is_due_time(self) -> bool:
        """True for the moment at which the time runs out."""
        return self.name == _DUE


def started(
    spec: Deadline, run: int, at: datetime, calendar: WorkingCalendar, reason: str
) -> DeadlineStarted:
    """The promise as it is given at `at`."""
    due_at = _due_at(spec, at, calendar)
    coming = [one.at for one in moments(spec, due_at, calendar) if one.at > at]
    return DeadlineStarted(
        name=spec.name,
        run=run,
        started_at=at,
        due_at=due_at,
        next_at=min(coming, default=None),
        reason=reason,
        is_promise=spec.is_promise,
    )


def _due_at(spec: Deadline, at: datetime, calendar: WorkingCalendar) -> datetime:
    """A timer waits for the office to be open; an update that falls in a closure goes out before it."""
    due_at = add_span(calendar, at, spec.within)
    if spec.update is not None:
        return _outside_closures(at, due_at, calendar)
    return due_at if spec.is_promise else next_working_moment(calendar, due_at)


def _outside_closures(at: datetime, due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """The last close of business before a closure; if that is gone already, that of the day after."""
    if is_working_day(calendar, local_date(calendar, due_at - _MOMENT)):
        return due_at
    before = previous_working_moment(calendar, due_at)
    return before if before > at else add_span(calendar, due_at - _MOMENT, _ONE_DAY)


def moments(spec: Deadline, due_at: datetime, calendar: WorkingCalendar) -> tuple[Moment, ...]:
    """Every moment of a run that is due at `due_at`, in the order of time."""
    reminders = (
        Moment(name=f"reminder {at}", at=subtract_span(calendar, due_at, notice.before), notice=notice)
        for at, notice in enumerate(spec.reminders, 1)
    )
    escalations = (
        Moment(name=f"escalation {level}", at=_after(due_at, notice, calendar), notice=notice)
        for level, notice in enumerate(spec.escalations, 1)
    )
    the_due_time = Moment(name=_DUE, at=due_at, notice=None)
    return tuple(sorted((*reminders, the_due_time, *escalations), key=lambda one: one.at))


def passing(
    spec: Deadline, run: DeadlineRun, now: datetime, calendar: WorkingCalendar
) -> tuple[MomentsPassed, tuple[Moment, ...]]:
    """What `now` brings for a running promise: the event, and the moments to act on.

    None at all, if the calendar was changed meanwhile so that they come later.
    """
    coming = _coming(spec, run, calendar)
    passed = [one for one in coming if one.at <= now]
    acted_on = tuple(one for one in passed if not _is_stale(one, run, now))
    names = ", ".join(one.name for one in passed) or "nothing yet"
    event = MomentsPassed(
        name=run.name,
        run=run.run,
        moments=tuple(one.name for one in passed),
        next_at=min((one.at for one in coming if one.at > now), default=None),
        reason=f"{names} of {run.name}, due {run.due_at:%Y-%m-%d %H:%M} UTC",
    )
    return event, acted_on


def next_moment(spec: Deadline, run: DeadlineRun, calendar: WorkingCalendar) -> datetime | None:
    """The first moment that has not been acted on; it may have come while nobody looked."""
    return min((one.at for one in _coming(spec, run, calendar)), default=None)


def resumed(
    spec: Deadline, run: DeadlineRun, at: datetime, calendar: WorkingCalendar, reason: str
) -> DeadlineResumed:
    """The clock going on at `at`: the promise is due later by as long as it stood still.

    What makes it go on may have come before what made it stand still, and be told later: then it never did.
    """
    paused_at = run.paused_at or at
    due_at = _moved(run.due_at, spec.within, paused_at, max(paused_at, at), calendar)
    next_at = next_moment(spec, replace(run, due_at=due_at), calendar)
    return DeadlineResumed(name=run.name, run=run.run, due_at=due_at, next_at=next_at, reason=reason)


def is_proven(proof: Proof, marks: Iterable[Mark], since: datetime, calendar: WorkingCalendar) -> bool:
    """True when what happened at `since` or later proves that the promise was kept."""
    counting = [mark for mark in marks if mark.at >= since]
    match proof:
        case Seen():
            days = {local_date(calendar, mark.at) for mark in counting if mark.happening == proof.happening}
            if proof.days > 1:
                days = {on for on in days if is_working_day(calendar, on)}
            return len(days) >= proof.days
        case Every():
            return all(is_proven(part, counting, since, calendar) for part in proof.parts)
        case Either():
            return any(is_proven(part, counting, since, calendar) for part in proof.parts)
        case _:
            assert_never(proof)


def proven_by(proof: Proof, marks: Iterable[Mark], since: datetime, calendar: WorkingCalendar) -> Mark | None:
    """The mark that made the proof whole, of those after `since` in the order of time; None: none did."""
    counting = sorted((mark for mark in marks if mark.at > since), key=lambda mark: mark.at)
    if not is_proven(proof, counting, since, calendar):
        return None
    ways = range(1, len(counting) + 1)
    return next(counting[n - 1] for n in ways if is_proven(proof, counting[:n], since, calendar))


def local_text(calendar: WorkingCalendar, at: datetime) -> str:
    """The instant as a clock in the calendar's zone shows it: 2026-10-08 18:00."""
    return f"{at.astimezone(ZoneInfo(calendar.zone)):%Y-%m-%d %H:%M}"


def _coming(spec: Deadline, run: DeadlineRun, calendar: WorkingCalendar) -> list[Moment]:
    """The moments of a run that have not passed; what would have come before it started never does."""
    return [
        one
        for one in moments(spec, run.due_at, calendar)
        if one.name not in run.passed and (one.at > run.started_at or one.is_due_time)
    ]


def _after(due_at: datetime, notice: Escalation, calendar: WorkingCalendar) -> datetime:
    """When an escalation comes: at the due time itself where it has no span."""
    return due_at if notice.after is None else add_span(calendar, due_at, notice.after)


def _moved(
    due_at: datetime, within: Span, from_at: datetime, to_at: datetime, calendar: WorkingCalendar
) -> datetime:
    """The due time after a pause: later by the days, the office hours or the time that the pause took."""
    match within.unit:
        case SpanUnit.HOURS | SpanUnit.MINUTES:
            return due_at + (to_at - from_at)
        case SpanUnit.WORKING_HOURS:
            return add_working_time(calendar, due_at, working_time_between(calendar, from_at, to_at))
        case SpanUnit.DAYS:
            days = (local_date(calendar, to_at) - local_date(calendar, from_at)).days
        case SpanUnit.WORKING_DAYS:
            days = working_days_between(calendar, from_at, to_at)
        case _:
            assert_never(within.unit)
    if days == 0:
        return due_at
    # Midnight at the end of a day belongs to that day.
    due_on = due_at - timedelta.resolution if within.mode is SpanMode.TO_CLOSE else due_at
    return add_span(calendar, due_on, replace(within, count=days))


def _is_stale(moment: Moment, run: DeadlineRun, now: datetime) -> bool:
    """A reminder of what is overdue by now."""
    return moment.at < run.due_at <= now
