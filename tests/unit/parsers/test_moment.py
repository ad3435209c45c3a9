"""Days and times in the ways that people write them, seen from Wednesday 30 September 2026."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.moments import Moment
from maild.parsers.moment import is_moment, read

TODAY = date(2026, 9, 30)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-12", "2026-10-12"),
        ("２０２６年１０月１２日", "2026-10-12"),
        ("2026.10.12", "2026-10-12"),
        ("2026/10/12", "2026-10-12"),
        ("20261012", "2026-10-12"),
        ("26年10月12日", "2026-10-12"),
        ("10月12日", "2026-10-12"),
        ("10月12号", "2026-10-12"),
        ("十月十二日", "2026-10-12"),
        ("10/12", "2026-10-12"),
        ("10-12", "2026-10-12"),
        ("12 Oct", "2026-10-12"),
        ("12th of October", "2026-10-12"),
        ("October 12th, 2026", "2026-10-12"),
        ("12 Oct 2026", "2026-10-12"),
        ("Monday, 12 October", "2026-10-12"),
        ("10月12日（周一）", "2026-10-12"),
        ("10月12日 星期一", "2026-10-12"),
        ("13/10/2026", "2026-10-13"),
        ("1/5", "2027-01-05"),
        ("8/15", "2026-08-15"),
        ("7/1", "2027-07-01"),
        ("今天", "2026-09-30"),
        ("tomorrow", "2026-10-01"),
        ("明天", "2026-10-01"),
        ("后天", "2026-10-02"),
        ("yesterday", "2026-09-29"),
        ("周五", "2026-10-02"),
        ("周二", "2026-10-06"),
        ("下周三", "2026-10-07"),
        ("本周日", "2026-10-04"),
        ("星期天", "2026-10-04"),
        ("by Friday", "2026-10-02"),
        ("next Monday", "2026-10-05"),
        ("3天内", "2026-10-03"),
        ("两周内", "2026-10-14"),
        ("within 3 days", "2026-10-03"),
        ("in a week", "2026-10-07"),
        ("月底", "2026-09-30"),
        ("下月底", "2026-10-31"),
        ("end of next month", "2026-10-31"),
        ("30号", "2026-09-30"),
        ("15号", "2026-10-15"),
        ("周五下班前", "2026-10-02"),
        ("最迟10月12日前完成", "2026-10-12"),
        ("明天下午", "2026-10-01"),
    ],
)
def test_days(text: str, expected: str) -> None:
    assert read(text, TODAY, ZONE) == Moment(text=text, on=date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10/12 下午3点", "2026-10-12T15:00"),
        ("2026-10-12 15:00", "2026-10-12T15:00"),
        ("2026-10-12T15:00:30", "2026-10-12T15:00"),
        ("明天17:00前", "2026-10-01T17:00"),
        ("by Friday 5pm", "2026-10-02T17:00"),
        ("tomorrow at 12 am", "2026-10-01T00:00"),
        ("tomorrow 9:30 a.m.", "2026-10-01T09:30"),
        ("今晚8点", "2026-09-30T20:00"),
        ("十月十二日下午三点半", "2026-10-12T15:30"),
        ("10月12日中午12点", "2026-10-12T12:00"),
        ("10月12日中午1点", "2026-10-12T13:00"),
        ("10月12日上午10点一刻", "2026-10-12T10:15"),
        ("10月12日两点20分", "2026-10-12T02:20"),
        ("10月12日 15时整", "2026-10-12T15:00"),
    ],
)
def test_instants(text: str, expected: str) -> None:
    at = datetime.fromisoformat(expected).replace(tzinfo=ZONE)
    assert read(text, TODAY, ZONE) == Moment(text=text, on=at.date(), at=at.astimezone(UTC))


@pytest.mark.parametrize(
    ("text", "days"), [("3个工作日内", 3), ("five working days", 5), ("within 2 business days", 2)]
)
def test_working_days_are_only_counted(text: str, days: int) -> None:
    assert read(text, TODAY, ZONE) == Moment(text=text, working_days=days)
    assert read(text, TODAY, ZONE).is_read


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("尽快", id="as soon as possible"),
        pytest.param("10/12/2026", id="either way round"),
        pytest.param("2月30日", id="no such day"),
        pytest.param("13/10", id="no such month"),
        pytest.param("2月30日 15:00", id="no such day with a time"),
        pytest.param("明天25:00", id="no such hour"),
        pytest.param("tomorrow 13pm", id="no such half of a day"),
        pytest.param("明天 9:75", id="no such minute"),
        pytest.param("下午3点", id="a time without a day"),
        pytest.param("next Friday", id="this week's or next week's"),
        pytest.param("9999天内", id="too far"),
        pytest.param("两周", id="a span that may be of anything"),
        pytest.param("几天内", id="some days"),
        pytest.param("10月中旬", id="a third of a month"),
        pytest.param("明天" * 100, id="too long"),
        pytest.param("3000-01-01", id="too far in the future"),
    ],
)
def test_what_names_no_day_stays_unread(text: str) -> None:
    read_as = read(text, TODAY, ZONE)
    assert not read_as.is_read
    assert read_as == Moment(text=text)


def test_just_after_new_year_december_is_over() -> None:
    assert read("12月28日", date(2027, 1, 3), ZONE).on == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("text", "expected"), [("下午3点", True), ("10月12日", True), ("3台", False), ("25:00", False)]
)
def test_is_moment(text: str, expected: bool) -> None:
    assert is_moment(text) is expected


WORDS = st.lists(
    st.sampled_from(
        [*"0123456789年月日号点时半前-/.: 周一二十天内下午", "pm", "oct", "next ", "fri", "前", "工作日"]
    ),
    max_size=14,
).map("".join)


@given(st.text(max_size=60) | WORDS)
def test_reading_never_raises(text: str) -> None:
    read_as = read(text, TODAY, ZONE)
    assert read_as.at is None or read_as.on is not None
