"""Working calendars: those that come with maild and those of the config folder, with their official days."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from pathlib import Path

from maild.app.official_days import known_countries, known_regions, official_days
from maild.app.shipped import shipped_config
from maild.core.calendar import unpublished_years
from maild.errors import ConfigError, NotFound, Problem
from maild.mistakes import nearest, problem_at
from maild.model.calendar import CalendarPlan, DayKind, SpecialDay, WorkingCalendar
from maild.rules.load import load_calendar_plans

log = logging.getLogger(__name__)

FOLDER = "calendars"
LOOK_AHEAD = timedelta(days=31)
"""How far ahead promises commonly fall: an official calendar that is lacking is told of so long before."""


def load_calendars(folder: Path) -> tuple[WorkingCalendar, ...]:
    """The calendars of a config folder, and the shipped ones whose names it does not use, by name.

    A calendar that names no zone has none yet: `in_zone` gives it one. Raises: ConfigError.
    """
    plans = {plan.name: plan for plan in load_calendar_plans(shipped_config() / FOLDER)}
    plans |= {plan.name: plan for plan in load_calendar_plans(folder / FOLDER)}
    problems = tuple(problem for plan in plans.values() for problem in _unknown_country(plan, folder))
    if problems:
        raise ConfigError(problems)
    return tuple(build(plans[name]) for name in sorted(plans))


def calendar_named(calendars: Iterable[WorkingCalendar], name: str) -> WorkingCalendar:
    """The calendar of that name. Raises: NotFound."""
    known = {calendar.name: calendar for calendar in calendars}
    if name not in known:
        raise NotFound(f"there is no calendar {name!r} ({nearest(name, known)})")
    return known[name]


def in_zone(calendar: WorkingCalendar, zone: str) -> WorkingCalendar:
    """The calendar; in that zone, where it names none itself."""
    return calendar if calendar.zone else replace(calendar, zone=zone)


def build(plan: CalendarPlan) -> WorkingCalendar:
    """The calendar of a plan: the official days, corrected, then the house's own; its country is known.

    A closure leaves an official holiday its name, and closes a make-up day; what the house opens is open.
    """
    official = official_days(plan.country, plan.region) if plan.country else None
    return WorkingCalendar(
        name=plan.name,
        zone=plan.zone,
        week=plan.week,
        make_up_hours=plan.make_up_hours,
        days=_laid_over(official.days if official else (), plan.days),
        official_from=official.since if official else MINYEAR,
        official_through=plan.official_through or (official.through if official else MAXYEAR),
    )


def unpublished(
    calendars: Iterable[WorkingCalendar], names: Iterable[str], now: datetime
) -> Iterator[Problem]:
    """A warning for each of the named calendars that promises of the next weeks may find unpublished."""
    in_use = frozenset(names)
    for calendar in calendars:
        years = unpublished_years(in_zone(calendar, "UTC"), now, now + LOOK_AHEAD)
        if calendar.name in in_use and years:
            yield Problem(file=f"calendar {calendar.name}", what=lacks(years), hint=MEND)


def lacks(years: Sequence[int]) -> str:
    """What is to be told of years that are not published."""
    return f"the official calendar of {', '.join(map(str, years))} is not known: due times may still change"


MEND = "update maild's library holidays, or write the days and official_through into config/calendars"


class PublicationWatch:
    """Warns of due times that need an official calendar that is not known, of each year once."""

    def __init__(self) -> None:
        self._told: set[tuple[str, int]] = set()

    def warn(self, calendar: WorkingCalendar, start: datetime, due: datetime) -> None:
        """Log a warning for each year between the two that is not published and was not told of."""
        for year in unpublished_years(calendar, start, due):
            if (calendar.name, year) not in self._told:
                self._told.add((calendar.name, year))
                log.warning(
                    "calendar %s: %s (%s)",
                    calendar.name,
                    lacks((year,)),
                    MEND,
                    extra={"event": "calendar.unpublished", "calendar": calendar.name, "year": year},
                )


def _laid_over(official: Sequence[SpecialDay], own: Sequence[SpecialDay]) -> tuple[SpecialDay, ...]:
    days = {day.on: day for day in official}
    for kind in (DayKind.HOLIDAY, DayKind.MAKE_UP, DayKind.CLOSURE, DayKind.OPEN):
        for day in own:
            there = days.get(day.on)
            is_holiday = there is not None and there.kind is DayKind.HOLIDAY
            if day.kind is kind and not (kind is DayKind.CLOSURE and is_holiday):
                days[day.on] = day
    return tuple(days[on] for on in sorted(days))


def _unknown_country(plan: CalendarPlan, folder: Path) -> Iterator[Problem]:
    if not plan.country:
        return
    known = known_countries()
    if plan.country not in known:
        what = f"there is no table for the country {plan.country!r}"
        yield problem_at(folder, plan.place, what, nearest(plan.country, known))
    elif plan.region and plan.region not in known_regions(plan.country):
        what = f"{plan.country} has no region {plan.region!r} with holidays of its own"
        yield problem_at(folder, plan.place, what, nearest(plan.region, known_regions(plan.country)))
