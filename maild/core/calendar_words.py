"""Why something is due when it is, in Chinese or English: each day that passes, counted or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import assert_never
from zoneinfo import ZoneInfo

from maild.core.calendar import (
    add_span,
    counted_from,
    counted_to,
    is_working_day,
    local_date,
    subtract_span,
    unpublished_years,
    windows,
)
from maild.model.calendar import DayKind, Span, SpanMode, SpanUnit, WorkingCalendar


def explain(calendar: WorkingCalendar, start: datetime, span: Span, language: str) -> str:
    """How `add_span` gets to its instant, in one line; English unless `language` is zh. Raises: NeverOpen."""
    way = _Way(
        calendar=calendar,
        span=span,
        start=start,
        counted_at=counted_from(calendar, start, span),
        end=add_span(calendar, start, span),
    )
    return _told(way, _words(language), (_words(language).begins, _words(language).opening))


def explain_before(calendar: WorkingCalendar, end: datetime, span: Span, language: str) -> str:
    """How `subtract_span` gets to its instant, likewise; the days stand from the last to the first."""
    way = _Way(
        calendar=calendar,
        span=span,
        start=end,
        counted_at=counted_to(calendar, end, span),
        end=subtract_span(calendar, end, span),
    )
    return _told(way, _words(language), (_words(language).goes_back, _words(language).closing))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """From `start`, counted since `counted_at`, to `end`, which comes first where one goes back."""

    calendar: WorkingCalendar
    span: Span
    start: datetime
    counted_at: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How one language says it; what stands in braces is filled in."""

    code: str
    weekdays: tuple[str, ...]
    day: str
    instant: str
    stretch: str
    units: tuple[tuple[SpanUnit, str], ...]
    begins: str
    goes_back: str
    not_counted: str
    opening: str
    closing: str
    off: str
    weekend: str
    day_off: str
    holiday: str
    closure: str
    working_day: str
    working_days: str
    named: str
    calendar_day: str
    at_close: str
    at_opening: str
    at_midnight: str
    exactly: str
    unpublished: str
    between: str


def _told(way: _Way, words: _Words, beginning: tuple[str, str]) -> str:
    begins, moved = beginning
    parts = [begins.format(at=_instant(way, words, way.start), span=_span(way.span, words))]
    if way.counted_at != way.start:
        first, last = _date(way, way.start), _date(way, way.counted_at)
        waited = [on for on in (first, *_days(first, last)) if not is_working_day(way.calendar, on)]
        parts += [*_stretches(way, words, waited), moved.format(at=_instant(way, words, way.counted_at))]
    elif _is_to_close(way.span):
        parts.append(words.not_counted)
    parts += _passed(way, words)
    parts.append(_ending(way, words).format(at=_instant(way, words, way.end)))
    years = unpublished_years(way.calendar, way.start, way.end)
    if years:
        parts.append(words.unpublished.format(years=", ".join(map(str, years))))
    return words.between.join(parts)


def _passed(way: _Way, words: _Words) -> Iterator[str]:
    """The days that pass, as far as they matter to what is counted."""
    days = _days(_date(way, way.counted_at), _last_day(way))
    match way.span.unit:
        case SpanUnit.WORKING_DAYS:
            yield from _stretches(way, words, days)
        case SpanUnit.WORKING_HOURS:
            yield from _stretches(way, words, [on for on in days if not is_working_day(way.calendar, on)])
        case SpanUnit.DAYS:
            last = _last_day(way)
            reason, day = _reason(way, words, last), _day(last, words)
            shown = words.named.format(days=day, reason=reason) if reason else day
            yield words.calendar_day.format(number=way.span.count, day=shown)
        case SpanUnit.HOURS | SpanUnit.MINUTES:
            return
        case _:
            assert_never(way.span.unit)


def _stretches(way: _Way, words: _Words, days: Sequence[date]) -> Iterator[str]:
    """Days of one kind together, in their order; working days are numbered."""
    number = 0
    for (works, reason), group in groupby(
        days, key=lambda on: (is_working_day(way.calendar, on), _reason(way, words, on))
    ):
        stretch = sorted(group)
        shown = _stretch(stretch, words)
        if not works:
            yield words.off.format(days=shown, reason=reason)
            continue
        told = words.working_day if len(stretch) == 1 else words.working_days
        shown = words.named.format(days=shown, reason=reason) if reason else shown
        yield told.format(first=number + 1, last=number + len(stretch), days=shown)
        number += len(stretch)


def _reason(way: _Way, words: _Words, on: date) -> str:
    """Why that day is off, or worked though its weekday is off; empty for a day like any other."""
    special = way.calendar.special(on)
    if special is None:
        usual_off = words.weekend if on.weekday() >= 5 else words.day_off
        return "" if is_working_day(way.calendar, on) else usual_off
    if special.kind is DayKind.HOLIDAY:
        return words.holiday.format(name=special.name(words.code))
    if special.kind is DayKind.CLOSURE:
        return words.closure.format(name=special.name(words.code))
    return special.name(words.code)


