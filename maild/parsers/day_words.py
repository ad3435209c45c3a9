"""Days as people write them, in folded text: `2026-10-12`, `10月12日`, `12 Oct`, `明天`, `3天内`.

Two numbers are month and day. With a year behind them they could be either way round, so that they are read
only where one is above 12. Without a year it is the year in which the day is near.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from maild.parsers.numerals import NUMBER, number

_YEARS = range(1970, 2200)
_MAX_SPAN_DAYS = 3_660
_PAST_DAYS = 60
"""A day without a year lies at most so far back; one further back is the next year's."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_HAN = r"[一二三四五六七八九十]{1,3}"
# The weekday that may stand beside a date says nothing that the date does not.
_BESIDE = re.compile(
    r"\A(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[., ]+(?=.*\d)"
    r"|(?<=[\d日号])\s*(?:\([^()]{1,12}\)|(?:周|星期|礼拜)[一二三四五六日天])\Z"
)
_RELATIVE = {
    "今天": 0, "今日": 0, "当天": 0, "today": 0, "tonight": 0, "今": 0, "明天": 1, "明日": 1, "明": 1,
    "tomorrow": 1, "后天": 2, "the day after tomorrow": 2, "day after tomorrow": 2, "大后天": 3,
    "昨天": -1, "昨日": -1, "yesterday": -1, "前天": -2,
}  # fmt: skip
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HAN_WEEKDAYS = "一二三四五六日"
_WEEKS = {"": 0, "本": 0, "这": 0, "这个": 0, "this ": 0, "on ": 0, "下": 1, "下个": 1, "next ": 1, "下下": 2}


def read(words: str, today: date) -> date | None:
    """The day that the whole of `words` names, None when it names none."""
    words = _BESIDE.sub("", words).strip()
    if words in _RELATIVE:
        return today + timedelta(days=_RELATIVE[words])
    for pattern, meaning in _FORMS:
        match = pattern.fullmatch(words)
        if match:
            return meaning(match, today)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _full(match: re.Match[str], today: date) -> date | None:
    """Year, month, day; a year of two digits is this century's."""
    year = int(match["year"])
    return _date(year + 2_000 if year < 100 else year, *_month_and_day(match))


def _near(match: re.Match[str], today: date) -> date | None:
    """Month and day, in the year in which that is near."""
    found = _date(today.year, *_month_and_day(match))
    if found is None or found >= today - timedelta(days=_PAST_DAYS):
        early = _date(today.year - 1, *_month_and_day(match))
        return early if early and today - early <= timedelta(days=_PAST_DAYS) else found
    return _date(today.year + 1, *_month_and_day(match))


def _month_and_day(match: re.Match[str]) -> tuple[int, int]:
    month, day = match["month"], match["day"]
    name = month[:3]
    return _MONTHS.index(name) + 1 if name in _MONTHS else number(month) or 0, number(day) or 0


def _either_way(match: re.Match[str], today: date) -> date | None:
    """Two numbers before a year: only where one of them can be no month."""
    first, second, year = (int(match[name]) for name in ("first", "second", "year"))
    readings = {each for each in (_date(year, first, second), _date(year, second, first)) if each}
    return readings.pop() if len(readings) == 1 else None


def _of_this_month(match: re.Match[str], today: date) -> date | None:
    """A day of this month, or of the next when it is over."""
    day = int(match["day"])
    if day >= today.day:
        return _date(today.year, today.month, day)
    following = _month_end(today) + timedelta(days=1)
    return _date(following.year, following.month, day)


def _span(match: re.Match[str], today: date) -> date | None:
    count = 1 if match["count"] in {"a", "an"} else number(match["count"])
    days = (count or 0) * (7 if match["unit"][-1] in "周期拜" or match["unit"].startswith("week") else 1)
    return today + timedelta(days=days) if count is not None and days <= _MAX_SPAN_DAYS else None


def _weekday(match: re.Match[str], today: date) -> date | None:
    """A day of this week, or of one after it; a bare one that is over is the next week's.

    `next Friday` is next week's to some, and to others the one to come: read where both are the same.
    """
    name = match["name"].replace("天", "日")
    place = _HAN_WEEKDAYS.index(name) if name in _HAN_WEEKDAYS else _WEEKDAYS.index(name[:3])
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=place, weeks=_WEEKS[match["week"] or ""])
    if match["week"] == "next " and day - timedelta(weeks=1) > today:
        return None
    return day + timedelta(weeks=1) if day < today and match["week"] in {None, "on "} else day


def _end_of_month(match: re.Match[str], today: date) -> date | None:
    end = _month_end(today)
    return _month_end(end + timedelta(days=1)) if match["next"] else end


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


_COUNT = rf"(?P<count>{NUMBER}|an?)"
_HAN_WEEK = "个?(?:周|星期|礼拜)"
_ENGLISH_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_WEEK = "|".join(sorted(filter(None, _WEEKS), key=len, reverse=True))
_Meaning = Callable[[re.Match[str], date], date | None]
_FORMS: tuple[tuple[re.Pattern[str], _Meaning], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", _full),
        (r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", _full),
        (r"(?P<year>\d{4}|\d\d) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]?", _full),
        (rf"{_ORDINAL} {_MONTH},? (?P<year>\d{{4}})", _full),
        (rf"{_MONTH} {_ORDINAL},? (?P<year>\d{{4}})", _full),
        (r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4})", _either_way),
        (rf"(?P<month>\d{{1,2}}|{_HAN}) ?月 ?(?P<day>\d{{1,2}}|{_HAN}) ?[日号]?", _near),
        (r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})", _near),
        (rf"{_ORDINAL}(?: of)? {_MONTH}", _near),
        (rf"{_MONTH} {_ORDINAL}", _near),
        (r"(?P<day>\d{1,2}) ?[号日]", _of_this_month),
        (
            rf"(?:within |in )?{_COUNT} ?(?P<unit>天|日|days?|{_HAN_WEEK}|weeks?) ?(?:之?内|以内|之?后)",
            _span,
        ),
        (rf"(?:within|in) {_COUNT} ?(?P<unit>days?|weeks?)", _span),
        (rf"(?P<week>{_WEEK})?(?:周|星期|礼拜)(?P<name>[一二三四五六日天])", _weekday),
        (rf"(?P<week>this |next |on )?(?P<name>{_ENGLISH_WEEKDAY})\.?", _weekday),
        (r"(?P<next>下个?)?(?:本|这个?)?月(?:底|末)", _end_of_month),
        (r"(?:the )?end of (?:(?P<next>next)|the|this) month", _end_of_month),
    )
)
