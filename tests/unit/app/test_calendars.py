"""Calendars with their official days: China's as they were published, other countries', the house's own."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from maild.app.calendars import (
    PublicationWatch,
    build,
    calendar_named,
    in_zone,
    load_calendars,
    unpublished,
)
from maild.app.configuration import configuration_from, load_configuration
from maild.app.official_days import LAST_YEAR, known_countries, known_regions, official_days
from maild.app.shipped import lay_out_config
from maild.core.calendar import is_working_day
from maild.errors import ConfigError, NotFound
from maild.model.calendar import CalendarPlan, DayKind, OfficeHours, SpecialDay
from maild.settings import calendar_setting, load_settings

ENVIRON = {"MAILD_SERVICE_PASSWORD": "x"}
HOURS = (OfficeHours(opens_min=540, closes_min=1080),)

OFF = (  # the notices of the General Office of the State Council: from, to
    ("2022-12-31", "2023-01-02"),
    ("2023-01-21", "2023-01-27"),
    ("2023-04-05", "2023-04-05"),
    ("2023-04-29", "2023-05-03"),
    ("2023-06-22", "2023-06-24"),
    ("2023-09-29", "2023-10-06"),
    ("2024-01-01", "2024-01-01"),
    ("2024-02-10", "2024-02-17"),
    ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"),
    ("2024-06-10", "2024-06-10"),
    ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)
WORKED = (
    *("2023-01-28", "2023-01-29", "2023-04-23", "2023-05-06", "2023-06-25", "2023-10-07", "2023-10-08"),
    *("2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29"),
    "2024-10-12",
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lay_out_config(tmp_path / "config")
    return tmp_path / "config"


def _days(first: str, last: str) -> Iterator[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return (start + timedelta(days=at) for at in range((end - start).days + 1))


def _plan(country: str = "", region: str = "", *days: SpecialDay, through: int | None = None) -> CalendarPlan:
    return CalendarPlan(
        name="plant",
        place="calendars/plant.yaml:2",
        country=country,
        region=region,
        zone="",
        week=(HOURS,) * 5 + ((),) * 2,
        make_up_hours=HOURS,
        days=days,
        official_through=through,
    )


def _special(on: str, kind: DayKind) -> SpecialDay:
    return SpecialDay(on=date.fromisoformat(on), kind=kind, names=(("zh", "自定"),))


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_china_day_by_day_as_it_was_published(folder: Path, year: int) -> None:
    china = calendar_named(load_calendars(folder), "china")
    off = {day for run in OFF for day in _days(*run)}
    worked = {date.fromisoformat(day) for day in WORKED}
    for day in _days(f"{year}-01-01", f"{year}-12-31"):
        expected = day in worked or (day.weekday() < 5 and day not in off)
        assert is_working_day(china, day) == expected, day


def test_every_day_of_a_run_has_the_name_of_its_holiday() -> None:
    named = {day.on: day.names for day in official_days("CN", "").days}
    assert {named[day] for day in _days("2026-10-01", "2026-10-07")} == {
        (("zh", "国庆节"), ("en", "National Day"))
    }
    assert dict(named[date(2026, 10, 10)])["zh"] == "调休上班"
    assert {dict(names)["zh"] for names in named.values()} >= {
        "元旦",
        "春节",
        "清明节",
        "劳动节",
        "端午节",
        "中秋节",
    }
    assert not any("休息日" in name for names in named.values() for _, name in names)


def test_through_which_year_the_days_are_official() -> None:
    made_up = [day.on.year for day in official_days("CN", "").days if day.kind is DayKind.MAKE_UP]
    assert official_days("CN", "").through == max(made_up) >= 2026
    assert official_days("DE", "").through == LAST_YEAR


def test_other_countries_and_their_regions() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany not in {day.on for day in official_days("DE", "").days}
    names = {day.on: day.names for day in official_days("DE", "BY").days}
    assert names[epiphany] == (("en", "Epiphany"),)
    substituted = {day.on: day.names for day in official_days("HU", "").days}
    assert dict(substituted[date(2026, 1, 2)])["en"] == "New Year's Day"
    assert "DE" in known_countries()
    assert "BY" in known_regions("DE")


def test_a_country_whose_names_are_in_no_language_of_ours_keeps_its_own() -> None:
    assert {day.names[0][0] for day in official_days("BB", "").days} == {""}


def test_the_house_closes_and_opens() -> None:
    calendar = build(
        _plan(
            "CN",
            "",
            _special("2026-10-08", DayKind.CLOSURE),
            _special("2026-10-01", DayKind.CLOSURE),
            _special("2026-10-10", DayKind.CLOSURE),
            _special("2026-10-03", DayKind.OPEN),
            _special("2026-10-05", DayKind.MAKE_UP),
            _special("2026-10-20", DayKind.HOLIDAY),
        )
    )
    kinds = {day: calendar.special(date(2026, 10, day)) for day in (1, 3, 5, 8, 10, 20)}
    assert {day: special.kind for day, special in kinds.items() if special} == {
        1: DayKind.HOLIDAY,
        3: DayKind.OPEN,
        5: DayKind.MAKE_UP,
        8: DayKind.CLOSURE,
        10: DayKind.CLOSURE,
        20: DayKind.HOLIDAY,
    }


def test_without_a_country_everything_is_known() -> None:
    calendar = build(_plan())
    assert (calendar.days, calendar.official_from, calendar.official_through) == ((), 1, 9999)
    assert build(_plan("CN", through=2030)).official_through == 2030


def test_a_zone_of_its_own_or_that_of_the_mailbox() -> None:
    calendar = build(_plan())
    assert in_zone(calendar, "Asia/Tokyo").zone == "Asia/Tokyo"
    assert in_zone(in_zone(calendar, "Asia/Tokyo"), "UTC").zone == "Asia/Tokyo"


def test_the_shipped_calendar_is_there_without_its_file(tmp_path: Path) -> None:
    assert [calendar.name for calendar in load_calendars(tmp_path)] == ["china"]
    assert calendar_setting(tmp_path / "maild.toml") == "china"


def test_a_file_takes_the_place_of_the_shipped_one(folder: Path) -> None:
    path = folder / "calendars" / "china.yaml"
    path.write_text(path.read_text("utf-8").replace("13:00-18:00]", "13:00-17:30]", 1), "utf-8")
    (china,) = load_calendars(folder)
    assert china.week[0][-1].closes_min == 17 * 60 + 30


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("country: CN", "country: CM\nregion: XX", "CM has no region 'XX' with holidays of its own"),
        ("country: CN", "country: XX", "there is no table for the country 'XX'"),
    ],
)
def test_a_country_without_a_table(folder: Path, right: str, wrong: str, told: str) -> None:
    path = folder / "calendars" / "china.yaml"
    path.write_text(path.read_text("utf-8").replace(right, wrong, 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_calendars(folder)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{folder}/calendars/china.yaml:4:1: {told}")


@pytest.mark.parametrize("table", ["", "[[mailbox]]\n"])
def test_a_mailbox_names_a_calendar_that_there_is(folder: Path, table: str) -> None:
    path = folder / "maild.toml"
    text = path.read_text("utf-8")
    at = f"{table}calendar = 'chna'\n"
    path.write_text(text.replace(table, at, 1) if table else at + text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_configuration(load_settings(path, ENVIRON))
    (problem,) = caught.value.problems
    line = at_line(path, "calendar = 'chna'")
    assert str(problem) == f"{path}:{line}:1: there is no calendar 'chna' (did you mean 'china'?)"


def at_line(path: Path, text: str) -> int:
    """The line on which the text stands."""
    return path.read_text("utf-8").splitlines().index(text) + 1


def test_a_configuration_counts_in_the_calendar_of_the_mailbox(folder: Path) -> None:
    (folder / "calendars" / "plant.yaml").write_text(
        "name: plant\noffice_hours: {weekdays: [09:00-17:00]}\n", "utf-8"
    )
    path = folder / "maild.toml"
    zone = 'zone = "Asia/Tokyo"\ncalendar = "plant"\n'
    path.write_text(path.read_text("utf-8").replace("[[mailbox]]\n", f"[[mailbox]]\n{zone}", 1), "utf-8")
    configuration = load_configuration(load_settings(path, ENVIRON))
    calendar = configuration.calendar_of(configuration.mailboxes[0])
    assert (calendar.name, calendar.zone) == ("plant", "Asia/Tokyo")
    with pytest.raises(NotFound, match="there is no calendar 'x'"):
        calendar_named(configuration.calendars, "x")


def test_a_stored_set_keeps_its_calendars(folder: Path) -> None:
    settings = load_settings(folder / "maild.toml", ENVIRON)
    before = load_configuration(settings)
    known = json.loads(before.content)
    (china,) = known["calendars"]
    assert configuration_from(before.content).calendars == before.calendars
    china["days"] = china["days"][:1]  # as an older library would have had it
    assert len(configuration_from(json.dumps(known).encode()).calendars[0].days) == 1
    del known["calendars"]  # a set of a version without calendars
    assert configuration_from(json.dumps(known).encode()).calendars == before.calendars


def test_a_calendar_counts_in_the_hash(folder: Path) -> None:
    settings = load_settings(folder / "maild.toml", ENVIRON)
    before = load_configuration(settings)
    with (folder / "calendars" / "china.yaml").open("a", encoding="utf-8") as file:
        file.write("closed: [{date: 2026-11-23, name: 盘点}]\n")
    assert load_configuration(settings).hash != before.hash


def test_a_year_that_is_not_published_is_warned_of_a_month_before() -> None:
    calendar = build(_plan("CN", through=2026))
    names = [calendar.name]
    november, december = datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
    assert list(unpublished([calendar], names, november)) == []
    assert list(unpublished([calendar], [], december)) == []
    (warning,) = unpublished([calendar], names, december)
    assert str(warning).startswith(
        "calendar plant: the official calendar of 2027 is not known: due times may still change (update"
    )


def test_each_year_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    watch, calendar = PublicationWatch(), in_zone(build(_plan("CN", through=2026)), "Asia/Shanghai")
    december, january = datetime(2026, 12, 30, tzinfo=UTC), datetime(2027, 1, 8, tzinfo=UTC)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            watch.warn(calendar, december, december)
            watch.warn(calendar, december, january)
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == [
        "calendar plant: the official calendar of 2027 is not known: due times may still change"
    ]
    assert caplog.records[0].__dict__["event"] == "calendar.unpublished"
