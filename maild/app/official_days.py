"""The official holidays and make-up working days of a country, as the library `holidays` knows them.

It knows make-up days only for years that were officially published, and computes later years by statute
without saying so: `through` says how far it can be believed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from maild.model.calendar import DayKind, SpecialDay

if TYPE_CHECKING:
    from holidays import HolidayBase

FIRST_YEAR, LAST_YEAR = 2020, 2040
"""What a table holds at most: no case is older, and none has a promise so far ahead."""

_DAY = timedelta(days=1)
_LANGUAGES = (("zh", "zh_CN"), ("en", "en_US"))
_MAKE_UP = (("zh", "调休上班"), ("en", "make-up working day"))

Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDays:
    """The days in order, which hold for certain from the year `since` through the year `through`."""

    days: tuple[SpecialDay, ...]
    since: int
    through: int


def known_countries() -> frozenset[str]:
    """The codes (ISO 3166-1 alpha-2) of every country that there is a table for."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415  # for whoever counts in working time alone

    return frozenset(codes[1] for codes in COUNTRIES.values())


def known_regions(country: str) -> tuple[str, ...]:
    """The codes of the regions of one of the `known_countries` that have holidays of their own.

    Only that country's table is loaded: all of them would take half a second.
    """
    import holidays  # noqa: PLC0415  # as above

    return tuple(holidays.country_holidays(country).subdivisions)


@lru_cache
def official_days(country: str, region: str) -> OfficialDays:
    """The table of one of the `known_countries`, or of one of its regions; computed once a process.

    Where a country makes holidays up on weekends, whole runs of days off are named by their holiday, as its
    notices do, and the table is certain through the last year in which it has such a day.
    """
    tables = _tables(country, region)
    first = tables[0][1]
    worked = sorted(day for day in first.weekend_workdays if FIRST_YEAR <= day.year <= LAST_YEAR)
    named = {day: _names(tables, day) for day in sorted(first)}
    if worked:
        named = _runs(named, first)
    off = [SpecialDay(on=day, kind=DayKind.HOLIDAY, names=names) for day, names in named.items()]
    on = [SpecialDay(on=day, kind=DayKind.MAKE_UP, names=_MAKE_UP) for day in worked]
    return OfficialDays(
        days=tuple(sorted((*off, *on), key=lambda each: each.on)),
        since=_years(first)[0],
        through=worked[-1].year if worked else _years(first)[-1],
    )


def _tables(country: str, region: str) -> tuple[tuple[str, "HolidayBase"], ...]:
    """The same days with their names in each of our languages that there is, else in the country's own."""
    import holidays  # noqa: PLC0415  # as above

    empty = holidays.country_holidays(country, subdiv=region or None, expand=False)

    def table(language: str | None) -> "HolidayBase":
        return holidays.country_holidays(
            country, subdiv=region or None, years=_years(empty), expand=False, language=language
        )

    told = [(code, table(name)) for code, name in _LANGUAGES if name in empty.supported_languages]
    return tuple(told) or (("", table(None)),)


def _years(table: "HolidayBase") -> range:
    """Those that the library can tell of, as far as we ask."""
    return range(max(FIRST_YEAR, table.start_year), min(LAST_YEAR, table.end_year) + 1)


def _names(tables: tuple[tuple[str, "HolidayBase"], ...], day: date) -> Names:
    """What a day is called by language; empty for one that is off only for another that is worked."""
    names = ((code, _proper(table, table[day])) for code, table in tables)
    return tuple((code, name) for code, name in names if name)


def _proper(table: "HolidayBase", name: str) -> str:
    """The name without `(observed)`; empty for a day off that is made up for elsewhere."""
    substituted = str(table.tr(getattr(table, "substituted_label", "")))
    before, _, after = substituted.partition("%s")
    if substituted and name.startswith(before) and name.endswith(after):
        return ""
    observed = str(table.tr(getattr(table, "observed_label", "")))
    return name.removesuffix(observed.removeprefix("%s"))


def _runs(named: dict[date, Names], table: "HolidayBase") -> dict[date, Names]:
    """The days off with the weekends that they touch, each named by the holiday that it belongs to."""
    filled: dict[date, Names] = {}
    for day in named:
        if day in filled:
            continue
        run = _run(day, table)
        names = next((named[each] for each in run if named.get(each)), _DAY_OFF)
        for each in run:
            names = named.get(each) or names
            filled[each] = names
    return filled


def _run(day: date, table: "HolidayBase") -> list[date]:
    """The days off in a row, with that day."""
    first = last = day
    while not table.is_working_day(first - _DAY):
        first -= _DAY
    while not table.is_working_day(last + _DAY):
        last += _DAY
    return [first + at * _DAY for at in range((last - first).days + 1)]


_DAY_OFF: Names = (("zh", "休息日"), ("en", "day off"))
