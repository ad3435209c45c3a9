"""Labels and what stands beside or below them, in the lines of a mail.

`字段：值`, `字段 | 值`, `【字段】值`, `**字段**：值`, cells parted by tabs or wide blanks as html_text leaves
them, the value on the next line, several on one line. Only labels of the form's own fields begin a value, so
that a colon in a text stays text. Quote marks, bullets and numbers before a label go.
"""

import re
from dataclasses import dataclass

from maild.parsers.fold import folded
from maild.parsers.form_labels import Labels

_QUOTE = re.compile(r"\s*(?:[>＞]\s?)+")
_MARK = re.compile(
    r"\s*(?:[-*•·●▪◆■□○](?=\s|[^\W\d_])|[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、)）．](?!\d)"
    r"|[①-⑳])?\s*"
)
_SPLIT = re.compile(r"\s*(?:\||｜|\t+| {2,}|\u3000{2,})\s*")
_HEAD = re.compile(
    r"(?:[*_]{1,3})?(?:【(?P<boxed>[^【】]{1,60})】|\[(?P<squared>[^\[\]]{1,60})\]|(?P<plain>[^:：=＝"
    r"|｜\t]{1,60}?))"
    r"(?:[*_]{1,3})?\s*(?P<mark>[:：﹕∶=＝]|\Z)(?:[*_]{1,3})?\s*"
)
_BOXED = re.compile(
    r"\s*(?:【(?P<boxed>[^【】]{1,60})】|\[(?P<squared>[^\[\]]{1,60})\])\s*[:：]?\s*(?P<value>.*)"
)
_MAX_LINES = 5_000
_MAX_CHARS = 200_000
_RULE = re.compile(r"[\s|+:=_-]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What was written for a field; `quoted` when it stands in a quotation alone."""

    name: str
    text: str
    quoted: bool = False


@dataclass(slots=True, kw_only=True)
class _Open:
    """The field whose value goes on."""

    name: str
    lines: list[str]
    quoted: bool


def pairs_of(text: str, labels: Labels) -> tuple[list[Pair], list[str]]:
    """What is written for which field, in order, and labels that are only like one of a field.

    A value goes on until the next label; a blank line is a part of it only where a label follows.
    """
    done: list[_Open] = []
    strange: list[str] = []
    for line in text[:_MAX_CHARS].split("\n")[:_MAX_LINES]:
        quote = _QUOTE.match(line)
        rest = line[quote.end() :] if quote else line
        found = _fields(rest, labels)
        if found:
            done += (_Open(name=name, lines=[value], quoted=quote is not None) for name, value in found)
            continue
        label = _label_of(rest)
        if label and labels.nearest(label):
            strange.append(label)
            done.append(_Open(name="", lines=[], quoted=False))
        elif done and not (_RULE.match(rest) and rest.strip()):
            _go_on(done[-1], rest, quoted=quote is not None)
    return [_pair(each, is_last=each is done[-1]) for each in done if each.name], strange


def _go_on(field: _Open, line: str, *, quoted: bool) -> None:
    """One more line of a value; one that is answered below a quoted label is no quotation."""
    if line.strip() and not quoted and not any(each.strip() for each in field.lines):
        field.quoted = False
    if not (quoted and not field.quoted):
        field.lines.append(line)


def _pair(field: _Open, *, is_last: bool) -> Pair:
    lines = field.lines
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    lines = lines[first:]
    if is_last:
        lines = lines[: next((number for number, line in enumerate(lines) if not line.strip()), len(lines))]
    return Pair(name=field.name, text="\n".join(line.strip() for line in lines).strip(), quoted=field.quoted)


def _fields(line: str, labels: Labels) -> list[tuple[str, str]]:
    """The fields that one line begins, with what stands behind each label."""
    if _RULE.match(line):
        return []
    bare = line[_marked(line) :]
    return _boxed(bare, labels) or _labelled(bare, labels) or _cells(bare, labels) or _alone(bare, labels)


def _marked(line: str) -> int:
    found = _MARK.match(line)
    return found.end() if found else 0


def _boxed(line: str, labels: Labels) -> list[tuple[str, str]]:
    found = _BOXED.match(line)
    name = labels.field_of(found["boxed"] or found["squared"]) if found else ""
    return [(name, found["value"])] if found and name else []


def _cells(line: str, labels: Labels) -> list[tuple[str, str]]:
    """`字段 | 值 | 字段 | 值`: a cell that is a label, and those behind it up to the next label."""
    cells = _SPLIT.split(line.strip().strip("|｜"))
    found: list[tuple[str, str]] = []
    for cell in cells if len(cells) > 1 else ():
        name = labels.field_of(cell.strip(" *_:："))
        inner = [(name, "")] if name else _labelled(cell, labels)
        if not found and not inner:
            return []
        if inner:
            found += inner
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]} {cell}".strip())
    return found


def _labelled(line: str, labels: Labels) -> list[tuple[str, str]]:
    """`字段：值`, and more of them further on in the line."""
    head = _HEAD.match(line)
    name = labels.field_of(head["boxed"] or head["squared"] or head["plain"]) if head and head["mark"] else ""
    inner = labels.inside(folded(line))
    if head and name:
        inner = [(0, head.end(), name), *(each for each in inner if each[0] >= head.end())]
    elif inner and line[: inner[0][0]].strip(" *_【[;；,，"):
        return []
    ends = [*(start for start, _, _ in inner[1:]), len(line)]
    return [
        (field, line[end:stop].strip(" \t;；,，|*" if stop < len(line) else " \t*"))
        for (_, end, field), stop in zip(inner, ends, strict=False)
    ]


def _alone(line: str, labels: Labels) -> list[tuple[str, str]]:
    """A label that is the whole line, its value to come on the next."""
    name = labels.field_of(line.strip().strip("*_ :：-"))
    return [(name, "")] if name else []


_STRANGE = re.compile(r"\s*[*_【\[]*([^\s:：|【】*][^:：|【】\n]{0,24}?)[*_】\]]*\s*[:：]\s*\S")


def _label_of(line: str) -> str:
    """What looks like a label before a value, '' when nothing does."""
    found = _STRANGE.match(line[_marked(line) :])
    return found[1].strip() if found else ""
