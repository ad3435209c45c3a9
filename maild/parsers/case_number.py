"""Case numbers in what people write: full width, any dash, any case."""

import re

from maild.parsers.fold import folded

PATTERN = r"(?<![a-z0-9-])[a-z]{1,8} ?- ?\d{4} ?- ?\d{5,9}(?!\d)"
"""A pattern for folded text."""
_NUMBER = re.compile(rf" *[\[【(（#]*({PATTERN})[\]】)）]* *")


def spelled(written: str) -> str:
    """A number that `PATTERN` matches as it is stored: `C-2026-00012`."""
    return folded(written).replace(" ", "").upper()


def read(text: str) -> str:
    """The number that is the whole text, '' when it is none."""
    match = _NUMBER.fullmatch(folded(text))
    return spelled(match[1]) if match else ""