def _ending(way: _Way, words: _Words) -> str:
    if not _is_to_close(way.span):
        return words.exactly
    if not windows(way.calendar, _last_day(way)):
        return words.at_midnight
    return words.at_close if way.end >= way.start else words.at_opening


def _last_day(way: _Way) -> date:
    """The last day that is counted: one that closes at midnight does so on the date after."""
    is_close = _is_to_close(way.span) and way.end >= way.start
    return _date(way, way.end - timedelta(microseconds=1) if is_close else way.end)


def _days(first: date, last: date) -> list[date]:
    """The days after `first`, `last` with them, in this order, which may go back."""
    step = 1 if last >= first else -1
    return [first + timedelta(days=step * days) for days in range(1, abs((last - first).days) + 1)]


def _date(way: _Way, at: datetime) -> date:
    return local_date(way.calendar, at)


def _is_to_close(span: Span) -> bool:
    in_days = span.unit in {SpanUnit.WORKING_DAYS, SpanUnit.DAYS}
    return in_days and span.mode is SpanMode.TO_CLOSE


def _instant(way: _Way, words: _Words, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(way.calendar.zone))
    return words.instant.format(day=_day(local.date(), words), year=local.year, clock=f"{local:%H:%M}")


def _stretch(days: Sequence[date], words: _Words) -> str:
    first, last = _day(days[0], words), _day(days[-1], words)
    return first if len(days) == 1 else words.stretch.format(first=first, last=last)


def _day(on: date, words: _Words) -> str:
    return words.day.format(
        weekday=words.weekdays[on.weekday()], month=on.month, name=_MONTHS[on.month - 1], number=on.day
    )


def _span(span: Span, words: _Words) -> str:
    shown = dict(words.units)[span.unit].format(count=span.count)
    return shown.removesuffix("s") if words.code == "en" and span.count == 1 else shown


def _words(language: str) -> _Words:
    return _CHINESE if language == "zh" else _ENGLISH


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ENGLISH = _Words(
    code="en",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    day="{weekday} {number} {name}",
    instant="{day} {year} {clock}",
    stretch="{first} to {last}",
    units=(
        (SpanUnit.WORKING_DAYS, "{count} working days"),
        (SpanUnit.WORKING_HOURS, "{count} working hours"),
        (SpanUnit.DAYS, "{count} days"),
        (SpanUnit.HOURS, "{count} hours"),
        (SpanUnit.MINUTES, "{count} minutes"),
    ),
    begins="{span} from {at}",
    goes_back="{span} before {at}",
    not_counted="that day is not counted",
    opening="outside office hours, so counted from the next opening, {at}",
    closing="outside office hours, so counted from the closing before, {at}",
    off="{days}: {reason}",
    weekend="weekend",
    day_off="day off",
    holiday="{name} (holiday)",
    closure="{name} (closed)",
    working_day="working day {first}: {days}",
    working_days="working days {first} to {last}: {days}",
    named="{days}, {reason}",
    calendar_day="day {number}: {day}",
    at_close="ends at close of business, {at}",
    at_opening="that day opens {at}",
    at_midnight="no office hours then, so midnight, {at}",
    exactly="exactly {at}",
    unpublished="the official calendar of {years} is not known here, so this may still change",
    between="; ",
)
_CHINESE = _Words(
    code="zh",
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    day="{month}月{number}日（{weekday}）",
    instant="{year}年{day}{clock}",
    stretch="{first}至{last}",
    units=(
        (SpanUnit.WORKING_DAYS, "{count}个工作日"),
        (SpanUnit.WORKING_HOURS, "{count}个工作小时"),
        (SpanUnit.DAYS, "{count}天"),
        (SpanUnit.HOURS, "{count}小时"),
        (SpanUnit.MINUTES, "{count}分钟"),
    ),
    begins="自{at}起{span}",
    goes_back="{at}之前{span}",
    not_counted="当日不计",
    opening="不在办公时间，自下次上班{at}起算",
    closing="不在办公时间，自此前下班{at}倒算",
    off="{days}：{reason}",
    weekend="周末",
    day_off="休息日",
    holiday="{name}放假",
    closure="{name}（停业）",
    working_day="第{first}个工作日：{days}",
    working_days="第{first}至{last}个工作日：{days}",
    named="{days}，{reason}",
    calendar_day="第{number}天：{day}",
    at_close="至{at}下班时止",
    at_opening="即{at}上班时",
    at_midnight="当日不办公，以零点为界：{at}",
    exactly="即{at}",
    unpublished="{years}年的官方放假安排尚未收录，日期可能变动",
    between="；",
)
