"""What is written in a field, as a value of its type, or a sentence that says why it is none."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

from maild.model.forms import Choice, FieldSpec, FieldType, NotApplicable, Quantity, Value
from maild.model.mail import Address
from maild.model.sentence import Sentence
from maild.parsers import moment
from maild.parsers.fold import folded, letters
from maild.parsers.numerals import number

_NOT_APPLICABLE = frozenset({"不适用", "na", "notapplicable", "无此项", "不涉及"})
_NOTHING = frozenset({"无", "没有", "none", "nil"})
_YES = frozenset(
    {"是", "是的", "对", "有", "要", "需要", "可以", "同意", "能", "yes", "y", "true", "是有", "√", "支持"}
)
_NO = frozenset(
    {
        "否",
        "不是",
        "不",
        "不对",
        "无",
        "没有",
        "不要",
        "不需要",
        "不可以",
        "不同意",
        "不能",
        "no",
        "n",
        "false",
        "none",
    }
)
_MAX_CHARS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """By what dates are read: today, and the zone of clock times."""

    today: date
    zone: tzinfo


def read(text: str, spec: FieldSpec, calendar: Calendar) -> Value | Sentence:
    """The value of a field that is not empty; a sentence when it cannot be one."""
    if _says_not_applicable(text, spec):
        return NotApplicable() if spec.may_be_not_applicable else _needed(spec)
    if spec.type is FieldType.DATE:
        return _date(text, calendar)
    if spec.type is FieldType.CHOICE:
        return _choice(text, spec)
    return _READERS[spec.type](text)


def _says_not_applicable(text: str, spec: FieldSpec) -> bool:
    """不适用 and N/A in any field; 无, a slash or a dash only in one that may do without."""
    word = letters(text[:40])
    if not word:
        return spec.may_be_not_applicable and len(text.strip()) <= 4
    return word in _NOT_APPLICABLE or (spec.may_be_not_applicable and word in _NOTHING)


def _needed(spec: FieldSpec) -> Sentence:
    return Sentence(
        zh=f"“{spec.label('zh')}”不能填“不适用”，请填写内容",
        en=f"{spec.label('en')!r} cannot be 'not applicable': please fill it in",
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:40]}…"


def _first_line(text: str) -> str:
    """The first line: below a number or a date stands what belongs to neither."""
    return text.partition("\n")[0]


_FIGURE = re.compile(
    r"(?:[¥￥$€£]|rmb|cny|usd|eur)? ?(?P<sign>-?)(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<part>\.\d{1,9})?"
    r" ?(?P<times>[万亿]?)(?P<unit>[^\d\s~-][^\d~]{0,15})?"
)
_NUMERAL = re.compile(r"(?P<numeral>[零〇一二两三四五六七八九十百千万]{1,12}) ?(?P<unit>[^\d\s]{0,8})")
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}
_VAGUE = re.compile(r"\b(?:or|to|about|and)\b|[或至到约左右多余几]|以上|以下|以内")


def _quantity(text: str) -> Quantity | Sentence:
    plain = folded(_first_line(text)).strip(" .。;,")
    unit_at = 0 if _VAGUE.search(plain) else 1
    figure = _FIGURE.fullmatch(plain) if unit_at else None
    if figure:
        value = Decimal(f"{figure['sign']}{figure['whole'].replace(',', '')}{figure['part'] or ''}")
        return Quantity(number=value * _TIMES[figure["times"]], unit=(figure["unit"] or "").strip())
    numeral = _NUMERAL.fullmatch(plain) if unit_at else None
    value_of = number(numeral["numeral"]) if numeral else None
    if numeral and value_of is not None:
        return Quantity(number=Decimal(value_of), unit=numeral["unit"])
    return Sentence(
        zh=f"“{_short(text)}”不是一个数。请写一个数，例如 5 或 1,200.50",
        en=f"{_short(text)!r} is not one number. Write one number, such as 5 or 1,200.50",
    )


def _date(text: str, calendar: Calendar) -> Value | Sentence:
    read_as = moment.read(_first_line(text), calendar.today, calendar.zone)
    if read_as.on:
        return read_as.at or read_as.on
    return Sentence(
        zh=f"看不懂日期“{_short(text)}”。请写成 2026-10-12 或 10月12日",
        en=f"The date {_short(text)!r} cannot be read. Write 2026-10-12 or 12 October",
    )


_BOX = re.compile(r"(?P<box>[☑☒✓✔√■☐□○●◯]|\[[ xX√✓]?\]|［[ ｘＸx√✓]?］)")
_EMPTY_BOXES = frozenset("☐□○◯")


def _ticked(text: str) -> list[str] | None:
    """The words behind ticked boxes, None where there are no boxes. A tick may stand behind its word too."""
    boxes = list(_BOX.finditer(text))
    if not boxes:
        return None
    ends = [*(box.start() for box in boxes[1:]), len(text)]
    if not text[: boxes[0].start()].strip():
        words = [(box["box"], text[box.end() : end]) for box, end in zip(boxes, ends, strict=True)]
    else:
        starts = [0, *(box.end() for box in boxes)]
        words = [(box["box"], text[start : box.start()]) for start, box in zip(starts, boxes, strict=False)]
    return [word.strip(" ,，、;；/") for box, word in words if _is_tick(box)]


def _is_tick(box: str) -> bool:
    return box not in _EMPTY_BOXES and box.strip("[]［］ ") != ""


def _choice(text: str, spec: FieldSpec) -> Choice | Sentence:
    ticked = _ticked(text)
    written = [text] if ticked is None else ticked
    found = {choice.name: choice for word in written for choice in spec.choices if _names(choice, word)}
    if len(found) == 1 and len(written) == 1:
        return next(iter(found.values()))
    allowed_zh = "、".join(_shown(choice) for choice in spec.choices)
    if len(written) > 1:
        return Sentence(zh=f"只能选一项：{allowed_zh}", en=f"Choose only one of: {allowed_zh}")
    return Sentence(
        zh=f"“{_short(text)}”不在可选范围内。请选：{allowed_zh}",
        en=f"{_short(text)!r} is none of the choices. Choose one of: {allowed_zh}",
    )


def _names(choice: Choice, word: str) -> bool:
    key = letters(_first_line(word.strip()))
    return bool(key) and key in {letters(label) for label in (choice.name, *choice.labels)}


def _shown(choice: Choice) -> str:
    return " / ".join(choice.labels) or choice.name


def _yes_no(text: str) -> bool | Sentence:
    ticked = _ticked(text)
    written = text if ticked is None else (ticked[0] if len(ticked) == 1 else "")
    word = letters(_first_line(written.strip())) or written.strip()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return Sentence(zh=f"“{_short(text)}”请写“是”或“否”", en=f"{_short(text)!r}: write yes or no")


_ADDRESS = re.compile(
    r"(?:mailto:)?([a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})"
)
_AROUND = re.compile(r"[\s,;、<>()和及]+|and")
_MAX_ADDRESSES = 500


def _addresses(text: str) -> tuple[Address, ...] | Sentence:
    """One address or several, with or without names before them in front of angle brackets."""
    plain = folded(text[:_MAX_CHARS])
    found = list(dict.fromkeys(match[1] for match in _ADDRESS.finditer(plain)))[:_MAX_ADDRESSES]
    left = _AROUND.sub("", _ADDRESS.sub("", re.sub(r"[^,;\n<]{1,60}<(?=[^<>]+@)", "<", plain)))
    if found and not left:
        return tuple(Address(address=address) for address in found)
    return Sentence(
        zh=f"“{_short(text)}”不是邮箱地址。请写成 name@example.com，多个用逗号分开",
        en=f"{_short(text)!r} is not a mail address. Write name@example.com, several with commas between",
    )


_PHONE = re.compile(r"\+?[\d ()/.-]{6,24}?(?: ?(?:转|ext\.?|x|#) ?(?P<extension>\d{1,6}))?")


def _phone(text: str) -> str | Sentence:
    """The number as digits, with its plus and `,extension` (7 to 15 digits, ITU-T E.164)."""
    plain = folded(_first_line(text)).strip(" .。;,").removeprefix("tel:").strip()
    found = _PHONE.fullmatch(plain)
    digits = re.sub(r"\D", "", plain[: found.start("extension")] if found and found["extension"] else plain)
    if found and 7 <= len(digits) <= 15:
        extension = f",{found['extension']}" if found["extension"] else ""
        return f"{'+' if plain.startswith('+') else ''}{digits}{extension}"
    return Sentence(
        zh=f"“{_short(text)}”不是电话号码。请写成 13800138000 或 021-62345678 转 123",
        en=f"{_short(text)!r} is not a telephone number. Write it as +86 21 6234 5678 ext 123",
    )


def _text(text: str) -> str:
    return text[:_MAX_CHARS]


_READERS: dict[FieldType, Callable[[str], Value | Sentence]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _quantity,
    FieldType.YES_NO: _yes_no,
    FieldType.ADDRESS: _addresses,
    FieldType.PHONE: _phone,
}
