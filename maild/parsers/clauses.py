"""A short text cut into clauses, each with its place, so that each can be read by itself."""

import re
from typing import NamedTuple

from maild.parsers.fold import folded

MAX_CHARS = 4_000
"""Longer texts are no short answers."""

# A comma or a full stop between digits belongs to a number, a full stop inside a word to the word.
_CUT = re.compile(
    r"[\n。!?;…]+|,(?!\d)|(?<!\d),|\.(?=\s|\Z)|\.{2,}"
    r"|(?<=.)(?=但|不过|可是|然而|只是|就是|\b(?:but|however|although|though|except)\b)"
)
# 1. or 2、 or (3) before the text of a line.
_LIST_MARK = re.compile(
    r"^[ >]*(?:\(\d{1,2}\)|\d{1,2}(?:[.)](?=\s+\S)|、(?=\s*\S))|[-*•·●](?=\s))\s*", re.MULTILINE
)
_EDGES = " \t\"'()[]【】「」『』《》<>~～`*_-:"


class Clause(NamedTuple):
    """One clause: folded, without blanks, quotes and brackets around it."""

    words: str
    start: int
    end: int
    is_asked: bool


def clauses(text: str) -> list[Clause]:
    """The clauses of a text in order, list marks left out; `start` and `end` are places in the text."""
    plain = folded(text)
    plain = _LIST_MARK.sub(lambda mark: " " * len(mark[0]), plain)
    found: list[Clause] = []
    start = 0
    for cut in [*_CUT.finditer(plain), None]:
        end = cut.start() if cut else len(plain)
        words = " ".join(plain[start:end].strip(_EDGES).split())
        if words:
            found.append(Clause(words, start, end, cut is not None and "?" in cut[0]))
        start = cut.end() if cut else end
    return found
