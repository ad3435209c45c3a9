"""Spans of time as people write them: `2 working days`, `4 hours`, `2个工作日`, `三天`."""

import re
from unicodedata import normalize

from maild.mistakes import nearest
from maild.model.calendar import Span, SpanMode, SpanUnit

MOST = 9999
"""More of anything is a slip of the pen: it is 40 years of working days."""

_SHAPE = re.compile(r"([0-9]{1,9}|[一二两三四五六七八九十])\s*([^0-9]+)")
_NUMERALS = {"两": 2} | {numeral: number for number, numeral in enumerate("一二三四五六七八九十", start=1)}
_UNITS = {
    "working day": SpanUnit.WORKING_DAYS,
    "working hour": SpanUnit.WORKING_HOURS,
    "day": SpanUnit.DAYS,
    "hour": SpanUnit.HOURS,
    "minute": SpanUnit.MINUTES,
    "工作日": SpanUnit.WORKING_DAYS,
    "工作小时": SpanUnit.WORKING_HOURS,
    "天": SpanUnit.DAYS,
    "日": SpanUnit.DAYS,
    "小时": SpanUnit.HOURS,
    "分钟": SpanUnit.MINUTES,
}


def parse_span(text: str, mode: SpanMode = SpanMode.TO_CLOSE) -> Span:
    """The span that `text` names, from 1 to 9999 of a unit; full-width digits count as digits.

    Raises: ValueError, saying what is wrong and what would be right.
    """
    found = _SHAPE.fullmatch(normalize("NFKC", text).strip().casefold())
    if found is None:
        raise ValueError(f"{text!r} is no span of time; write one such as '2 working days' or '2个工作日'")
    number, word = found[1], " ".join(found[2].split())
    unit = _UNITS.get(word.removesuffix("s").removeprefix("个"))
    if unit is None:
        raise ValueError(f"{text!r} counts in {word!r}, which is no unit; {nearest(word, _UNITS)}")
    count = _NUMERALS.get(number) or int(number)
    if not 1 <= count <= MOST:
        raise ValueError(f"{text!r} is not between 1 and {MOST}")
    return Span(count=count, unit=unit, mode=mode)
