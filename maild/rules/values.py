"""A value that rules test, in the forms in which it is compared: bounded, and each made only once.

Case and full or half width are folded (Unicode NFKC): ＡＢＣ is abc. A pattern cannot be folded itself, so it
sees the text as it was written, and with its width folded.
"""

import unicodedata
from functools import cached_property

from maild.rules.chinese import simplified

TEXT_LIMIT = 10_000  # characters of a value that a test looks at
VALUE_LIMIT = 200  # values of one field that a test looks at


def fold(text: str) -> str:
    """The text as it is compared: width and case folded, cut to TEXT_LIMIT."""
    return unicodedata.normalize("NFKC", text[:TEXT_LIMIT]).casefold()[:TEXT_LIMIT]


class Value:
    """One value of a field."""

    def __init__(self, text: str) -> None:
        self.raw = text[:TEXT_LIMIT]

    @cached_property
    def wide(self) -> str:
        """With its width folded, in the case in which it was written."""
        return unicodedata.normalize("NFKC", self.raw)[:TEXT_LIMIT]

    @cached_property
    def _folded(self) -> str:
        return fold(self.raw)

    @cached_property
    def _folded_simplified(self) -> str:
        return simplified(self._folded)

    @cached_property
    def _wide_simplified(self) -> str:
        return simplified(self.wide)

    def folded(self, *, chinese: bool) -> str:
        """As words are compared with it."""
        return self._folded_simplified if chinese else self._folded

    def for_patterns(self, *, chinese: bool) -> tuple[str, ...]:
        """The texts in which a pattern is looked for, one after the other; equal ones once."""
        forms = (self.raw, self.wide, *((self._wide_simplified,) if chinese else ()))
        return tuple(dict.fromkeys(forms))
