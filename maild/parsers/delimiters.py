"""Delimiter lines as the reader of the structure wants them, where senders wrote them otherwise.

RFC 2046 §5.1.1 compares a boundary with the beginning of a line; the reader wants the whole line. So what
stands behind a delimiter goes, a closing delimiter glued to the text before it gets a line of its own,
and of two boundaries of which one reads as the other's closing delimiter the longer gets another name.
"""

import re
from dataclasses import dataclass

from maild.parsers import mime

DEFECT = "delimiter that does not stand alone"

# Fields only: a run that skeleton.py cuts out holds no colon, so none is missed.
_MULTIPART = re.compile(
    rb"^content-type:[ \t]*(multipart/(?:[^\n]|\n(?=[ \t])){1,1000})", re.IGNORECASE | re.MULTILINE
)
_MAX_BOUNDARIES = 200
"""More than a digest's; each one is looked for in the whole skeleton."""


@dataclass(frozen=True, slots=True)
class Mended:
    """Fields and body for the reader of the structure, and how to undo a change of name."""

    fields: bytes
    body: bytes
    renamed: tuple[tuple[bytes, bytes], ...] = ()  # (as written, as given)
    is_changed: bool = False

    def restore(self, content: bytes) -> bytes:
        """The content of one part with its own names."""
        for written, given in reversed(self.renamed):
            content = content.replace(given, written)
        return content


def mend(fields: bytes, body: bytes) -> Mended:
    """The fields and the body with all delimiters alone on their lines; most mail comes back as it is."""
    if b"ultipart/" not in fields and b"ULTIPART/" not in fields:
        return Mended(fields, body)
    boundaries = _declared(fields, body)
    renamed = _ambiguous(boundaries, body)
    mended = body
    for written, given in renamed:
        fields, mended = fields.replace(written, given), mended.replace(written, given)
    names = dict(renamed)
    for boundary in sorted(boundaries, key=len, reverse=True):
        mended = _alone(mended, names.get(boundary, boundary), boundaries)
    return Mended(fields, mended, renamed, mended != body)


def _declared(fields: bytes, body: bytes) -> list[bytes]:
    """The boundaries named in the header and in the body's own fields."""
    values = [match[1] for content in (fields, body) for match in _MULTIPART.finditer(content)]
    named = (mime.value_of(_FOLD.sub(b"", value)).get("boundary") for value in values[:_MAX_BOUNDARIES])
    return list(dict.fromkeys(name.encode("latin-1", "replace") for name in named if name))


_FOLD = re.compile(rb"\n(?=[ \t])")


def _ambiguous(boundaries: list[bytes], body: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """(written, other name) for each boundary that reads as another's closing delimiter, longest first."""
    closing = tuple(boundary + b"--" for boundary in boundaries)
    clashing = sorted((each for each in boundaries if each.startswith(closing)), key=len, reverse=True)
    return tuple((each, _unused(body, number)) for number, each in enumerate(clashing))


def _unused(body: bytes, number: int) -> bytes:
    name = b"maildname%dZ" % number
    while name in body:
        name = b"x" + name
    return name


def _alone(body: bytes, boundary: bytes, others: list[bytes]) -> bytes:
    """The body with this boundary's delimiters alone on their lines."""
    delimiter = b"--" + boundary
    longer = tuple(b"--" + each for each in others if len(each) > len(boundary))
    may_be_glued = b"\n%s--" % delimiter not in body
    pieces: list[bytes] = []
    done = 0
    position = body.find(delimiter)
    while position >= 0:
        end = body.find(b"\n", position)
        end = len(body) if end < 0 else end
        behind = position + len(delimiter)
        behind += 2 * body.startswith(b"--", behind)
        if position == 0 or body[position - 1] == ord("\n"):
            if _JUNK.match(body, behind) and not body.startswith(longer, position):
                # Seen in practice: a boundary that ends in a blank, against RFC 2046 §5.1.1; here closing.
                closing = b"--" if body[behind:end].strip() == b"--" else b""
                pieces += (body[done:behind], closing)
                done = end
        elif may_be_glued and body.endswith(b"--", 0, behind) and not body[behind:].strip():
            pieces += (body[done:position], b"\n")
            done = position
        position = body.find(delimiter, end)
    return b"".join((*pieces, body[done:])) if pieces else body


_JUNK = re.compile(rb"[ \t]+[^\s]")
