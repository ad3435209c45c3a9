"""What people ask of a calendar: when something is due and why, and which days of a year are special."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from maild.app.calendars import calendar_named, in_zone, load_calendars
from maild.core.calendar import add_span, subtract_span
from maild.core.calendar_words import explain, explain_before
from maild.errors import UsageError
from maild.model.calendar import DayKind, Span, SpanMode, SpecialDay, WorkingCalendar
from maild.rules.span import parse_span
from maild.settings import DEFAULT_ZONE, calendar_setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """A span counted from an instant, both as people write them; `back` goes back from it."""

    at: str
    span: str
    mode: SpanMode
    back: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An instant, in the zone of the calendar, and the way to it in words."""

    due: datetime
    explain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysInYear:
    """Special days in a row that are alike."""

    first: date
    last: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfCalendar:
    """One year of a calendar; `official` is false where its official days are not published yet."""

    calendar: str
    zone: str
    year: int
    official: bool
    days: tuple[DaysInYear, ...]


def open_calendar(settings_path: Path, name: str) -> WorkingCalendar:
    """The calendar of that name in the folder of the settings; without a name the one that they name.

    Where there are no settings the shipped calendars are there all the same.
    Raises: ConfigError; NotFound.
    """
    calendars = load_calendars(settings_path.parent)
    calendar = calendar_named(calendars, name or calendar_setting(settings_path))
    return in_zone(calendar, DEFAULT_ZONE)


def count(calendar: WorkingCalendar, asked: Counting) -> Answer:
    """When the span ends, or going back begins. Raises: UsageError, NeverOpen."""
    zone = ZoneInfo(calendar.zone)
    shift, tell = (subtract_span, explain_before) if asked.back else (add_span, explain)
    try:
        at = datetime.fromisoformat(asked.at)
    except ValueError as exc:
        what = f"{asked.at!r} is no instant; write one such as 2026-09-30T16:40+08:00"
        raise UsageError(what) from exc
    try:
        start, span = at if at.tzinfo else at.replace(tzinfo=zone), parse_span(asked.span, asked.mode)
        due = shift(calendar, start, span).astimezone(zone)
        return Answer(due=due, explain=tell(calendar, start, span, asked.language))
    except OverflowError as exc:
        raise UsageError(f"{asked.span} from {asked.at} is too far from now") from exc
    except ValueError as exc:
        raise UsageError(str(exc)) from exc


def later(calendar: WorkingCalendar, at: datetime, span: Span) -> datetime:
    """The instant so long after `at`. Raises: NeverOpen."""
    return add_span(calendar, at, span)


def year_of(calendar: WorkingCalendar, year: int, language: str) -> YearOfCalendar:
    """The special days of a year in order, those in a row together."""
    days = [day for day in calendar.days if day.on.year == year]
    return YearOfCalendar(
        calendar=calendar.name,
        zone=calendar.zone,
        year=year,
        official=calendar.official_from <= year <= calendar.official_through,
        days=tuple(_in_row(days, language)),
    )


def _in_row(days: list[SpecialDay], language: str) -> list[DaysInYear]:
    """Days that follow each other, are of one kind and have one name."""
    rows = groupby(
        enumerate(days),
        key=lambda each: (each[1].on.toordinal() - each[0], each[1].kind, each[1].name(language)),
    )
    found = []
    for (_, kind, name), group in rows:
        dates = [day.on for _, day in group]
        found.append(DaysInYear(first=dates[0], last=dates[-1], kind=kind, name=name))
    return found
