"""Spans of time as people write them."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.calendar import Span, SpanMode, SpanUnit
from maild.rules.span import MOST, parse_span


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("1 working day", 1, SpanUnit.WORKING_DAYS),
        ("2 working days", 2, SpanUnit.WORKING_DAYS),
        ("3 days", 3, SpanUnit.DAYS),
        ("4 hours", 4, SpanUnit.HOURS),
        ("1 working hour", 1, SpanUnit.WORKING_HOURS),
        ("30 minutes", 30, SpanUnit.MINUTES),
        ("2个工作日", 2, SpanUnit.WORKING_DAYS),
        ("两个工作日", 2, SpanUnit.WORKING_DAYS),
        ("3天", 3, SpanUnit.DAYS),
        ("三日", 3, SpanUnit.DAYS),
        ("4小时", 4, SpanUnit.HOURS),
        ("４ 个小时", 4, SpanUnit.HOURS),
        ("1个工作小时", 1, SpanUnit.WORKING_HOURS),
        ("30分钟", 30, SpanUnit.MINUTES),
        ("  2  Working   Days ", 2, SpanUnit.WORKING_DAYS),
        ("十天", 10, SpanUnit.DAYS),
        ("2days", 2, SpanUnit.DAYS),
    ],
)
def test_what_is_read(text: str, count: int, unit: SpanUnit) -> None:
    assert parse_span(text) == Span(count=count, unit=unit)
    assert parse_span(text, SpanMode.TO_HOUR).mode is SpanMode.TO_HOUR


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "'' is no span of time; write one such as '2 working days' or '2个工作日'"),
        ("soon", "'soon' is no span of time"),
        ("-1 working day", "'-1 working day' is no span of time"),
        ("1.5 days", "'1.5 days' is no span of time"),
        ("2 workin days", "counts in 'workin days', which is no unit; did you mean 'working day'?"),
        ("2 weeks", "counts in 'weeks', which is no unit; known: "),
        ("0 days", "'0 days' is not between 1 and 9999"),
        ("10000 days", "is not between 1 and 9999"),
    ],
)
def test_what_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        parse_span(text)


@given(st.text(max_size=30))
def test_anything_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert 1 <= parse_span(text).count <= MOST
