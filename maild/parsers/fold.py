"""Text as it is compared: half width, lower case, simplified, one sort of dash, colon and blank.

Each character is replaced by one, so that a place in the folded text is the same place in the original, and
what is kept is cut out of the original. The few traditional characters are those of the words that parsers
look for; the tables of the whole script are rules.chinese's.
"""

import unicodedata

_TRADITIONAL = (
    "滿評級謝們覺務質處結總體還較這個閱確認問題對應關開備註電話決辦時間負責無適數聯繫發貨準許預計劃範"
    "單號選項後內啟轉設撤聽說沒難歡極極異見樣產點勞幫答復複週禮報價"
    "協標據門組貴歷業執證郵員"
)
_SIMPLIFIED = (
    "满评级谢们觉务质处结总体还较这个阅确认问题对应关开备注电话决办时间负责无适数联系发货准许预计划范"
    "单号选项后内启转设撤听说没难欢极极异见样产点劳帮答复复周礼报价"
    "协标据门组贵历业执证邮员"
)
_DASHES = "‐‑‒–—―−﹣－"
_COLONS = "：﹕∶︰"
_BLANKS = "\u00a0\u3000\u2002\u2003\u2009\u200a\u200b\u200c\u200d\u2060\ufeff\u1427\t"


def _table() -> dict[int, str]:
    pairs = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
    pairs |= dict.fromkeys("‘’", "'") | dict.fromkeys("“”", '"')
    pairs |= dict.fromkeys(_DASHES, "-") | dict.fromkeys(_COLONS, ":") | dict.fromkeys(_BLANKS, " ")
    pairs |= {
        chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F) if chr(code) not in pairs
    }
    return {ord(wide): narrow for wide, narrow in pairs.items()}


_TABLE = _table()


def folded(text: str) -> str:
    """The text as it is compared; as long as it was, and folding it again changes nothing."""
    if text.isascii():
        return text.lower().replace("\t", " ")
    return "".join(map(_lower, text.translate(_TABLE)))


def _lower(char: str) -> str:
    """The lower case of a character, or itself where that is longer or has another lower case yet."""
    lower = char.lower()
    return lower if len(lower) == 1 and lower.lower() == lower else char


def letters(text: str) -> str:
    """The folded letters and digits alone: how two names of one thing are compared."""
    kept = unicodedata.normalize("NFKC", folded(text))
    return "".join(char for char in kept.casefold() if char.isalnum())
