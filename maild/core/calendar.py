"""Counting in working time: when a span that begins at an instant ends, forward and back.

Instants are aware and leave in UTC; days are those of the calendar's zone. A wall-clock time that comes twice
means the first, one that the clock skips means as much later (RFC 5545 §3.3.5). Words for it all stand in
calendar_words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import assert_never
from zoneinfo import ZoneInfo

from maild.errors import NeverOpen
from maild.model.calendar import Span, SpanMode, SpanUnit, WorkingCalendar

LONGEST_CLOSURE_D = 400
"""Days in a row without work after which nobody is expected back: more than a year."""

_DAY = timedelta(days=1)
_FORWARD, _BACK = 1, -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From opening to closing, without a break between; both in UTC."""

    opens_at: datetime
    closes_at: datetime


def add_span(calendar: WorkingCalendar, start: datetime, span: Span) -> datetime:
    """The instant by which something is due that was promised at `start` within `span`.

    Working days to close: the day of `start` is not counted, and it is due when the last day closes. To the
    hour: at the same clock time so many working days on; what begins outside office hours begins at the next
    opening. Days are days of the calendar, and hours and minutes those of any clock; a day that has no close
    of business ends at midnight.
    Raises: NeverOpen.
    """
    match span.unit:
        case SpanUnit.WORKING_DAYS:
            return _shifted(calendar, start, span, _FORWARD)
        case SpanUnit.WORKING_HOURS:
            return _after_work(calendar, start, timedelta(hours=span.count))
        case SpanUnit.DAYS:
            return _days_on(calendar, start, span, _FORWARD)
        case SpanUnit.HOURS | SpanUnit.MINUTES:
            return start.astimezone(UTC) + _elapsed(span)
        case _:
            assert_never(span.unit)


def subtract_span(calendar: WorkingCalendar, end: datetime, span: Span) -> datetime:
    """The instant that lies `span` before `end`, such as when to remind of it.

    Days to close: the day of `end` is not counted, and it is the opening of the last day, so that all of that
    day is left; a day without an opening begins at midnight. To the hour: the same clock time so many days
    before; what ends outside office hours ends at the closing before.
    Raises: NeverOpen.
    """
    match span.unit:
        case SpanUnit.WORKING_DAYS:
            return _shifted(calendar, end, span, _BACK)
        case SpanUnit.WORKING_HOURS:
            return _before_work(calendar, end, timedelta(hours=span.count))
        case SpanUnit.DAYS:
            return _days_on(calendar, end, span, _BACK)
        case SpanUnit.HOURS | SpanUnit.MINUTES:
            return end.astimezone(UTC) - _elapsed(span)
        case _:
            assert_never(span.unit)


def counted_from(calendar: WorkingCalendar, start: datetime, span: Span) -> datetime:
    """The instant from which `add_span` counts: `start`, or the next opening where office hours matter."""
    return next_working_moment(calendar, start) if _needs_office(span) else start.astimezone(UTC)


def counted_to(calendar: WorkingCalendar, end: datetime, span: Span) -> datetime:
    """The instant from which `subtract_span` goes back: `end`, or the closing before it."""
    return previous_working_moment(calendar, end) if _needs_office(span) else end.astimezone(UTC)


def is_working_day(calendar: WorkingCalendar, on: date) -> bool:
    """True if the office opens on that day."""
    return bool(calendar.hours(on))


def local_date(calendar: WorkingCalendar, at: datetime) -> date:
    """The day that it is in the calendar's zone."""
    return at.astimezone(ZoneInfo(calendar.zone)).date()


def next_working_moment(calendar: WorkingCalendar, at: datetime) -> datetime:
    """`at` within office hours (the instant of closing is not), else the next opening. Raises: NeverOpen."""
    return max(at.astimezone(UTC), next(_windows_after(calendar, at)).opens_at)


def previous_working_moment(calendar: WorkingCalendar, at: datetime) -> datetime:
    """`at` within office hours (closing too), else the closing before. Raises: NeverOpen."""
    return min(at.astimezone(UTC), next(_windows_before(calendar, at)).closes_at)


