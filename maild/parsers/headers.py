"""The header block of a message: its fields in order, and where the body begins.

RFC 5322 §2.2 and §3.5, read forgivingly: mbox lines before it, lines that are no field, no blank
line after it, no header at all. What the fields mean is left to the modules beside this one.
"""

import re
from collections import Counter
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import islice
from typing import NamedTuple

from maild.parsers import bounds, words

_NAME = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,200}")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_MBOX_LINE = re.compile(rb">?From [^\n]*\n")


class Field(NamedTuple):
    """One header field: its name as written and as compared, its value unfolded and stripped.

    A tuple, for there are many.
    """

    name: str
    raw: bytes
    key: str  # the name in lower case (RFC 5322 §1.2.2: any case)


def field_of(name: str, raw: bytes) -> Field:
    """The field of that name and unfolded value."""
    return Field(name, raw, name.lower())


@dataclass(frozen=True, slots=True)
class Head:
    """A header block with what stands behind it."""

    fields: tuple[Field, ...]
    body: bytes = b""
    defects: tuple[str, ...] = ()
    _index: dict[str, list[bytes]] = dataclass_field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Index the values by name: every field is asked for by several readers."""
        for field in self.fields:
            self._index.setdefault(field.key, []).append(field.raw)

    def values(self, key: str) -> tuple[bytes, ...]:
        """The raw values of every field of that lower-case name, in order."""
        return tuple(self._index.get(key, ()))

    def named(self, keys: frozenset[str]) -> list[str]:
        """Which of these lower-case names occur, in the order of the header."""
        return [] if keys.isdisjoint(self._index) else [key for key in self._index if key in keys]

    def first(self, key: str) -> bytes:
        """The raw value of the first field of that lower-case name, b'' when there is none."""
        found = self._index.get(key)
        return found[0] if found else b""


def split(raw: bytes) -> Head:
    """The header fields of a message and its body, which keeps its line ends; the header's may be CRLF."""
    raw = without_mbox_lines(raw)
    block, body = _divide(raw)
    blank_line = b"\n" if len(block) + len(body) < len(raw) else b""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    defects: list[str] = []
    if len(block) > bounds.MAX_HEADER_BYTES:
        block = block[: bounds.MAX_HEADER_BYTES]
        defects.append("header block too long, its end is left out")
    lines = _unfolded(block).split(b"\n")
    fields, end = _fields(lines, defects)
    if end < len(lines):
        body = block[_offset(block, end) :] + blank_line + body
    if not fields:
        defects.append("no header")
    return Head(tuple(fields), body, tuple(dict.fromkeys(defects)))


def _unfolded(block: bytes) -> bytes:
    """The block with one field a line (RFC 5322 §2.2.3)."""
    if b"\r" in block:
        return _FOLD.sub(b"", block)
    return block.replace(b"\n ", b" ").replace(b"\n\t", b"\t")


def _fields(lines: list[bytes], defects: list[str]) -> tuple[list[Field], int]:
    """The fields in unfolded lines, and the line at which the body begins without a blank one before."""
    fields: list[Field] = []
    last_known = -1
    for number, line in enumerate(lines):
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")
        if colon and _NAME.fullmatch(name):
            if len(fields) >= bounds.MAX_FIELDS:
                defects.append("too many header fields, the last are left out")
                return fields, len(lines)
            fields.append(field_of(name.decode("ascii"), value[: bounds.MAX_FIELD_BYTES].strip()))
        elif line:
            last_known = last_known if last_known >= 0 else _last_known(lines)
            if not fields or (number > last_known and not _ODD_NAME.match(line)):
                defects.append("no blank line between header and body")
                return fields, number
            defects.append("a line of the header is no field")
    return fields, len(lines)


def _offset(block: bytes, line: int) -> int:
    """Where in the block the unfolded line of that number begins."""
    ends = (match.end() for match in _LINE_END.finditer(block))
    return next(islice(ends, line - 1, None), len(block)) if line else 0


_LINE_END = re.compile(rb"\n(?![ \t])")


def _last_known(lines: list[bytes]) -> int:
    """The last line that is surely a header field: up to it the header goes on, whatever stands between."""
    return max((number for number, line in enumerate(lines) if _KNOWN_FIELD.match(line)), default=0)


def without_mbox_lines(raw: bytes) -> bytes:
    """The message behind the `From ` lines of a mailbox file (RFC 4155), which are no part of it."""
    start = 0
    while True:
        match = _MBOX_LINE.match(raw, start)
        if match is None:
            return raw[start:] if start else raw
        start = match.end()


def _divide(raw: bytes) -> tuple[bytes, bytes]:
    """The block before the first empty line and what follows that line."""
    if raw.startswith((b"\n", b"\r\n")):
        return b"", raw[1 + raw.startswith(b"\r") :]
    position = 0
    while blank := _BLANK_LINE.search(raw, position):
        folded = _CONTINUED.match(raw, blank.end())
        behind = folded.end() if folded else blank.end()
        # A line of blanks only ends the header (RFC 5322 §3.2.2 forbids it in folding) unless fields follow.
        if not blank[0].strip(b"\r\n") or not _KNOWN_FIELD.match(raw, behind):
            return raw[: blank.start() + 1], raw[blank.end() :]
        position = behind - 1
    return raw, b""


_BLANK_LINE = re.compile(rb"\n(?:[ \t]+\r?|\r?)\n")


_ODD_NAME = re.compile(rb"[\x21-\x39\x3b-\x7e\x80-\xff]{1,60}:[ \t]")
_CONTINUED = re.compile(rb"(?:[ \t][^\n]*\n)*")
# Fields by which a header is known to go on behind a line that is none.
_KNOWN_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to"
    rb"|in-reply-to|references"
    rb"|delivered-to|sender|x-[\w-]+|dkim-signature|list-[a-z]+)[ \t]*:",
    re.IGNORECASE,
)


# RFC 5322 §3.6: at most once each.
_ONCE = frozenset(
    {"from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"}
)


def repeated(head: Head) -> tuple[str, ...]:
    """A defect for each field that occurs more often than RFC 5322 §3.6 allows."""
    count = Counter(field.key for field in head.fields)
    return tuple(f"{key}: repeated" for key in head.named(_ONCE) if count[key] > 1)


def text_of(raw: bytes, hints: tuple[str, ...] = ()) -> str:
    """A header value as text, on one line, without control characters."""
    if not raw:
        return ""
    plain = raw.isascii() and b"=?" not in raw
    text = raw.decode("ascii") if plain else words.decode(raw, hints)[0]
    return text if text.isprintable() else one_line(text)


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """The text without line ends and controls, so that no value can carry a second header field."""
    return _CONTROLS.sub(" ", text).strip()
