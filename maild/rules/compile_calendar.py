"""Calendars as the model knows them, made from what pydantic has checked."""

from collections.abc import Iterator
from datetime import date

from maild.errors import Problem
from maild.mistakes import Document
from maild.model.calendar import CalendarPlan, SpecialDay
from maild.rules.calendar_schema import CalendarFile


def plan_of(file: CalendarFile, document: Document, name: str) -> CalendarPlan:
    """The calendar of a file; `name` stands in its place before line and column."""
    days = (
        SpecialDay(on=on, kind=kind, names=entry.names())
        for _, kind, entries in file.lists()
        for entry in entries
        for on in entry.days()
    )
    return CalendarPlan(
        name=file.name,
        place=_place(document, name, "country" if file.country else "name"),
        country=file.country or "",
        region=file.region or "",
        zone=file.zone or "",
        week=file.office_hours.week(),
        make_up_hours=file.office_hours.make_up_hours(),
        days=tuple(days),
        official_through=file.official_through,
    )


def contradictions(file: CalendarFile, document: Document) -> Iterator[Problem]:
    """A Problem for each day that two entries name, one as off and the other as worked, or both alike."""
    for pair in (("holidays", "make_up"), ("closed", "open")):
        seen = dict[date, str]()
        for key, _, entries in file.lists():
            for at, entry in enumerate(entries if key in pair else ()):
                for on in entry.days():
                    if on in seen:
                        what = f"{on} stands here twice, under {seen[on]} and under {key}"
                        yield document.problem((key, at), what, "keep one")
                        break
                    seen[on] = key


def _place(document: Document, name: str, key: str) -> str:
    line, column = document.place((key,))
    return f"{name}:{line}:{column}"