def working_days_between(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    """Working days after the day of `start`, to that of `end`; below zero where `end` comes first."""
    first, last = local_date(calendar, start), local_date(calendar, end)
    if last < first:
        return -working_days_between(calendar, end, start)
    return sum(is_working_day(calendar, first + day * _DAY) for day in range(1, (last - first).days + 1))


def working_time_between(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """For how long the office is open from `start` to `end`; nothing where `end` comes first.

    Raises: NeverOpen.
    """
    passing = takewhile(lambda window: window.opens_at < end, _windows_after(calendar, start))
    open_for = (min(window.closes_at, end) - max(window.opens_at, start) for window in passing)
    return sum(open_for, timedelta())


def add_working_time(calendar: WorkingCalendar, start: datetime, work: timedelta) -> datetime:
    """When the office has been open for so long since `start`; for no time `start`. Raises: NeverOpen."""
    return _after_work(calendar, start, work) if work else start.astimezone(UTC)


def unpublished_years(calendar: WorkingCalendar, start: datetime, end: datetime) -> tuple[int, ...]:
    """The years from `start` to `end` whose official calendar is not known, so that days may yet change."""
    first, last = sorted((local_date(calendar, start).year, local_date(calendar, end).year))
    known = range(calendar.official_from, calendar.official_through + 1)
    return tuple(year for year in range(first, last + 1) if year not in known)


def windows(calendar: WorkingCalendar, on: date) -> tuple[Window, ...]:
    """When the office is open on that day, in order; empty when it is not."""
    midnight, found = datetime.combine(on, time.min), list[Window]()
    for hours in calendar.hours(on):
        opens_at = _instant(calendar, midnight + timedelta(minutes=hours.opens_min))
        closes_at = _instant(calendar, midnight + timedelta(minutes=hours.closes_min))
        if found:  # where the clock was put forward, one may reach into the next
            opens_at = max(opens_at, found[-1].closes_at)
        found.append(Window(opens_at=opens_at, closes_at=max(opens_at, closes_at)))
    return tuple(found)


def _shifted(calendar: WorkingCalendar, at: datetime, span: Span, step: int) -> datetime:
    """So many working days from `at`, forward or back."""
    origin = (counted_from if step == _FORWARD else counted_to)(calendar, at, span)
    days = _working_days(calendar, local_date(calendar, origin) + step * _DAY, step)
    on = next(islice(days, span.count - 1, None))
    if _is_to_hour(span):
        return _within(windows(calendar, on), _same_clock(calendar, origin, on))
    return _edge(calendar, on, step)


def _days_on(calendar: WorkingCalendar, at: datetime, span: Span, step: int) -> datetime:
    """So many days of the calendar from `at`, whether they are worked or not."""
    on = local_date(calendar, at) + step * span.count * _DAY
    return _same_clock(calendar, at, on) if _is_to_hour(span) else _edge(calendar, on, step)


def _edge(calendar: WorkingCalendar, on: date, step: int) -> datetime:
    """Where a day ends, or going back begins: with its office hours, at midnight where there are none."""
    open_then = windows(calendar, on)
    if step == _FORWARD:
        midnight = datetime.combine(on + _DAY, time.min)
        return open_then[-1].closes_at if open_then else _instant(calendar, midnight)
    return open_then[0].opens_at if open_then else _instant(calendar, datetime.combine(on, time.min))


def _same_clock(calendar: WorkingCalendar, at: datetime, on: date) -> datetime:
    clock = at.astimezone(ZoneInfo(calendar.zone)).time()
    return _instant(calendar, datetime.combine(on, clock))


def _within(open_then: tuple[Window, ...], at: datetime) -> datetime:
    """`at` if the office is open then; else the closing before, or the first opening."""
    begun = [window for window in open_then if window.opens_at <= at]
    return min(at, begun[-1].closes_at) if begun else open_then[0].opens_at


def _after_work(calendar: WorkingCalendar, start: datetime, work: timedelta) -> datetime:
    """When so much time of open office has passed since `start`."""
    passing, begun_at = _windows_after(calendar, start), start.astimezone(UTC)
    window = next(passing)
    begun_at = max(begun_at, window.opens_at)
    while window.closes_at - begun_at < work:
        work -= window.closes_at - begun_at
        window = next(passing)
        begun_at = window.opens_at
    return begun_at + work


def _before_work(calendar: WorkingCalendar, end: datetime, work: timedelta) -> datetime:
    """Since when so much time of open office has passed by `end`."""
    passing, ended_at = _windows_before(calendar, end), end.astimezone(UTC)
    window = next(passing)
    ended_at = min(ended_at, window.closes_at)
    while ended_at - window.opens_at < work:
        work -= ended_at - window.opens_at
        window = next(passing)
        ended_at = window.closes_at
    return ended_at - work


def _windows_after(calendar: WorkingCalendar, at: datetime) -> Iterator[Window]:
    """Those that close after `at`, without end, in order. Raises: NeverOpen."""
    for on in _working_days(calendar, local_date(calendar, at), _FORWARD):
        yield from (window for window in windows(calendar, on) if window.closes_at > at)


def _windows_before(calendar: WorkingCalendar, at: datetime) -> Iterator[Window]:
    """Those that have opened by `at`, the last first, without end. Raises: NeverOpen."""
    for on in _working_days(calendar, local_date(calendar, at), _BACK):
        yield from (window for window in reversed(windows(calendar, on)) if window.opens_at <= at)


def _working_days(calendar: WorkingCalendar, first: date, step: int) -> Iterator[date]:
    """The working days from `first` on, forward or back, without end. Raises: NeverOpen."""
    on, idle_d = first, 0
    while idle_d < LONGEST_CLOSURE_D:
        if is_working_day(calendar, on):
            idle_d = 0
            yield on
        else:
            idle_d += 1
        on += step * _DAY
    raise NeverOpen(
        f"the calendar {calendar.name!r} has no working day in the {LONGEST_CLOSURE_D} days from {first}"
    )


def _instant(calendar: WorkingCalendar, wall: datetime) -> datetime:
    """The instant at which the clock on the wall of the office shows `wall`, which is naive."""
    return wall.replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


def _is_to_hour(span: Span) -> bool:
    return span.mode is SpanMode.TO_HOUR


def _needs_office(span: Span) -> bool:
    """True where counting begins and ends within office hours."""
    return span.unit is SpanUnit.WORKING_HOURS or (span.unit is SpanUnit.WORKING_DAYS and _is_to_hour(span))


def _elapsed(span: Span) -> timedelta:
    unit = timedelta(hours=1) if span.unit is SpanUnit.HOURS else timedelta(minutes=1)
    return span.count * unit
