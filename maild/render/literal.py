"""Values from outside, kept literal: whatever a customer writes is shown as written, never as markup.

While Markdown is read, each punctuation mark of a value is replaced by a character that means nothing there;
afterwards it is put back. Chinese marks too: next to one, CommonMark (§6.2) would not see bold text end. The
lines of a value stay in the quote or list item in which it begins.
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

_LINE_END = chr(STAND_INS + ord("\n"))

# Quotes and list items that a line of a template opens (CommonMark §5.1, §5.2).
_CONTAINERS = re.compile(r" *(?:> *|(?:[-*+]|[0-9]{1,9}[.)]) +)*")

# Controls, every kind of line end, and half characters, which no charset can encode.
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff\U00100000-\U0010ffff]")
# Marks that turn the reading direction of the text around them (UAX #9 §2.1-2.3).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")


def one_line(value: str) -> str:
    """`value` on one line, without controls, halves of characters, or marks that turn the text around."""
    return _BLANK.sub(" ", _TURNING.sub("", _BROKEN.sub("\ufffd", value))).strip()


def hide(value: object) -> str:
    """`value` on one line, its punctuation and, in Lines, its line ends replaced; Markdown sees none."""
    lines = value.splitlines() if isinstance(value, Lines) else [str(value)]
    return _LINE_END.join(one_line(line).translate(_HIDE) for line in lines).strip(_LINE_END)


def lay_out(markdown: str) -> str:
    """`markdown` with the hidden line ends of values as its own.

    Each is a hard break (CommonMark §6.7), several end the paragraph, and every line begins as that of the
    template does, so that it belongs to the same quote or list item.
    """
    return "\n".join(_laid_out(line) for line in markdown.split("\n"))


def _laid_out(line: str) -> str:
    paragraphs = re.split(f"{_LINE_END}{{2,}}", line)
    begins = next(_CONTAINERS.finditer(line))[0]  # it matches everywhere, if only nothing
    inside = re.sub("[^>]", " ", begins)
    between = f"\n{inside.rstrip()}\n{inside}"
    return between.join(one.replace(_LINE_END, f"\\\n{inside}") for one in paragraphs)


def show(text: str) -> str:
    """Undo `hide` in plain text."""
    return text.translate(_SHOW)


def show_html(html: str) -> str:
    """Undo `hide` in HTML, as text or in an attribute: `<` comes back as `&lt;`."""
    return html.translate(_SHOW_HTML)
