"""Regular expressions from admins, on RE2: linear in the text, whatever the pattern.

Patterns look at any case. What RE2 refuses (look-around, back-references) is said with its reason. Linear can
still be slow: .{1,1000} is a thousand states to keep, so repeats are counted and bounded (bench/rules.py).
"""

import re
from typing import NamedTuple

import re2  # type: ignore[import-untyped]  # google-re2 ships no types

MEMORY_BYTES = 1 << 19  # for a compiled pattern and its states; past it RE2 is a hundred times slower
MOST_REPEATS = 50  # in a pattern, those within one another multiplied: 10,000 characters in a few ms

_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^]\\])*\]|\{\d+(?:,\d*)?\}|[()]|.", re.DOTALL)
"""An escape, a class, a counted repeat, a bracket, or any other character."""


class PatternRefused(ValueError):
    """A pattern that RE2 does not take; the text says why."""


class PatternFound(NamedTuple):
    """Where a pattern was found, and the texts of its named groups, in order of name."""

    at: int
    captured: tuple[tuple[str, str], ...]


class Pattern:
    """One pattern, compiled once."""

    __slots__ = ("_compiled",)

    def __init__(self, text: str) -> None:
        """Raises: PatternRefused."""
        if (repeats := _repeats(text)) > MOST_REPEATS:
            raise PatternRefused(f"{repeats} counted repeats, more than {MOST_REPEATS}")
        options = re2.Options()
        options.log_errors = False  # else RE2 writes to standard error by itself
        options.case_sensitive = False
        options.max_mem = MEMORY_BYTES
        try:
            self._compiled = re2.compile(text, options)
        except re2.error as error:
            reason = error.args[0]
            raise PatternRefused(reason.decode() if isinstance(reason, bytes) else str(reason)) from error

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of its named groups, sorted."""
        return tuple(sorted(self._compiled.groupindex))

    @property
    def matches_everything(self) -> bool:
        """True when it is found in any text, even in an empty one and in one that nobody writes."""
        return self.found_in("") is not None and self.found_in("\u2603") is not None

    def found_in(self, text: str) -> PatternFound | None:
        """Where it is first found in `text`; None when it is not."""
        found = self._compiled.search(text)
        if found is None:
            return None
        named = ((name, found.group(name)) for name in self.groups)
        captured = tuple((name, text.strip()) for name, text in named if text and text.strip())
        return PatternFound(int(found.start()), captured)


def _repeats(text: str) -> int:
    """How many copies the counted repeats of a pattern make: a{3}b{1,4} makes 7, (a{3}){4} makes 12."""
    within, last = [0], 0  # copies within each open group; of what stands before a repeat
    for piece in _PIECE.findall(text):
        if piece == "(":
            within.append(0)
        elif piece == ")" and len(within) > 1:
            last = within.pop()
            within[-1] += last
        elif piece.startswith("{") and len(piece) > 1:
            count = max(int(number) for number in re.findall(r"\d+", piece))
            within[-1] += count * max(last, 1) - last
            last = count * max(last, 1)
        else:
            last = 0
    return sum(within)
