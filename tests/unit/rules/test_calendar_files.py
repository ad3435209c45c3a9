"""Files of config/calendars: what they say, and what is told of a mistake."""

from datetime import date
from pathlib import Path

import pytest

from maild.errors import ConfigError
from maild.model.calendar import DayKind, OfficeHours
from maild.rules.load import load_calendar_plans

MORNING, AFTERNOON = OfficeHours(opens_min=540, closes_min=720), OfficeHours(opens_min=780, closes_min=1080)

FULL = """\
name: plant
country: CN
region: ""
zone: Asia/Shanghai
office_hours:
  weekdays: [09:00-12:00, 13:00-18:00]
  friday: [09:00-12:00]
  saturday: [00:00-24:00]
  make_up: [13:00-18:00]
holidays:
  - {date: 2027-01-01, name: 元旦, name_en: New Year}
make_up:
  - {date: 2027-01-02, name: 调休}
closed:
  - {from: 2026-12-30, to: 2026-12-31, name: 盘点}
open:
  - {date: "2027-01-03", name: 加班}
official_through: 2027
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def _problems(folder: Path, text: str) -> list[str]:
    (folder / "plant.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_calendar_plans(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_everything_that_can_be_said(folder: Path) -> None:
    (folder / "plant.yaml").write_text(FULL.replace('region: ""\n', "region: BJ\n"), "utf-8")
    (plan,) = load_calendar_plans(folder)
    assert (plan.name, plan.country, plan.region, plan.zone) == ("plant", "CN", "BJ", "Asia/Shanghai")
    assert plan.place == f"{folder.name}/plant.yaml:2:1"
    assert plan.week[0] == plan.week[3] == (MORNING, AFTERNOON)
    assert plan.week[4:] == ((MORNING,), (OfficeHours(opens_min=0, closes_min=1440),), ())
    assert plan.make_up_hours == (AFTERNOON,)
    assert plan.official_through == 2027
    assert [(day.on, day.kind, day.names) for day in plan.days] == [
        (date(2027, 1, 1), DayKind.HOLIDAY, (("zh", "元旦"), ("en", "New Year"))),
        (date(2027, 1, 2), DayKind.MAKE_UP, (("zh", "调休"), ("en", "调休"))),
        (date(2026, 12, 30), DayKind.CLOSURE, (("zh", "盘点"), ("en", "盘点"))),
        (date(2026, 12, 31), DayKind.CLOSURE, (("zh", "盘点"), ("en", "盘点"))),
        (date(2027, 1, 3), DayKind.OPEN, (("zh", "加班"), ("en", "加班"))),
    ]


def test_the_least_that_can_be_said(folder: Path) -> None:
    (folder / "plant.yaml").write_text("name: plant\noffice_hours: {tuesday: [09:00-12:00]}\n")
    (folder / "sample.yaml").write_text("# name: nothing\n")
    (plan,) = load_calendar_plans(folder)
    assert (plan.country, plan.region, plan.zone, plan.days, plan.official_through) == ("", "", "", (), None)
    assert plan.place.endswith("/plant.yaml:1:1")
    assert plan.make_up_hours == plan.week[1] == (MORNING,)


LEAST = "name: plant\noffice_hours:\n  weekdays: [09:00-12:00]\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            LEAST + "clsed: []\n", "plant.yaml:4:1: unknown key 'clsed' (did you mean 'closed'?)", id="key"
        ),
        pytest.param(
            LEAST + "  mondy: []\n",
            "plant.yaml:4:3: unknown key 'mondy' (did you mean 'monday'?)",
            id="weekday",
        ),
        pytest.param(
            "name: plant\n", "plant.yaml:1:1: office_hours is missing (add it to the file)", id="hours"
        ),
        pytest.param(
            "name: plant\noffice_hours: {sunday: []}\n",
            "plant.yaml:2:1: an office that is never open "
            "(write weekdays: [09:00-18:00], or the hours of one day)",
            id="never open",
        ),
        pytest.param(
            LEAST.replace("09:00-12:00", "9-12"),
            "plant.yaml:3:14: there are no office hours '9-12' "
            "(from and to, such as 09:00-12:00; 24:00 is the end of the day)",
            id="no hours",
        ),
        pytest.param(
            LEAST.replace("09:00-12:00", "22:00-06:00"),
            "plant.yaml:3:14: there are no office hours '22:00-06:00' "
            "(from and to, such as 09:00-12:00; 24:00 is the end of the day)",
            id="over midnight",
        ),
        pytest.param(
            LEAST.replace("09:00-12:00", "09:00-12:00, 11:00-18:00"),
            "plant.yaml:3:3: office hours that overlap or go back "
            "(write them in order, each after the one before)",
            id="overlap",
        ),
        pytest.param(
            LEAST + "zone: Asia/Shanghia\n",
            "plant.yaml:4:1: there is no time zone 'Asia/Shanghia' (did you mean 'Asia/Shanghai'?)",
            id="zone",
        ),
        pytest.param(
            LEAST + "closed:\n- {name: x}\n",
            "plant.yaml:5:3: neither one day nor from and to "
            "(write date: 2026-10-01, or from: 2026-10-01 and to: 2026-10-07)",
            id="no day",
        ),
        pytest.param(
            LEAST + "closed:\n- {name: x, from: 2026-10-07, to: 2026-10-01}\n",
            "plant.yaml:5:3: days that run the wrong way or for years "
            "(to comes after from, by 400 days at most)",
            id="wrong way",
        ),
        pytest.param(
            LEAST + "closed:\n- {name: x, date: 2026-10-01}\nopen:\n- {name: y, date: 2026-10-01}\n",
            "plant.yaml:7:3: 2026-10-01 stands here twice, under closed and under open (keep one)",
            id="closed and open",
        ),
        pytest.param(
            LEAST + "official_through: 27\n",
            "plant.yaml:4:1: official_through should be greater than or equal to 2000, not 27 "
            "(a year, such as 2027)",
            id="official_through",
        ),
    ],
)
def test_each_mistake_is_told_with_its_place(folder: Path, text: str, told: str) -> None:
    assert _problems(folder, text) == [told]


def test_a_date_that_there_is_not(folder: Path) -> None:
    (problem,) = _problems(folder, LEAST + "closed:\n- {name: x, date: 2026-13-01}\n")
    assert problem.startswith("plant.yaml:5:13: date should be a valid date")
    assert problem.endswith("(a day, such as 2026-10-01)")


def test_two_files_with_one_name(folder: Path) -> None:
    (folder / "other.yaml").write_text(LEAST)
    assert _problems(folder, LEAST)[0].startswith("plant.yaml:1:1: the name 'plant' is taken in ")
