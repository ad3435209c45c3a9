"""A day, or a day with a clock time, in the ways that people write them: `10/12 下午3点`, `by Friday 5pm`.

What today is, and the zone of clock times, are arguments. `3个工作日内` is left as a count. Words that name
no one day stay unread; nothing is guessed.
"""

import re
from datetime import UTC, date, datetime, tzinfo

from maild.model.moments import Moment
from maild.parsers import clock_words, day_words
from maild.parsers.fold import folded
from maild.parsers.numerals import NUMBER, number

_MAX_CHARS = 120
_BEFORE = re.compile(
    r"(?:no later than|at the latest|by|before|until|till|due|预计|计划|最迟|最晚|截止到?|截至|不晚于|请于"
    r"|于|在|到)[: ]*"
)
_AFTER = re.compile(
    r"[ ,]*(?:at the latest|(?:by )?(?:close of business|end of day|cob|eod)|(?:下班)?(?:之前|以前|前)|下班"
    r"|止|截止"
    r"|(?:之前|以前|前)?完成|为止)\Z"
)
_PART_OF_DAY = re.compile(r"[ ,]*(?:上午|下午|早上|中午|晚上|全天|morning|afternoon|evening)\Z")
_WORKING_DAYS = re.compile(
    rf"(?:within |in )?(?P<count>{NUMBER}) ?个?(?:工作日|working days?|business days?|workdays?) ?(?:之?内"
    rf"|以内|之?后)?"
)


def read(text: str, today: date, zone: tzinfo) -> Moment:
    """The moment that the whole of `text` names; one that is not `is_read` when it names none."""
    written = text.strip()
    words = _core(written)
    counted = _WORKING_DAYS.fullmatch(words)
    if counted:
        return Moment(text=written, working_days=number(counted["count"]))
    rest, clock, is_right = clock_words.split(words)
    if not is_right:
        return Moment(text=written)
    day = day_words.read(_without_part_of_day(rest), today)
    at = datetime.combine(day, clock, zone).astimezone(UTC) if day and clock else None
    return Moment(text=written, on=day, at=at)


def _core(written: str) -> str:
    """The folded words without what leads a date in or closes it."""
    words = " ".join(folded(written[: _MAX_CHARS + 1]).split()).strip(" .,。;")
    if len(words) > _MAX_CHARS:
        return ""
    words = _AFTER.sub("", _AFTER.sub("", words))
    return words[found.end() :] if (found := _BEFORE.match(words)) else words


def _without_part_of_day(words: str) -> str:
    """A part of the day without a clock time says no more than its day."""
    return _PART_OF_DAY.sub("", words) if len(words) > 2 else words


def is_moment(text: str) -> bool:
    """True when the whole text names a moment, or a clock time of any day."""
    rest, clock, is_right = clock_words.split(_core(text))
    return (clock is not None and not rest and is_right) or read(text, date(2000, 1, 1), UTC).is_read
