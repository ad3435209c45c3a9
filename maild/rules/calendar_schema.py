"""What may stand in a file of config/calendars: when an office is open, as an admin writes it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from maild.model.calendar import DAY_MIN, DayKind, OfficeHours
from maild.rules.field_schema import Word
from maild.rules.shape import Shape
from maild.settings import Zone

MOST_DAYS = 400
"""One entry names no more days than a year and a bit: a longer one has a slip in its year."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_HOURS = re.compile(r"([0-9]{2}):([0-5][0-9])\s*-\s*([0-9]{2}):([0-5][0-9])")


def _hours(text: str) -> str:
    found = read_hours(text)
    if found is None or not found.opens_min < found.closes_min <= DAY_MIN:
        hint = "from and to, such as 09:00-12:00; 24:00 is the end of the day"
        raise PydanticCustomError(
            "hours", "there are no office hours {text}", {"text": repr(text), "hint": hint}
        )
    return text


def read_hours(text: str) -> OfficeHours | None:
    """`09:00-12:00` as minutes from midnight, None when it is written otherwise."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return None
    opens_h, opens_min, closes_h, closes_min = map(int, found.groups())
    return OfficeHours(opens_min=opens_h * 60 + opens_min, closes_min=closes_h * 60 + closes_min)


def _in_order(texts: list[str]) -> list[str]:
    read = [hours for text in texts if (hours := read_hours(text))]
    if any(late.opens_min < early.closes_min for early, late in pairwise(read)):
        hint = "write them in order, each after the one before"
        raise PydanticCustomError("overlap", "office hours that overlap or go back", {"hint": hint})
    return texts


Hours = Annotated[
    list[Annotated[str, AfterValidator(_hours)]],
    AfterValidator(_in_order),
    Field(description="from and to, such as [09:00-12:00, 13:00-18:00]; [] is closed"),
]


class OfficeHoursEntry(Shape):
    """The hours of each weekday; a lunch break lies between two entries."""

    weekdays: Hours | None = Field(None, description="Monday to Friday, where a day has no key of its own")
    monday: Hours | None = None
    tuesday: Hours | None = None
    wednesday: Hours | None = None
    thursday: Hours | None = None
    friday: Hours | None = None
    saturday: Hours | None = None
    sunday: Hours | None = None
    make_up: Hours | None = Field(
        None,
        description="of a day that is worked though its weekday is off; without it those of the first day",
    )

    @model_validator(mode="after")
    def _open_at_all(self) -> "OfficeHoursEntry":
        if not any(self.week()):
            hint = "write weekdays: [09:00-18:00], or the hours of one day"
            raise PydanticCustomError("never", "an office that is never open", {"hint": hint})
        return self

    def week(self) -> tuple[tuple[OfficeHours, ...], ...]:
        """The hours of seven days, Monday first."""
        own = [getattr(self, name) for name in WEEKDAYS]
        filled = [self.weekdays if hours is None and at < 5 else hours for at, hours in enumerate(own)]
        return tuple(_read(hours) for hours in filled)

    def make_up_hours(self) -> tuple[OfficeHours, ...]:
        """Those of a day that is worked though its weekday is off."""
        return _read(self.make_up) or next(filter(None, self.week()))


Day = Annotated[date, Field(description="a day, such as 2026-10-01")]


class DaysEntry(Shape):
    """A day, or all days from one to another, and what they are called."""

    on: Day | None = Field(None, alias="date", description="one day")
    first: Day | None = Field(None, alias="from", description="instead of date: the first of several days")
    last: Day | None = Field(None, alias="to", description="the last of them")
    name: Word = Field(description="what they are called, as people are told")
    name_en: Word | None = Field(None, description="the same in English; without it `name` says it in both")

    @model_validator(mode="after")
    def _some_days(self) -> "DaysEntry":
        if (self.on is None) == (self.first is None) or (self.first is None) != (self.last is None):
            hint = "write date: 2026-10-01, or from: 2026-10-01 and to: 2026-10-07"
            raise PydanticCustomError("which_days", "neither one day nor from and to", {"hint": hint})
        if self.first and self.last and not self.first <= self.last < self.first + timedelta(days=MOST_DAYS):
            hint = f"to comes after from, by {MOST_DAYS} days at most"
            raise PydanticCustomError(
                "which_days", "days that run the wrong way or for years", {"hint": hint}
            )
        return self

    def days(self) -> Iterator[date]:
        """Each day, in order."""
        named = [day for day in (self.on, self.first, self.last) if day]
        length = (named[-1] - named[0]).days + 1
        return (named[0] + timedelta(days=at) for at in range(length))

    def names(self) -> tuple[tuple[str, str], ...]:
        """By language."""
        return (("zh", self.name), ("en", self.name_en or self.name))


Year = Annotated[int, Field(ge=2000, le=2100, description="a year, such as 2027")]


class CalendarFile(Shape):
    """A file of config/calendars."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")] = Field(
        description="how maild.toml calls it, in small letters, digits, - and _; no two are alike"
    )
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(
        None, description="whose official holidays and make-up working days hold: two letters, such as CN"
    )
    region: Word | None = Field(
        None, description="a part of the country with holidays of its own, such as BY"
    )
    zone: Zone | None = Field(None, description="the time zone; without it that of the mailbox")
    office_hours: OfficeHoursEntry = Field(description="when the office is open")
    holidays: list[DaysEntry] = Field([], description="official holidays that the table lacks or has wrong")
    make_up: list[DaysEntry] = Field([], description="official make-up working days, likewise")
    closed: list[DaysEntry] = Field([], description="closures of the house")
    open: list[DaysEntry] = Field([], description="days that the house works though they are off")
    official_through: Year | None = Field(
        None, description="the last year whose official days are right here"
    )

    def lists(self) -> tuple[tuple[str, DayKind, list[DaysEntry]], ...]:
        """Each list of days, with its key and what it makes of them."""
        return (
            ("holidays", DayKind.HOLIDAY, self.holidays),
            ("make_up", DayKind.MAKE_UP, self.make_up),
            ("closed", DayKind.CLOSURE, self.closed),
            ("open", DayKind.OPEN, self.open),
        )


def _read(texts: list[str] | None) -> tuple[OfficeHours, ...]:
    return tuple(hours for text in texts or () if (hours := read_hours(text)))


CALENDAR_SCHEMA: dict[str, Any] = CalendarFile.model_json_schema()
