"""The mailboxes of an address field.

RFC 5322 §3.4 with its obsolete forms (§4.4), read forgivingly: semicolons between addresses, stray
quotes and brackets, names with an unquoted @, comma or 8-bit text. Names are decoded only after the
structure is known (RFC 2047 §6.2), so that no encoded comma or bracket can forge an address.
"""

import re
from dataclasses import dataclass, field

from maild.model.mail import Address
from maild.parsers import bounds, headers

# One token each; an encoded word, an ISO-2022 run and a pair of a double-byte charset are one piece,
# for any of them may hold a byte that means something else by itself.
_TOKEN = re.compile(
    rb"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,4000}\?=|\x1b\$[@B].{0,2000}?(?:\x1b\([BJ]|\Z)"
    rb"|[ \t\r\n]+|[<>,;:()\"]"
    rb"|(?:[^\s<>,;:()\"\x80-\xff]|[\x80-\xff](?:[\x40-\x7e]|(?=[\x80-\xff]|.|\Z)))+",
    re.DOTALL,
)
_MARKS = frozenset({b"<", b">", b",", b";", b":", b"(", b")"})
_QUOTED = re.compile(rb"\"(?:[^\"\\]|\\.)*+\"", re.DOTALL)
_COMMENT_MARK = re.compile(rb"\\.|[()]", re.DOTALL)
_SIMPLE = re.compile(
    rb"(?:\"([^\"\\<>,;:()=\x80-\xff]*)\" ?|([\w .-]*?) ?)<([\w.+=-]+@[\w.-]+)>|([\w.+=-]+@[\w.-]+)"
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Mailbox:
    """What was read of the mailbox at hand."""

    phrase: list[bytes] = field(default_factory=list)
    phrase_end: int = 0  # where the phrase stood when the brackets closed
    angle: list[bytes] | None = None
    comments: list[bytes] = field(default_factory=list)


def read(raw: bytes, hints: tuple[str, ...] = ()) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """The mailboxes of an unfolded field value in order, and the defects met."""
    simple = _SIMPLE.fullmatch(raw)
    if simple:
        name = simple[1] or simple[2] or b""
        address = (simple[3] or simple[4]).decode("ascii", "replace")
        return (Address(name=name.decode("ascii", "replace").strip(), address=address),), ()
    reader = _Reader(hints)
    reader.run(raw)
    return tuple(reader.found), tuple(dict.fromkeys(reader.defects))


class _Reader:
    def __init__(self, hints: tuple[str, ...]) -> None:
        self.found: list[Address] = []
        self.defects: list[str] = []
        self._hints = hints
        self._box = _Mailbox()
        self._in_angle = False
        self._quotes_left = self._comments_left = True

    def run(self, raw: bytes) -> None:
        position = 0
        while len(self.found) < bounds.MAX_ADDRESSES and (match := _TOKEN.match(raw, position)):
            if match[0] == b"(" and self._comments_left:
                position = self._comment(raw, match.end())
            elif match[0] == b'"' and self._quotes_left:
                position = self._quoted(raw, match)
            else:
                self._take(match)
                position = match.end()
        if position < len(raw):
            self.defects.append("too many addresses, the last are left out")
        self._close()

    def _comment(self, raw: bytes, start: int) -> int:
        """The position behind the comment that begins before `start` (RFC 5322 §3.2.2)."""
        depth, position = 1, start
        while depth and (mark := _COMMENT_MARK.search(raw, position)):
            position = mark.end()
            depth += (mark[0] == b"(") - (mark[0] == b")")
        if depth:
            # Never closed: this parenthesis, and any after it, is only a character.
            self._comments_left = False
            self._box.phrase.append(b"(")
            return start
        self._box.comments.append(raw[start : position - 1])
        return position

    def _quoted(self, raw: bytes, match: re.Match[bytes]) -> int:
        """The position behind a quoted string, or behind a quote that is never closed."""
        whole = _QUOTED.match(raw, match.start())
        self._quotes_left = whole is not None
        self._take(whole or match)
        return (whole or match).end()

    def _take(self, match: re.Match[bytes]) -> None:
        token = match[0]
        if token in _MARKS:
            self._mark(token)
        elif self._in_angle and self._box.angle is not None:
            self._box.angle.append(token)
        else:
            self._box.phrase.append(token)

    def _mark(self, token: bytes) -> None:
        if token == b"<":
            self._open()
        elif token == b">":
            self._in_angle = False
            self._box.phrase_end = len(self._box.phrase)
        elif self._in_angle and self._box.angle is not None and not self._ends_angle(token):
            self._box.angle.append(token)
        elif token in {b",", b";"}:
            self._separate(token)
        elif token == b":":
            self._group()
        else:
            self._box.phrase.append(token)

    def _ends_angle(self, token: bytes) -> bool:
        """An angle that was never closed ends at the next comma once it holds an address."""
        return token in {b",", b";"} and b"@" in b"".join(self._box.angle or [])[1:]

    def _open(self) -> None:
        if self._box.angle and any(b"@" in piece for piece in self._box.angle):
            # Two addresses without a comma between them: what stands between is the second's name.
            self.defects.append("no comma between two addresses")
            name = self._box.phrase[self._box.phrase_end :]
            del self._box.phrase[self._box.phrase_end :]
            self._close()
            self._box.phrase = name
        self._box.angle = []
        self._in_angle = True

    def _separate(self, token: bytes) -> None:
        """A comma inside a name such as `Smith, John <j@x>` belongs to it: no address was seen yet."""
        box = self._box
        text = b"".join(box.phrase)
        if token == b"," and box.angle is None and text.strip() and b"@" not in text and not box.comments:
            box.phrase.append(token)
            return
        self._close()

    def _group(self) -> None:
        """The name of a group (RFC 5322 §3.4) is no mailbox; a colon in an address stays where it is."""
        text = b"".join(self._box.phrase)
        if self._box.angle is None and b"@" not in text:
            self._box = _Mailbox()
        else:
            self._box.phrase.append(b":")

    def _close(self) -> None:
        box, self._box, self._in_angle = self._box, _Mailbox(), False
        if box.angle is None or not b"".join(box.angle).strip():
            self._close_bare(box)
        else:
            self._add(b"".join(box.phrase), b"".join(box.angle))

    def _close_bare(self, box: _Mailbox) -> None:
        phrase = b" ".join(b"".join(box.phrase).split())
        text = _SPACED_DOMAIN.sub(lambda match: b"".join(match[0].split()), phrase)
        if not text:
            return
        pieces = text.split()
        with_at = [piece for piece in pieces if b"@" in piece.strip(b"\"'")]
        comment = box.comments[-1] if box.comments else b""
        if len(pieces) > 1 and len(with_at) == 1 and not text.startswith(b'"'):
            # `John Smith j@x` without brackets.
            self.defects.append("address without brackets")
            self._add(text.replace(with_at[0], b"").strip(), with_at[0])
        elif box.angle is not None or (len(pieces) > 1 and not with_at):
            self.defects.append("name without an address")
        else:
            self._add(comment, b" ".join(pieces) if len(with_at) <= 1 else with_at[-1])

    def _add(self, name: bytes, address: bytes) -> None:
        spec = _spec(address)
        if not spec:
            self.defects.append("name without an address")
            return
        if "@" not in spec:
            self.defects.append("address without a domain")
        self.found.append(Address(name=_name(name, self._hints), address=spec))


# RFC 5322 §4.4: blanks may stand around the dots of an obsolete domain.
_SPACED_DOMAIN = re.compile(rb" ?@ ?[\w-]+(?: ?\. ?[\w-]+)+")


def _spec(raw: bytes) -> str:
    """An addr-spec without its route (RFC 5322 §4.4) and what surrounds it."""
    text = headers.text_of(raw.strip()).strip("'\"<> \t").removesuffix(".").strip()
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    if text.casefold().startswith(("mailto:", "smtp:")):
        text = text.partition(":")[2]
    local, at, domain = text.rpartition("@")
    domain = "".join(domain.split())
    return f"{local.strip()}{at}{domain}" if at else text


_QUOTED_INSIDE = re.compile(rb"\"((?:[^\"\\]|\\.)*+)\"", re.DOTALL)


def _name(raw: bytes, hints: tuple[str, ...]) -> str:
    """A display name without its quotes, decoded, on one line."""
    bare = _QUOTED_INSIDE.sub(lambda match: _ESCAPED.sub(rb"\1", match[1]), raw.strip())
    text = headers.text_of(b" ".join(bare.split()), hints)
    return text.strip().removeprefix('"').removesuffix('"').strip()
