"""What a person newly wrote, told from what the mailer copied below, above or around it.

Top, bottom and interleaved posting, forwards and signatures, in plain text or in what html_text.py
makes of HTML. Each line gets a kind by quote_marks.py, then a few rules decide. Compared with
mail-parser-reply, it knows posting below and between quotes, and headers broken over lines.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from maild.parsers import bounds, quote_marks


class _Kind(Enum):
    """What a line is."""

    BLANK = 0
    TEXT = 1
    QUOTED = 2
    ATTRIBUTION = 3  # `On ... wrote:`, every line of it


_OLD = (_Kind.QUOTED, _Kind.ATTRIBUTION)
_QUOTE_OR_BLANK = (_Kind.QUOTED, _Kind.BLANK)


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a text. New text keeps the quotes that its answers stand between."""

    new_text: str
    quoted_text: str = ""
    signature: str = ""


class _Line(NamedTuple):
    """One line with its kind; a tuple, for there are many."""

    text: str
    kind: _Kind


def split(text: str) -> Split:
    """New text, quoted text and signature, each without blank lines around it.

    Lines past a bound count as quoted. A mail forwarded without a word has as its new text what was
    forwarded; quotes that nobody answers, and that no mailer announced, stay.
    """
    lines = _lines(text)
    start, end = _limits(lines)
    body, signature = _without_signature(_with_kinds(lines[start:end]))
    kept, dropped = _decide(body)
    quoted = [*lines[:start], *(line.text for line in dropped), *lines[end:]]
    return Split(_join([line.text for line in kept]), _join(quoted), _join(signature))


# Zero-width space, and the mark by which a tracking add-on finds its place.
_UNSEEN = {0x200B: None, 0x1427: None, 0xA0: " "}
_GLUED = re.compile(r"(?<=\S)(?=-{3,} ?On [^\n]{10,200} wrote:\s*$)", re.MULTILINE)


def _lines(text: str) -> list[str]:
    text = text[: bounds.MAX_TEXT_CHARS]
    if not text.isascii() and any(chr(code) in text for code in _UNSEEN):
        text = text.translate(_UNSEEN)
    if "--- On " in text or "---On " in text:
        text = _GLUED.sub("\n", text)
    return [line.rstrip() for line in text.split("\n")]


def _join(lines: list[str]) -> str:
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return "\n".join(lines[first:last])


def _may_mark(line: str) -> bool:
    """A quick look before the slow ones: separators have a rule in them, copied headers a colon."""
    return ":" in line or "--" in line or "：" in line or "__" in line or "==" in line or "**" in line


def _limits(lines: list[str]) -> tuple[int, int]:
    """Between which lines the new text stands, by separators and copied headers.

    One at the very top belongs to a mail forwarded without a word: what follows it is all there is.
    """
    start, text_seen = 0, False
    for number, line in enumerate(lines[: bounds.MAX_QUOTE_LINES]):
        if not line or number < start:
            continue
        after = _after_mark(lines, number) if _may_mark(line) else 0
        if after and text_seen:
            return start, _before_rules(lines, number)
        if after:
            start = after
        elif line[0].isalnum() or not quote_marks.RULE.match(line):
            text_seen = True
    return start, min(len(lines), bounds.MAX_QUOTE_LINES)


def _after_mark(lines: list[str], number: int) -> int:
    """The line behind a separator or copied header that begins at `number`, 0 when none does."""
    line = lines[number]
    if quote_marks.SEPARATOR.match(line) and not line.lstrip().startswith(">"):
        following = number + 1
        while following < len(lines) and not lines[following].strip():
            following += 1
        return _after_header(lines, following) or number + 1
    return _after_header(lines, number)


_HEADER_LINES = 12
_FOLDED_LINES = 2


