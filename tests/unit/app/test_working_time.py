"""What people ask of a calendar: when something is due, and which days of a year are special."""

from datetime import date
from pathlib import Path

import pytest

from maild.app.working_time import Counting, count, open_calendar, year_of
from maild.errors import UsageError
from maild.model.calendar import DayKind, SpanMode
from tests.unit.core.calendars import CHINA, calendar, days


def _asked(at: str, span: str, *, back: bool = False, mode: SpanMode = SpanMode.TO_CLOSE) -> Counting:
    return Counting(at=at, span=span, mode=mode, back=back, language="en")


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        pytest.param(
            _asked("2026-09-30T16:40+08:00", "1 working day"), "2026-10-08T18:00:00+08:00", id="working day"
        ),
        pytest.param(
            _asked("2026-09-30T08:40Z", "1个工作日", mode=SpanMode.TO_HOUR),
            "2026-10-08T16:40:00+08:00",
            id="to the hour, in another zone",
        ),
        pytest.param(_asked("2026-09-30T16:40", "4 hours"), "2026-09-30T20:40:00+08:00", id="no zone"),
        pytest.param(
            _asked("2026-10-08T18:00+08:00", "1 working day", back=True),
            "2026-09-30T09:00:00+08:00",
            id="back",
        ),
    ],
)
def test_when_it_is_due(asked: Counting, due: str) -> None:
    answer = count(CHINA, asked)
    assert answer.due.isoformat() == due
    assert answer.explain


@pytest.mark.parametrize(
    ("at", "span", "told"),
    [
        ("soon", "1 day", "'soon' is no instant; write one such as 2026-09-30T16:40"),
        ("2026-09-30", "soon", "'soon' is no span of time"),
        ("9999-12-30", "99 days", "99 days from 9999-12-30 is too far from now"),
        ("9999-12-30", "99 working days", "too far from now"),
    ],
)
def test_what_cannot_be_counted(at: str, span: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        count(CHINA, _asked(at, span))


def test_the_special_days_of_a_year() -> None:
    inner = days(DayKind.CLOSURE, date(2026, 10, 8), date(2026, 10, 9), "盘点", "stock-taking")
    found = year_of(calendar((*CHINA.days, *inner)), 2026, "en")
    assert found.official
    assert [(row.first.day, row.last.day, row.kind, row.name) for row in found.days] == [
        (1, 7, DayKind.HOLIDAY, "National Day"),
        (8, 9, DayKind.CLOSURE, "stock-taking"),
        (10, 10, DayKind.MAKE_UP, "make-up working day"),
    ]
    assert year_of(CHINA, 2027, "zh").days == ()
    assert not year_of(CHINA, 2027, "zh").official


def test_the_calendar_of_the_settings_needs_no_password(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "plant.yaml").write_text(
        "name: plant\noffice_hours: {weekdays: [09:00-17:00]}\n", "utf-8"
    )
    settings = tmp_path / "maild.toml"
    assert open_calendar(settings, "").name == "china"
    settings.write_text("calendar = 'plant'\n")
    assert (open_calendar(settings, "").name, open_calendar(settings, "").zone) == ("plant", "Asia/Shanghai")
    assert open_calendar(settings, "china").name == "china"
