"""Calendars to count in: one like the shipped one around National Day 2026, and odd ones."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from maild.model.calendar import DayKind, OfficeHours, SpecialDay, WorkingCalendar

OFFICE = (
    OfficeHours(opens_min=9 * 60, closes_min=12 * 60),
    OfficeHours(opens_min=13 * 60, closes_min=18 * 60),
)
ROUND_THE_CLOCK = (OfficeHours(opens_min=0, closes_min=24 * 60),)


def days(kind: DayKind, first: date, last: date, zh: str, en: str) -> tuple[SpecialDay, ...]:
    """Every day from the first to the last."""
    names = (("zh", zh), ("en", en))
    count = (last - first).days + 1
    return tuple(SpecialDay(on=first + timedelta(days=at), kind=kind, names=names) for at in range(count))


def calendar(
    special: Iterable[SpecialDay] = (), *, zone: str = "Asia/Shanghai", official_through: int = 2026
) -> WorkingCalendar:
    """Monday to Friday, 9 to 12 and 13 to 18."""
    return WorkingCalendar(
        name="test",
        zone=zone,
        week=(OFFICE,) * 5 + ((),) * 2,
        make_up_hours=OFFICE,
        days=tuple(sorted(special, key=lambda day: day.on)),
        official_from=2020,
        official_through=official_through,
    )


NATIONAL_DAY = days(DayKind.HOLIDAY, date(2026, 10, 1), date(2026, 10, 7), "国庆节", "National Day")
MAKE_UP = days(DayKind.MAKE_UP, date(2026, 10, 10), date(2026, 10, 10), "调休上班", "make-up working day")
CHINA = calendar((*NATIONAL_DAY, *MAKE_UP))
ALWAYS = replace(CHINA, week=(ROUND_THE_CLOCK,) * 7, make_up_hours=ROUND_THE_CLOCK, days=())


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """The instant at which a clock in that zone shows `2026-09-30 16:40`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