def _after_header(lines: list[str], number: int) -> int:
    """The line behind a copied header (From, Sent, To, Subject in any language), 0 when none begins here."""
    if number >= len(lines) or lines[number].lstrip().startswith(">"):
        return 0
    first = quote_marks.label_of(lines[number])
    if first not in {"from", "date", "subject"}:
        return 0
    found = {first}
    last, folded = number, 0
    for at in range(number + 1, min(number + _HEADER_LINES, len(lines))):
        label = quote_marks.label_of(lines[at])
        if label:
            found.add(label)
            last, folded = at, 0
        elif not lines[at].strip() or folded == _FOLDED_LINES:
            break
        elif lines[at][0].isspace():
            last = at
        else:
            folded += 1
    enough = len(found - {"other"}) >= 2 and bool(found & {"from", "date"})
    return last + 1 if enough else 0


def _before_rules(lines: list[str], number: int) -> int:
    """The line from which only rules and blanks lead to `number`."""
    while number and (not lines[number - 1].strip() or quote_marks.RULE.match(lines[number - 1])):
        number -= 1
    return number


def _with_kinds(lines: list[str]) -> list[_Line]:
    done: list[_Line] = []
    may_attribute = any(line.endswith(_ATTRIBUTION_ENDS) or "GMT" in line for line in lines)
    while len(done) < len(lines):
        number = len(done)
        line = lines[number]
        if not line.strip():
            done.append(_Line(line, _Kind.BLANK))
        elif quote_marks.is_quoted(line) or (done and _is_broken_quote(lines, number, done[-1])):
            done.append(_Line(line, _Kind.QUOTED))
        else:
            length = _attribution_length(lines, number) if may_attribute else 0
            kind = _Kind.ATTRIBUTION if length else _Kind.TEXT
            done += [_Line(each, kind) for each in lines[number : number + (length or 1)]]
    return done


_MAX_ATTRIBUTION_LINES = 6
# How the last line of every attribution ends, but for Gmail's oldest form.
_ATTRIBUTION_ENDS = (":", "：", ":*", ">", "-", ")")
# A date, an address or a rule: without any of them no attribution begins.
_MAY_ATTRIBUTE = re.compile(r"[\d@<]|--")
_ANGLE_FOLLOWS = re.compile(r"\s*<\s*(?:mailto:.*)?\Z")


def _attribution_length(lines: list[str], number: int) -> int:
    """How many lines from `number` on make an attribution, 0 when none does."""
    first = lines[number]
    if not _MAY_ATTRIBUTE.search(first) or first.lstrip().startswith(">"):
        return 0
    if quote_marks.is_attribution(first) or quote_marks.is_dated(first):
        return 1
    return _broken_attribution_length(lines, number) if quote_marks.ATTRIBUTION_START.match(first) else 0


def _broken_attribution_length(lines: list[str], number: int) -> int:
    """The same for one that a mailer broke over lines."""
    joined = lines[number]
    for length in range(2, min(_MAX_ATTRIBUTION_LINES, len(lines) - number) + 1):
        line = lines[number + length - 1]
        following = lines[number + length] if number + length < len(lines) else ""
        if length <= 3 and not line.strip() and not _ANGLE_FOLLOWS.match(following):
            return 0
        joined = f"{joined} {line.lstrip('> ') if length > 2 else line}"
        if line and (quote_marks.is_attribution(joined) or (length == 2 and quote_marks.is_dated(joined))):
            return length
    return 0


_OPEN_LINK = re.compile(r".*https?://\S+\Z")


def _is_broken_quote(lines: list[str], number: int, before: _Line) -> bool:
    """True for the rest of a link that a mailer broke without marking the new line as quoted."""
    return (
        before.kind is _Kind.QUOTED
        and " " not in lines[number].strip()
        and _OPEN_LINK.match(before.text) is not None
        and number + 1 < len(lines)
        and quote_marks.is_quoted(lines[number + 1])
    )


def _without_signature(lines: list[_Line]) -> tuple[list[_Line], list[str]]:
    """The lines without what a mailer or a habit puts under every mail, and that.

    A signature goes on to the end, or to the quotation below it.
    """
    body: list[_Line] = []
    signature: list[str] = []
    fenced = text_seen = in_signature = False
    for number, line in enumerate(lines):
        if line.kind in _OLD:
            in_signature = False
        elif line.kind is _Kind.TEXT and not in_signature:
            fenced ^= line.text.lstrip().startswith("```")
            in_signature = text_seen and not fenced and _begins_signature(lines, number)
            text_seen = True
        alone = line.kind is _Kind.TEXT and quote_marks.is_mobile_signature(line.text)
        if in_signature or alone:
            signature.append(line.text)
        else:
            body.append(line)
    return body, signature


