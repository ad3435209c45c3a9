"""Clock times as people write them: `15:00`, `3pm`, `下午3点半`, `十点一刻`, in folded text."""

import re
from datetime import time

_PERIODS = {
    "凌晨": "am", "清晨": "am", "早上": "am", "早晨": "am", "早": "am", "上午": "am", "中午": "noon",
    "下午": "pm", "午后": "pm", "傍晚": "pm", "晚上": "pm", "晚": "pm", "夜里": "pm",
}  # fmt: skip
_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0, "": 0}
_HAN_HOURS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_HAN_HOUR = "|".join(sorted((*_HAN_HOURS, "两"), key=len, reverse=True))
# The hour must stand alone: no digit before it.
_CLOCK = re.compile(
    rf"(?:(?<=\s)at |(?<=\d)t)?(?:(?P<period>{_PERIOD}) ?)?(?<!\d)(?:"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?: ?(?P<half>[ap])\.?m\.?)?"
    r"|(?P<english>\d{1,2}) ?(?P<english_half>[ap])\.?m\.?"
    rf"|(?P<han>\d{{1,2}}|{_HAN_HOUR}) ?[点时](?P<quarter>半|一刻|三刻|整|钟)?(?:(?P<past>\d{{1,2}})分?)?"
    r")\Z"
)


def split(words: str) -> tuple[str, time | None, bool]:
    """What stands before a clock time at the end, the time, and whether all is right with it.

    Without a clock time (words, None, True); with one that no clock shows (25:00), (rest, None, False).
    """
    match = _CLOCK.search(words)
    if match is None:
        return words, None, True
    hour = _hour(match)
    minute = int(match["minute"] or match["past"] or _QUARTERS[match["quarter"] or ""])
    rest = words[: match.start()].rstrip(" ,")
    if hour is None or hour > 23 or minute > 59:
        return rest, None, False
    return rest, time(hour, minute), True


def _hour(match: re.Match[str]) -> int | None:
    """The hour of 24; None for one that its half of the day does not have."""
    written = match["hour"] or match["english"] or match["han"]
    hour = int(written) if written.isdigit() else _HAN_HOURS.index(written.replace("两", "二"))
    half = match["half"] or match["english_half"] or _PERIODS.get(match["period"] or "", "")
    if half in {"a", "p"} and not 1 <= hour <= 12:
        return None
    if half == "noon":
        return hour + 12 if hour < 3 else hour
    if half in {"p", "pm"}:
        return hour + 12 if hour < 12 else hour
    return 0 if half == "a" and hour == 12 else hour
