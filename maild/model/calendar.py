"""Working time: when an office is open, day by day, and spans of time as people promise them."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from enum import StrEnum

DAY_MIN = 24 * 60


class DayKind(StrEnum):
    """Why a day is not what its weekday says."""

    HOLIDAY = "holiday"  # off by the official calendar
    MAKE_UP = "make_up"  # worked by the official calendar, to make up for a holiday (调休)
    CLOSURE = "closure"  # off by the house's own word
    OPEN = "open"  # worked by the house's own word

    @property
    def is_worked(self) -> bool:
        """True for the days on which people work."""
        return self in {DayKind.MAKE_UP, DayKind.OPEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day that is not what its weekday says, and what it is called in which language."""

    on: date
    kind: DayKind
    names: tuple[tuple[str, str], ...]  # (language, name), at least one

    def name(self, language: str) -> str:
        """Its name in that language, else in the first that there is."""
        return next((name for code, name in self.names if code == language), self.names[0][1])


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """One stretch of a day, in minutes of the wall clock from midnight; 1440 is midnight at its end."""

    opens_min: int
    closes_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """When an office is open.

    `week` has seven entries, Monday first, each with its hours in order (a lunch break lies between two);
    `make_up_hours` are those of a day that is worked though its weekday is off. `days` are in order, no two
    on one date. The official calendar is known for the years from `official_from` to `official_through`.
    """

    name: str
    zone: str  # an IANA name
    week: tuple[tuple[OfficeHours, ...], ...]
    make_up_hours: tuple[OfficeHours, ...]
    days: tuple[SpecialDay, ...] = ()
    official_from: int = MINYEAR
    official_through: int = MAXYEAR

    def special(self, on: date) -> SpecialDay | None:
        """What is special about that day, if anything is."""
        at = bisect_left(self.days, on, key=_date_of)
        return self.days[at] if at < len(self.days) and self.days[at].on == on else None

    def hours(self, on: date) -> tuple[OfficeHours, ...]:
        """When the office is open on that day, in order; empty when it is not."""
        usual, special = self.week[on.weekday()], self.special(on)
        if special is None:
            return usual
        return (usual or self.make_up_hours) if special.kind.is_worked else ()


def _date_of(day: SpecialDay) -> date:
    return day.on


class SpanUnit(StrEnum):
    """What a span is counted in."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"


class SpanMode(StrEnum):
    """Where a span of days ends."""

    TO_CLOSE = "to_close"  # with the last day; the day on which it begins is not counted
    TO_HOUR = "to_hour"  # at the hour at which it began


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """So much time, such as 2 working days; `count` is 1 or more, `mode` matters for days alone."""

    count: int
    unit: SpanUnit
    mode: SpanMode = SpanMode.TO_CLOSE


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPlan:
    """A calendar as its file says it, before the official days of its country are known.

    `days` are what the file itself adds or corrects. `official_through` is the last year whose official days
    stand in the file or are right as they are; None: as the table of the country says.
    """

    name: str
    place: str  # file:line
    country: str  # ISO 3166-1; empty: no official holidays
    region: str  # a part of the country with holidays of its own; empty: none
    zone: str  # empty: that of the mailbox
    week: tuple[tuple[OfficeHours, ...], ...]
    make_up_hours: tuple[OfficeHours, ...]
    days: tuple[SpecialDay, ...]
    official_through: int | None
