"""A message body without its bulk, and the bulk by itself.

Most bytes of mail are encoded attachments, which the reader of the structure walks line by line for
nothing. Long runs without a blank line, a colon or a line beginning with `--` can neither be header
field nor delimiter nor end of a header (RFC 2045 §6.8, RFC 2046 §5.1.1): one line of letters
in their place leaves the structure as it was. Attached messages are leaves too: their inside is read
by itself, from the very bytes that came.
"""

import re
from dataclasses import dataclass

MIN_RUN_BYTES = 2_048
"""Shorter runs cost less to read than to cut."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What is left of a body, and what stood behind each token in it."""

    body: bytes
    mark: bytes = b""
    runs: tuple[bytes, ...] = ()

    def expand(self, content: bytes) -> bytes:
        """The content of one part as it was before the cut."""
        if not self.runs or self.mark not in content:
            return content
        first, *rest = content.split(self.mark)
        pieces = [first]
        for piece in rest:
            number, _, after = piece.partition(b"Z")
            pieces += (self.runs[int(number)], after)
        return b"".join(filter(None, pieces))  # what is one run alone is not copied


_MESSAGE_TYPE = re.compile(
    rb"^content-type:[ \t]*(?:\r?\n[ \t]+)?\"?(message)/", re.IGNORECASE | re.MULTILINE
)


def cut(body: bytes, *, bulk: bool = True) -> Skeleton:
    """The skeleton of a body; without `bulk` only the types of attached messages are hidden in it.

    Line ends should be LF: a lone CR ends a line for the reader of the structure but not here, so where
    one stands the bulk stays in.
    """
    spans = _long_runs(body) if bulk and b"\r" not in body else []
    kept, runs = _between(body, spans)
    mark = _unused_mark(kept)
    small = _joined(kept, mark, 0)
    messages = _MESSAGE_TYPE.finditer(small) if b"essage/" in small or b"ESSAGE/" in small else ()
    types, hidden = _between(small, [match.span(1) for match in messages])
    if not runs and not hidden:
        return Skeleton(body)
    return Skeleton(_joined(types, mark, len(runs)), mark, (*runs, *hidden))


def _between(body: bytes, spans: list[tuple[int, int]]) -> tuple[list[bytes], list[bytes]]:
    """What stands between the spans, and what stands in them."""
    kept: list[bytes] = []
    done = 0
    for start, end in spans:
        kept.append(body[done:start])
        done = end
    return [*kept, body[done:]], [body[start:end] for start, end in spans]


def _joined(kept: list[bytes], mark: bytes, first: int) -> bytes:
    """The pieces with a numbered token between each two."""
    pieces = [kept[0]]
    for number, piece in enumerate(kept[1:], first):
        pieces += (b"%s%dZ" % (mark, number), piece)
    return b"".join(pieces)


def _long_runs(body: bytes) -> list[tuple[int, int]]:
    """(start, end) of every run that may go: whole lines after a blank line, without the last line's end.

    A dash ends a run, delimiter or not: it is found at the speed of memory, and Base64 has none.
    """
    found: list[tuple[int, int]] = []
    blank = body.find(b"\n\n")
    while blank >= 0:
        start = blank + 2
        dash = body.find(b"-", start)
        stop = dash if dash >= 0 else len(body)
        end = _run_end(body, start, stop)
        if end - start >= MIN_RUN_BYTES:
            found.append((start, end))
        blank = body.find(b"\n\n", stop)
    return found


def _run_end(body: bytes, start: int, stop: int) -> int:
    """Where the run from `start` ends, `start` itself when nothing may be cut."""
    if stop - start < MIN_RUN_BYTES or body.find(b":", start, stop) >= 0 or body[start] in b" \t":
        return start
    if stop < len(body):
        stop = body.rfind(b"\n", start, stop)  # the line with the dash stays
    while stop > start and body[stop - 1] == ord("\n"):
        stop -= 1
    return max(stop, start)


def _unused_mark(kept: list[bytes]) -> bytes:
    """A word of letters that occurs nowhere in what is kept."""
    mark = b"maildcut"
    while any(mark in piece for piece in kept):
        mark += b"x"
    return mark


_MAX_WORK = 5_000_000
"""Line ends times boundaries: the parser looks at each line once for each multipart that is open."""

_MAX_DELIMITERS = 10_000
"""Lines that may divide parts; a digest or a patch series has some hundreds."""


_MAX_VALUE_BYTES = 16_000
"""Of a part's field; its reader takes the square of the time for one of many semicolons."""
_LONG_VALUE = re.compile(
    rb"^(content-[a-z-]{1,30}:(?:[^\n]|\n(?=[ \t])){%d})(?:[^\n]|\n(?=[ \t]))*+" % _MAX_VALUE_BYTES,
    re.IGNORECASE | re.MULTILINE,
)


def bounded(bones: bytes) -> tuple[bytes, bool]:
    """As much of a skeleton as its reader takes in bounded time, and whether that is all."""
    cut_short = 0
    if len(bones) > _MAX_VALUE_BYTES:
        bones, cut_short = _LONG_VALUE.subn(rb"\1", bones)
    most_lines = _MAX_WORK // (bones.count(b"boundary") + bones.count(b"BOUNDARY") + 1)
    if bones.count(b"\n") <= most_lines and bones.count(b"\n--") <= _MAX_DELIMITERS:
        return bones, not cut_short
    end = min(_nth(bones, b"\n", most_lines), _nth(bones, b"\n--", _MAX_DELIMITERS))
    return bones[:end], False


_HIDDEN = b"x-leaf."
_MESSAGE_VALUE = re.compile(rb"\A\"?(?=message/)", re.IGNORECASE)


def value(raw: bytes) -> bytes:
    """One structure field of a header for the parser: bounded, and no message to go down into."""
    return _MESSAGE_VALUE.sub(_HIDDEN, raw[:_MAX_VALUE_BYTES], count=1)


def shown(content_type: str) -> str:
    """The media type that `value` hid, or the same."""
    return content_type.removeprefix(_HIDDEN.decode())


def _nth(data: bytes, wanted: bytes, count: int) -> int:
    """Where the `count`-th occurrence stands, the length of the data when there are fewer."""
    position = -1
    for _ in range(count):
        position = data.find(wanted, position + 1)
        if position < 0:
            return len(data)
    return position
