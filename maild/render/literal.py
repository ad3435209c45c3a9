"""Values from outside, kept literal: whatever a customer writes is shown as written, never as markup.

While Markdown is read, each punctuation mark of a value is replaced by a character that means nothing there;
afterwards it is put back. Chinese marks too: next to one, CommonMark (§6.2) would not see bold text end.
"""

import re
import string
from html import escape

from maild.model.rendering import Lines

STAND_INS = 0x100000  # private use, plane 16: no charset that mail uses in practice leads there

_MARKS = (
    *map(ord, string.punctuation),
    *range(0x2010, 0x2028),
    *range(0x3001, 0x3040),
    *range(0xFF01, 0xFF66),
)

_HIDE = {mark: chr(STAND_INS + mark) for mark in _MARKS}
_SHOW = {ord(stand_in): chr(mark) for mark, stand_in in _HIDE.items()}
_SHOW_HTML = {ord(stand_in): escape(chr(mark)) for mark, stand_in in _HIDE.items()}

# Controls, every kind of line end, and half characters, which no charset can encode.
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff\U00100000-\U0010ffff]")
# Marks that turn the reading direction of the text around them (UAX #9 §2.1-2.3).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")


def one_line(value: str) -> str:
    """`value` on one line, without controls, halves of characters, or marks that turn the text around."""
    return _BLANK.sub(" ", _TURNING.sub("", _BROKEN.sub("\ufffd", value))).strip()


def hide(value: object) -> str:
    """`value` on one line, or on its own lines, its punctuation replaced so that Markdown sees none."""
    if isinstance(value, Lines):
        return _paragraphs(value)
    return one_line(str(value)).translate(_HIDE)


def _paragraphs(value: str) -> str:
    """Each line with a hard break behind it (CommonMark §6.7); an empty one ends the paragraph."""
    lines = [one_line(line).translate(_HIDE) for line in value.splitlines()]
    return re.sub(r"(?:\\?\n){2,}", "\n\n", "\\\n".join(lines).strip("\\\n"))


def show(text: str) -> str:
    """Undo `hide` in plain text."""
    return text.translate(_SHOW)


def show_html(html: str) -> str:
    """Undo `hide` in HTML, as text or in an attribute: `<` comes back as `&lt;`."""
    return html.translate(_SHOW_HTML)
