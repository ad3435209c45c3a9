"""Numbers as people write counts, days and scores: digits, Chinese numerals up to 万, one to ten."""

import re

HAN_DIGITS = "零〇一二两三四五六七八九"
_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_NUMERAL = re.compile(rf"(?:[{HAN_DIGITS}十百千]+万)?[{HAN_DIGITS}十百千]*\Z")
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

NUMBER = rf"(?:\d{{1,9}}|[{HAN_DIGITS}十百千万]{{1,9}}|{'|'.join(_ENGLISH)})"
"""A pattern for folded text: what may be such a number."""


def number(word: str) -> int | None:
    """The whole number that 12, 十二 or seven says; None when the word is none."""
    if word in _ENGLISH:
        return _ENGLISH.index(word) + 1
    if word.isascii() and word.isdigit():
        return int(word)
    if not word or not _NUMERAL.match(word):
        return None
    high, mark, low = word.rpartition("万")
    return _below_ten_thousand(high) * 10_000 * len(mark) + _below_ten_thousand(low)


def _below_ten_thousand(numeral: str) -> int:
    total = digit = 0
    for char in numeral:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = digit * 10 + _VALUES[char]
    return total + digit
