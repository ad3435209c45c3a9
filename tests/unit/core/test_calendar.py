"""Working time: what is due when, forward and back, on odd days and in odd zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.calendar import (
    LONGEST_CLOSURE_D,
    add_span,
    add_working_time,
    counted_from,
    counted_to,
    is_working_day,
    local_date,
    next_working_moment,
    previous_working_moment,
    subtract_span,
    unpublished_years,
    windows,
    working_days_between,
    working_time_between,
)
from maild.errors import NeverOpen
from maild.model.calendar import DayKind, OfficeHours, Span, SpanMode, SpanUnit, WorkingCalendar
from tests.unit.core.calendars import ALWAYS, CHINA, NATIONAL_DAY, OFFICE, at, calendar, days

NEVER = replace(CHINA, week=((),) * 7, days=())
PLANT = calendar(
    days(DayKind.CLOSURE, date(2026, 12, 21), date(2027, 1, 8), "停产检修", "plant closed"),
    official_through=2027,
)
INDIA = calendar(zone="Asia/Kolkata")
EARLY_FRIDAY = replace(CHINA, week=(OFFICE,) * 4 + (OFFICE[:1],) + ((),) * 2)


def _span(count: int, unit: SpanUnit = SpanUnit.WORKING_DAYS, mode: SpanMode = SpanMode.TO_CLOSE) -> Span:
    return Span(count=count, unit=unit, mode=mode)


DAY, TWO_DAYS = _span(1), _span(2)
TO_HOUR = _span(1, mode=SpanMode.TO_HOUR)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        pytest.param("2026-09-30 16:40", DAY, "2026-10-08 18:00", id="over National Day"),
        pytest.param("2026-10-03 11:00", DAY, "2026-10-08 18:00", id="on a holiday"),
        pytest.param("2026-10-09 09:00", DAY, "2026-10-10 18:00", id="make-up Saturday is counted"),
        pytest.param("2026-10-10 09:00", DAY, "2026-10-12 18:00", id="on a make-up Saturday"),
        pytest.param("2026-10-08 02:00", DAY, "2026-10-09 18:00", id="at night, before opening"),
        pytest.param("2026-10-08 23:59", DAY, "2026-10-09 18:00", id="at night, after closing"),
        pytest.param("2026-10-10 12:00", TWO_DAYS, "2026-10-13 18:00", id="over a weekend"),
        pytest.param("2026-09-30 16:40", TO_HOUR, "2026-10-08 16:40", id="to the hour"),
        pytest.param("2026-10-03 11:00", TO_HOUR, "2026-10-09 09:00", id="to the hour, on a holiday"),
        pytest.param("2026-10-08 12:30", TO_HOUR, "2026-10-09 13:00", id="to the hour, at lunch"),
        pytest.param("2026-10-08 02:00", TO_HOUR, "2026-10-09 09:00", id="to the hour, at night"),
        pytest.param("2026-10-08 18:00", TO_HOUR, "2026-10-10 09:00", id="to the hour, at closing"),
        pytest.param("2026-10-08 11:00", _span(3, SpanUnit.WORKING_HOURS), "2026-10-08 15:00", id="lunch"),
        pytest.param(
            "2026-09-30 17:30", _span(1, SpanUnit.WORKING_HOURS), "2026-10-08 09:30", id="overnight"
        ),
        pytest.param("2026-10-08 17:00", _span(1, SpanUnit.WORKING_HOURS), "2026-10-08 18:00", id="closing"),
        pytest.param(
            "2026-10-09 08:00", _span(20, SpanUnit.WORKING_HOURS), "2026-10-12 14:00", id="20 hours"
        ),
        pytest.param("2026-10-09 12:30", _span(3, SpanUnit.DAYS), "2026-10-12 18:00", id="days to close"),
        pytest.param("2026-09-30 16:40", _span(3, SpanUnit.DAYS), "2026-10-04 00:00", id="days to a holiday"),
        pytest.param(
            "2026-09-30 16:40",
            _span(3, SpanUnit.DAYS, SpanMode.TO_HOUR),
            "2026-10-03 16:40",
            id="days to hour",
        ),
        pytest.param("2026-10-01 23:00", _span(4, SpanUnit.HOURS), "2026-10-02 03:00", id="hours"),
        pytest.param("2026-10-01 23:00", _span(90, SpanUnit.MINUTES), "2026-10-02 00:30", id="minutes"),
    ],
)
def test_when_it_is_due(start: str, span: Span, due: str) -> None:
    assert add_span(CHINA, at(start), span) == at(due)


@pytest.mark.parametrize(
    ("end", "span", "before"),
    [
        pytest.param("2026-10-08 18:00", DAY, "2026-09-30 09:00", id="over National Day"),
        pytest.param("2026-10-03 11:00", DAY, "2026-09-30 09:00", id="from a holiday"),
        pytest.param("2026-10-12 18:00", TWO_DAYS, "2026-10-09 09:00", id="make-up Saturday is counted"),
        pytest.param("2026-10-08 16:40", TO_HOUR, "2026-09-30 16:40", id="to the hour"),
        pytest.param("2026-10-08 09:00", TO_HOUR, "2026-09-30 09:00", id="to the hour, at opening"),
        pytest.param("2026-10-04 12:00", TO_HOUR, "2026-09-29 18:00", id="to the hour, on a holiday"),
        pytest.param(
            "2026-10-08 10:00", _span(2, SpanUnit.WORKING_HOURS), "2026-09-30 17:00", id="overnight"
        ),
        pytest.param("2026-10-08 14:00", _span(4, SpanUnit.WORKING_HOURS), "2026-10-08 09:00", id="lunch"),
        pytest.param("2026-10-12 18:00", _span(3, SpanUnit.DAYS), "2026-10-09 09:00", id="days"),
        pytest.param("2026-10-07 18:00", _span(3, SpanUnit.DAYS), "2026-10-04 00:00", id="days, off"),
        pytest.param(
            "2026-10-07 18:00",
            _span(3, SpanUnit.DAYS, SpanMode.TO_HOUR),
            "2026-10-04 18:00",
            id="days to hour",
        ),
        pytest.param("2026-10-02 01:00", _span(4, SpanUnit.HOURS), "2026-10-01 21:00", id="hours"),
        pytest.param("2026-10-02 00:30", _span(90, SpanUnit.MINUTES), "2026-10-01 23:00", id="minutes"),
    ],
)
def test_how_long_before(end: str, span: Span, before: str) -> None:
    assert subtract_span(CHINA, at(end), span) == at(before)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        pytest.param(
            "2026-12-18 10:00", DAY, "2027-01-11 18:00", id="a closure of weeks, over the year's end"
        ),
        pytest.param("2026-12-25 10:00", TO_HOUR, "2027-01-12 09:00", id="in a closure"),
    ],
)
def test_a_closure(start: str, span: Span, due: str) -> None:
    assert add_span(PLANT, at(start), span) == at(due)


def test_a_shorter_day_ends_it_earlier() -> None:
    assert add_span(EARLY_FRIDAY, at("2026-10-15 17:30"), TO_HOUR) == at("2026-10-16 12:00")
    assert add_span(EARLY_FRIDAY, at("2026-10-15 17:30"), DAY) == at("2026-10-16 12:00")


def test_a_day_that_opens_later_begins_it_later() -> None:
    late_friday = replace(CHINA, week=(OFFICE,) * 4 + (OFFICE[1:],) + ((),) * 2)
    assert add_span(late_friday, at("2026-10-15 10:00"), TO_HOUR) == at("2026-10-16 13:00")


def test_instants_leave_in_utc() -> None:
    for span in (DAY, TO_HOUR, *(_span(1, unit) for unit in SpanUnit)):
        assert add_span(CHINA, at("2026-10-08 10:00"), span).tzinfo is UTC
        assert subtract_span(CHINA, at("2026-10-08 10:00"), span).tzinfo is UTC


def test_the_day_is_that_of_the_calendar() -> None:
    start = datetime(2026, 10, 8, 18, 45, tzinfo=UTC)  # 0:15 on the 9th in India, half an hour off the others
    assert local_date(INDIA, start) == date(2026, 10, 9)
    assert add_span(INDIA, start, DAY) == datetime(2026, 10, 12, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        pytest.param("2026-03-06 16:00", TO_HOUR, "2026-03-09 16:00", id="same clock, an hour less"),
        pytest.param("2026-10-30 16:00", DAY, "2026-11-02 18:00", id="close of business, an hour more"),
    ],
)
def test_the_clock_on_the_wall_counts(start: str, span: Span, due: str) -> None:
    assert add_span(calendar(zone="America/New_York"), at(start, "America/New_York"), span) == at(
        due, "America/New_York"
    )


def test_an_hour_that_is_skipped_and_one_that_comes_twice() -> None:
    zone = "America/New_York"
    always = replace(ALWAYS, zone=zone)
    skipped = add_span(always, at("2026-03-07 02:30", zone), TO_HOUR)
    assert skipped == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 3:30 there
    twice = add_span(always, at("2026-10-31 01:30", zone), TO_HOUR)
    assert twice == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # the first of the two
    work = add_span(always, at("2026-10-31 12:00", zone), _span(24, SpanUnit.WORKING_HOURS))
    assert work == at("2026-11-01 11:00", zone)


def test_hours_in_the_night_in_which_clocks_are_put_forward_do_not_overlap() -> None:
    hours = (OfficeHours(opens_min=120, closes_min=165), OfficeHours(opens_min=180, closes_min=200))
    night = replace(calendar(zone="America/New_York"), week=(hours,) * 7)
    first, second = windows(night, date(2026, 3, 8))
    assert first.closes_at - first.opens_at == timedelta(minutes=45)
    assert second.opens_at == second.closes_at == first.closes_at


def test_when_the_office_is_open_next_and_was_before() -> None:
    noon = at("2026-10-08 12:30")
    assert next_working_moment(CHINA, noon) == at("2026-10-08 13:00")
    assert previous_working_moment(CHINA, noon) == at("2026-10-08 12:00")
    for within in (at("2026-10-08 09:00"), at("2026-10-08 11:59")):
        assert next_working_moment(CHINA, within) == previous_working_moment(CHINA, within) == within
    closing = at("2026-10-10 18:00")
    assert next_working_moment(CHINA, closing) == at("2026-10-12 09:00")
    assert previous_working_moment(CHINA, closing) == closing
    assert previous_working_moment(CHINA, at("2026-10-08 08:00")) == at("2026-09-30 18:00")


def test_from_when_it_counts() -> None:
    holiday = at("2026-10-03 11:00")
    assert counted_from(CHINA, holiday, DAY) == holiday == counted_to(CHINA, holiday, DAY)
    assert counted_from(CHINA, holiday, TO_HOUR) == at("2026-10-08 09:00")
    assert counted_to(CHINA, holiday, _span(1, SpanUnit.WORKING_HOURS)) == at("2026-09-30 18:00")


def test_working_days_between() -> None:
    start, end = at("2026-09-30 16:40"), at("2026-10-12 08:00")
    assert working_days_between(CHINA, start, end) == 4
    assert working_days_between(CHINA, end, start) == -4
    assert working_days_between(CHINA, start, start) == 0


def test_years_that_are_not_published() -> None:
    before, after = at("2026-12-31 23:00"), at("2027-01-01 00:00")
    assert unpublished_years(CHINA, before, before) == ()
    assert unpublished_years(CHINA, before, after) == (2027,)
    assert unpublished_years(CHINA, after, before) == (2027,)
    assert unpublished_years(CHINA, at("2019-12-31 10:00"), before) == (2019,)


@pytest.mark.parametrize("span", [DAY, TO_HOUR, _span(1, SpanUnit.WORKING_HOURS)])
def test_a_calendar_without_any_working_day_is_told(span: Span) -> None:
    for count in (add_span, subtract_span):
        with pytest.raises(NeverOpen, match=f"'test' has no working day in the {LONGEST_CLOSURE_D} days"):
            count(NEVER, at("2026-09-30 16:40"), span)


def test_days_and_hours_need_no_office() -> None:
    assert add_span(NEVER, at("2026-09-30 16:40"), _span(1, SpanUnit.DAYS)) == at("2026-10-02 00:00")
    assert add_span(NEVER, at("2026-09-30 16:40"), _span(1, SpanUnit.HOURS)) == at("2026-09-30 17:40")


def test_what_a_day_is() -> None:
    assert CHINA.special(date(2026, 10, 1)) == NATIONAL_DAY[0]
    assert CHINA.special(date(2026, 10, 8)) is None
    assert CHINA.hours(date(2026, 10, 10)) == OFFICE
    opened = calendar(days(DayKind.OPEN, date(2026, 10, 12), date(2026, 10, 12), "开放", "open"))
    assert opened.hours(date(2026, 10, 12)) == OFFICE
    assert NATIONAL_DAY[0].name("zh") == NATIONAL_DAY[0].name("fr") == "国庆节"
    assert {CHINA: 1}[replace(CHINA)] == 1


STARTS = st.datetimes(datetime(2026, 8, 1), datetime(2027, 3, 1)).map(lambda at_: at_.replace(tzinfo=UTC))  # noqa: DTZ001
COUNTS = st.integers(1, 40)
CALENDARS = st.sampled_from((CHINA, PLANT, INDIA, calendar(NATIONAL_DAY, zone="America/New_York")))
SPANS = st.builds(Span, count=COUNTS, unit=st.sampled_from(SpanUnit), mode=st.sampled_from(SpanMode))


@given(office=CALENDARS, first=STARTS, second=STARTS, span=SPANS)
def test_what_begins_later_is_not_due_earlier(
    office: WorkingCalendar, first: datetime, second: datetime, span: Span
) -> None:
    early, late = sorted((first, second))
    if span.unit is not SpanUnit.DAYS or span.mode is SpanMode.TO_CLOSE:  # a clock at night may go back
        assert add_span(office, early, span) <= add_span(office, late, span)
        assert subtract_span(office, early, span) <= subtract_span(office, late, span)


@given(office=CALENDARS, start=STARTS, span=SPANS)
def test_more_is_due_later(office: WorkingCalendar, start: datetime, span: Span) -> None:
    more = replace(span, count=span.count + 1)
    assert start < add_span(office, start, span) < add_span(office, start, more)
    assert start > subtract_span(office, start, span) > subtract_span(office, start, more)


@given(office=CALENDARS, start=STARTS, count=COUNTS)
def test_to_close_ends_with_office_hours(office: WorkingCalendar, start: datetime, count: int) -> None:
    due = add_span(office, start, _span(count))
    last = local_date(office, due)
    assert due == windows(office, last)[-1].closes_at
    assert working_days_between(office, start, due) == count
    back = subtract_span(office, due, _span(count))
    assert is_working_day(office, local_date(office, back))
    assert working_days_between(office, back, due) == count
    assert back <= max(start, windows(office, local_date(office, back))[0].opens_at)


@given(office=CALENDARS, start=STARTS, first=COUNTS, second=COUNTS)
def test_to_the_hour_adds_up_in_any_order(
    office: WorkingCalendar, start: datetime, first: int, second: int
) -> None:
    one, other, both = (_span(count, mode=SpanMode.TO_HOUR) for count in (first, second, first + second))
    total = add_span(office, start, both)
    assert add_span(office, add_span(office, start, one), other) == total
    assert add_span(office, add_span(office, start, other), one) == total
    assert subtract_span(office, total, both) == next_working_moment(office, start)


@given(office=CALENDARS, start=STARTS, first=COUNTS, second=COUNTS)
def test_working_hours_add_up(office: WorkingCalendar, start: datetime, first: int, second: int) -> None:
    one, other, both = (_span(count, SpanUnit.WORKING_HOURS) for count in (first, second, first + second))
    total = add_span(office, start, both)
    assert add_span(office, add_span(office, start, one), other) == total
    back = subtract_span(office, total, both)
    assert next_working_moment(office, back) == next_working_moment(office, start)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-09-30 17:00", "2026-10-08 10:00", 2.0, id="over National Day"),
        pytest.param("2026-10-09 10:00", "2026-10-09 14:30", 3.5, id="over lunch"),
        pytest.param("2026-10-09 12:10", "2026-10-09 12:50", 0.0, id="at lunch"),
        pytest.param("2026-10-09 09:10", "2026-10-09 09:40", 0.5, id="within a morning"),
        pytest.param("2026-10-10 10:00", "2026-10-10 09:00", 0.0, id="the end comes first"),
    ],
)
def test_for_how_long_the_office_is_open(start: str, end: str, hours: float) -> None:
    assert working_time_between(CHINA, at(start), at(end)) == timedelta(hours=hours)


@given(st.integers(0, 60 * 24 * 30), st.integers(1, 60 * 50))
def test_working_time_that_is_added_lies_between(start: int, minutes: int) -> None:
    begun, work = at("2026-09-20 00:00") + timedelta(minutes=start), timedelta(minutes=minutes)
    ended = add_working_time(CHINA, begun, work)
    assert working_time_between(CHINA, begun, ended) == work
    assert add_working_time(CHINA, begun, timedelta()) == begun
