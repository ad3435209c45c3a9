"""Due times explain themselves: every day that passes, with its reason, in Chinese and in English."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.calendar_words import explain, explain_before
from maild.model.calendar import DayKind, Span, SpanMode, SpanUnit
from tests.unit.core.calendars import ALWAYS, CHINA, MAKE_UP, NATIONAL_DAY, at, calendar, days

ODD = calendar(
    (
        *days(DayKind.CLOSURE, date(2026, 9, 28), date(2026, 9, 28), "盘点", "stock-taking"),
        *days(DayKind.OPEN, date(2026, 9, 27), date(2026, 9, 27), "加班", "extra shift"),
        *NATIONAL_DAY,
        *MAKE_UP,
    )
)


def _span(count: int, unit: SpanUnit = SpanUnit.WORKING_DAYS, mode: SpanMode = SpanMode.TO_CLOSE) -> Span:
    return Span(count=count, unit=unit, mode=mode)


@pytest.mark.parametrize(
    ("start", "span", "words"),
    [
        pytest.param(
            "2026-09-30 16:40",
            _span(1),
            "1 working day from Wed 30 Sep 2026 16:40; that day is not counted; "
            "Thu 1 Oct to Wed 7 Oct: National Day (holiday); working day 1: Thu 8 Oct; "
            "ends at close of business, Thu 8 Oct 2026 18:00",
            id="to close",
        ),
        pytest.param(
            "2026-10-03 11:00",
            _span(3, mode=SpanMode.TO_HOUR),
            "3 working days from Sat 3 Oct 2026 11:00; Sat 3 Oct to Wed 7 Oct: National Day (holiday); "
            "outside office hours, so counted from the next opening, Thu 8 Oct 2026 09:00; "
            "working day 1: Fri 9 Oct; working day 2: Sat 10 Oct, make-up working day; Sun 11 Oct: weekend; "
            "working day 3: Mon 12 Oct; exactly Mon 12 Oct 2026 09:00",
            id="to the hour",
        ),
        pytest.param(
            "2026-09-30 17:30",
            _span(1, SpanUnit.WORKING_HOURS),
            "1 working hour from Wed 30 Sep 2026 17:30; Thu 1 Oct to Wed 7 Oct: National Day (holiday); "
            "exactly Thu 8 Oct 2026 09:30",
            id="working hours",
        ),
        pytest.param(
            "2026-09-30 16:40",
            _span(3, SpanUnit.DAYS),
            "3 days from Wed 30 Sep 2026 16:40; that day is not counted; "
            "day 3: Sat 3 Oct, National Day (holiday); "
            "no office hours then, so midnight, Sun 4 Oct 2026 00:00",
            id="days",
        ),
        pytest.param(
            "2026-10-09 16:40",
            _span(3, SpanUnit.DAYS),
            "3 days from Fri 9 Oct 2026 16:40; that day is not counted; day 3: Mon 12 Oct; "
            "ends at close of business, Mon 12 Oct 2026 18:00",
            id="days to a working day",
        ),
        pytest.param(
            "2026-10-09 16:40",
            _span(30, SpanUnit.MINUTES),
            "30 minutes from Fri 9 Oct 2026 16:40; exactly Fri 9 Oct 2026 17:10",
            id="minutes",
        ),
        pytest.param(
            "2026-09-25 16:40",
            _span(3),
            "3 working days from Fri 25 Sep 2026 16:40; that day is not counted; Sat 26 Sep: weekend; "
            "working day 1: Sun 27 Sep, extra shift; Mon 28 Sep: stock-taking (closed); "
            "working days 2 to 3: Tue 29 Sep to Wed 30 Sep; ends at close of business, Wed 30 Sep 2026 18:00",
            id="closed and opened by the house",
        ),
        pytest.param(
            "2026-12-31 16:40",
            _span(1),
            "1 working day from Thu 31 Dec 2026 16:40; that day is not counted; working day 1: Fri 1 Jan; "
            "ends at close of business, Fri 1 Jan 2027 18:00; "
            "the official calendar of 2027 is not known here, so this may still change",
            id="a year that is not published",
        ),
    ],
)
def test_in_english(start: str, span: Span, words: str) -> None:
    assert explain(ODD, at(start), span, "en") == words


def test_in_chinese() -> None:
    assert explain(CHINA, at("2026-09-30 16:40"), _span(3), "zh") == (
        "自2026年9月30日（周三）16:40起3个工作日；当日不计；10月1日（周四）至10月7日（周三）：国庆节放假；"
        "第1至2个工作日：10月8日（周四）至10月9日（周五）；第3个工作日：10月10日（周六），调休上班；"
        "至2026年10月10日（周六）18:00下班时止"
    )


@pytest.mark.parametrize(
    ("end", "span", "words"),
    [
        pytest.param(
            "2026-10-08 18:00",
            _span(1),
            "1 working day before Thu 8 Oct 2026 18:00; that day is not counted; "
            "Thu 1 Oct to Wed 7 Oct: National Day (holiday); working day 1: Wed 30 Sep; "
            "that day opens Wed 30 Sep 2026 09:00",
            id="to opening",
        ),
        pytest.param(
            "2026-10-04 18:00",
            _span(1, mode=SpanMode.TO_HOUR),
            "1 working day before Sun 4 Oct 2026 18:00; Thu 1 Oct to Sun 4 Oct: National Day (holiday); "
            "outside office hours, so counted from the closing before, Wed 30 Sep 2026 18:00; "
            "working day 1: Tue 29 Sep; exactly Tue 29 Sep 2026 18:00",
            id="to the hour",
        ),
        pytest.param(
            "2026-10-07 18:00",
            _span(3, SpanUnit.DAYS),
            "3 days before Wed 7 Oct 2026 18:00; that day is not counted; "
            "day 3: Sun 4 Oct, National Day (holiday); "
            "no office hours then, so midnight, Sun 4 Oct 2026 00:00",
            id="days",
        ),
    ],
)
def test_going_back(end: str, span: Span, words: str) -> None:
    assert explain_before(CHINA, at(end), span, "en") == words


def test_going_back_in_chinese() -> None:
    assert explain_before(CHINA, at("2026-10-12 18:00"), _span(1), "zh") == (
        "2026年10月12日（周一）18:00之前1个工作日；当日不计；10月11日（周日）：周末；"
        "第1个工作日：10月10日（周六），调休上班；即2026年10月10日（周六）09:00上班时"
    )


def test_a_weekday_that_is_off_is_no_weekend() -> None:
    shut = calendar()
    monday_off = type(shut)(
        name="test", zone=shut.zone, week=((), *shut.week[1:]), make_up_hours=shut.make_up_hours
    )
    assert "Mon 12 Oct: day off; working day 1: Tue 13 Oct" in explain(
        monday_off, at("2026-10-11 10:00"), _span(1), "en"
    )


def test_a_day_that_closes_at_midnight_is_named_itself() -> None:
    assert explain(ALWAYS, at("2026-10-09 10:00"), _span(1), "en") == (
        "1 working day from Fri 9 Oct 2026 10:00; that day is not counted; working day 1: Sat 10 Oct; "
        "ends at close of business, Sun 11 Oct 2026 00:00"
    )


@given(
    start=st.datetimes(
        at("2026-08-01 00:00").replace(tzinfo=None), at("2026-12-01 00:00").replace(tzinfo=None)
    ),
    span=st.builds(
        Span, count=st.integers(1, 30), unit=st.sampled_from(SpanUnit), mode=st.sampled_from(SpanMode)
    ),
    language=st.sampled_from(("zh", "en")),
)
def test_everything_has_words(start: object, span: Span, language: str) -> None:
    instant = at(str(start))
    for tell in (explain, explain_before):
        told = tell(ODD, instant, span, language)
        assert "{" not in told
        assert "\n" not in told