def _begins_signature(lines: list[_Line], number: int) -> bool:
    text = lines[number].text
    if text[0].isalnum() and len(text) > _NAME_CHARS:
        return False
    if quote_marks.SIGNATURE_DELIMITER.match(text) or quote_marks.FOOTER_DELIMITER.match(text):
        return True
    if quote_marks.CLOSING.match(text):
        return _only_names_follow(lines, number, _NAME_LINES)
    after_blank = lines[number - 1].kind is _Kind.BLANK
    return after_blank and bool(quote_marks.DASHED_NAME.match(text)) and _only_names_follow(lines, number, 0)


_NAME_LINES = 4
_NAME_CHARS = 60


def _only_names_follow(lines: list[_Line], number: int, most: int) -> bool:
    """True when at most so many short lines stand between `number` and the end or the next quotation."""
    count = 0
    for line in lines[number + 1 :]:
        if line.kind in _OLD:
            break
        count += line.kind is _Kind.TEXT
        if count > most or len(line.text) > _NAME_CHARS:
            return False
    return True


def _decide(lines: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """(kept, dropped) lines of a text without separators and signature, an attribution at a time."""
    kept: list[_Line] = []
    dropped: list[_Line] = []
    last_text = _last(lines, _Kind.TEXT)
    tail = _last(lines, _Kind.QUOTED) + 1
    position = 0
    while (first := _find(lines, position, _Kind.ATTRIBUTION)) < len(lines):
        after = _skip(lines, first, (_Kind.ATTRIBUTION,))
        kept += lines[position:first]
        has_text = any(line.kind is _Kind.TEXT for line in lines[position:first])
        quotes_end = _skip(lines, after, _QUOTE_OR_BLANK)
        is_quoted = any(line.kind is _Kind.QUOTED for line in lines[after:quotes_end])
        if (last_text < after and is_quoted) or (has_text and not is_quoted):
            return kept, [*dropped, *lines[first:]]
        answers_below = quotes_end >= tail and (not has_text or _is_closing(lines[quotes_end:]))
        position = quotes_end if is_quoted and answers_below else after
        dropped += lines[first:position]
    return _without_trailing_quotes([*kept, *lines[position:]], dropped)


def _last(lines: list[_Line], kind: _Kind) -> int:
    """The last line of that kind, -1 when there is none."""
    return next((number for number in range(len(lines) - 1, -1, -1) if lines[number].kind is kind), -1)


def _find(lines: list[_Line], number: int, kind: _Kind) -> int:
    """The first line of that kind from `number` on, else the number of lines."""
    return next((at for at in range(number, len(lines)) if lines[at].kind is kind), len(lines))


def _skip(lines: list[_Line], number: int, kinds: tuple[_Kind, ...]) -> int:
    """The first line from `number` on that is of none of these kinds."""
    while number < len(lines) and lines[number].kind in kinds:
        number += 1
    return number


def _is_closing(lines: list[_Line]) -> bool:
    """True for a greeting or two rather than an answer to what is quoted above it."""
    texts = [line.text for line in lines if line.kind is not _Kind.BLANK]
    return len(texts) <= 2 and all(len(text) <= 40 for text in texts)


def _without_trailing_quotes(lines: list[_Line], dropped: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    if _last(lines, _Kind.TEXT) < 0:
        quotes_a_mail = any(quote_marks.is_attribution(line.text.lstrip("> ")) for line in lines[:3])
        return ([], [*dropped, *lines]) if quotes_a_mail else (lines, dropped)
    end = len(lines)
    while end and lines[end - 1].kind in _QUOTE_OR_BLANK:
        end -= 1
    return lines[:end], [*dropped, *lines[end:]]
