"""What the MIME fields of one part say: type, charset, names, disposition, transfer encoding.

RFC 2045 §5.1, RFC 2183 and RFC 2231, with the names as mailers really write them: encoded words in
quotes, raw 8-bit, GB18030 in a continuation, a path in front.
"""

import binascii
import re
import urllib.parse
from dataclasses import dataclass, field
from functools import lru_cache

import pybase64

from maild.parsers import charset, headers, words

_PARAMETER = re.compile(
    rb";\s*+(?!;)([^\s=;\"]{1,100})\s*=\s*(?:\"((?:[^\"\\]|\\.)*+)(?:\"|\Z)([^;]*)|([^;]*))", re.DOTALL
)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?\Z")
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+\Z")
_ESCAPED = re.compile(rb"\\([\"\\])")


@dataclass(frozen=True, slots=True)
class Value:
    """A structured value: what stands first, and its parameters by lower-case name."""

    main: str
    parameters: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The parameter of that name, '' when there is none."""
        return self.parameters.get(name, "")


def value_of(raw: bytes, hints: tuple[str, ...] = ()) -> Value:
    """A Content-Type or Content-Disposition value with its parameters decoded."""
    return _cached(raw, hints) if len(raw) <= _MAX_CACHED_BYTES else _value_of(raw[:_MAX_VALUE_BYTES], hints)


_MAX_CACHED_BYTES = 200  # such values come again and again; longer ones hold a name or a boundary
_MAX_VALUE_BYTES = 64_000


def _value_of(raw: bytes, hints: tuple[str, ...]) -> Value:
    main, _, _ = raw.partition(b";")
    sections: dict[str, list[tuple[int, bool, bytes]]] = {}
    for match in _PARAMETER.finditer(raw):
        found = _SECTION.match(match[1].decode("latin-1").casefold())
        if found:
            section = (int(found[2] or 0), bool(found[3]), _parameter_bytes(match))
            sections.setdefault(found[1], []).append(section)
    parameters = {name: _join(name, pieces, hints) for name, pieces in sections.items()}
    return Value(main.decode("latin-1").strip().strip("\"'").casefold(), parameters)


_cached = lru_cache(maxsize=1024)(_value_of)


def _parameter_bytes(match: re.Match[bytes]) -> bytes:
    if match[2] is None:
        return match[4].strip()
    # Seen in practice: a name with bare quotes inside quotes; what follows belongs to it.
    tail = match[3].strip().removesuffix(b'"') if match[3] else b""
    return _ESCAPED.sub(rb"\1", match[2]) + tail


def _join(name: str, pieces: list[tuple[int, bool, bytes]], hints: tuple[str, ...]) -> str:
    """One parameter out of its sections (RFC 2231 §3 and §4)."""
    extended = [piece for piece in pieces if piece[1]]
    if not extended and len(pieces) == 1:
        return _plain(name, pieces[0][2], hints)
    ordered = sorted({number: (number, coded, raw) for number, coded, raw in reversed(pieces)}.values())
    if not extended:
        return _plain(name, b"".join(raw for _, _, raw in ordered), hints)
    if len(ordered) == 1:
        ordered = extended[:1]  # `name` and `name*` side by side: the extended one is meant (RFC 6266 §4.3)
    label, data = "", b""
    for index, (_, coded, raw) in enumerate(ordered):
        if coded and index == 0 and raw.count(b"'") >= 2:
            tag, _, raw = raw.split(b"'", 2)  # noqa: PLW2901 -- what stays is the text behind the tag
            label = tag.decode("latin-1")
        data += urllib.parse.unquote_to_bytes(raw) if coded else raw
    text = (
        words.decode(data, hints)[0] if b"=?" in data and not label else charset.decode(data, label, hints)[0]
    )
    return headers.one_line(text)


def _plain(name: str, raw: bytes, hints: tuple[str, ...]) -> str:
    if name == "boundary" or (raw.isascii() and b"=?" not in raw and b"%" not in raw):
        return headers.one_line(raw.decode("latin-1"))
    if b"=?" not in raw and name in {"name", "filename"} and _PERCENT.search(raw):
        # Seen in practice: RFC 2231's encoding without its star.
        tagged = _TAGGED.match(raw)
        label = tagged[1].decode("latin-1") if tagged else "utf-8"
        data = urllib.parse.unquote_to_bytes(raw[tagged.end() :] if tagged else raw)
        return headers.one_line(charset.decode(data, label, hints)[0])
    return headers.one_line(words.decode(raw, hints)[0])


_TAGGED = re.compile(rb"([\w-]{2,30})'[\w-]*'")
_PERCENT = re.compile(rb"(?:%[0-9A-Fa-f]{2}){2}|\A[\w-]{2,30}'[\w-]*'")


def content_type(raw: bytes, default: str = "text/plain") -> str:
    """The media type in lower case; `default` when the field is missing or makes no sense (RFC 2045 §5.2)."""
    main = value_of(raw).main if raw else ""
    if _TYPE.match(main):
        return main
    return "text/plain" if raw else default


def decode_transfer(data: bytes, encoding: str) -> tuple[bytes, str]:
    """The bytes behind a transfer encoding (RFC 2045 §6), and the defect met ('' when there is none)."""
    if encoding == "base64":
        return _decode_base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), ""
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        found = uudecode(data)
        return (found[0][1], "") if found else (data, "broken uuencode")
    return data, ""


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def _decode_base64(data: bytes) -> tuple[bytes, str]:
    """RFC 2045 §6.8: as it should be, else with foreign characters left out, else as far as it goes."""
    try:
        return pybase64.b64decode(data.replace(b"\n", b""), validate=True), ""
    except (binascii.Error, ValueError):
        pass  # the strict decoder takes a tenth of the time of the patient one
    try:
        return binascii.a2b_base64(data), ""
    except binascii.Error:
        clean = _NOT_BASE64.sub(b"", data)
        whole = clean[: len(clean) - (len(clean) % 4 == 1)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)), "broken base64"


_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\n]{1,255})\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t\r]*$", re.MULTILINE)


def uudecode(data: bytes) -> tuple[tuple[str, bytes, int, int], ...]:
    """Every uuencoded file in `data`: (name, content, start, end)."""
    found: list[tuple[str, bytes, int, int]] = []
    position = 0
    while match := _UU_BEGIN.search(data, position):
        end = _UU_END.search(data, match.end())
        stop = end.start() if end else len(data)
        content = b"".join(map(_uu_line, data[match.end() : stop].split(b"\n")))
        position = end.end() if end else len(data)
        if content:
            name = words.decode(match[1].strip())[0]
            found.append((headers.one_line(name), content, match.start(), position))
    return tuple(found)


def _uu_line(line: bytes) -> bytes:
    line = line.rstrip(b"\r")
    if not line or not 0x20 <= line[0] <= 0x60:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders pad wrongly: only as many groups as the length byte promises are real.
        groups = ((line[0] - 0x20 & 0x3F) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:groups])
        except binascii.Error:
            return b""
