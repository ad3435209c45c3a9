"""Text to search tokens, the same for every database: folded words, and bigrams where no space parts words.

A run such as 投诉电话 gives 投诉, 诉电, 电话 and its last character 话, so that a word of any length in it
is found: one character as a prefix, two as a token, more as a phrase.
"""

import operator
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maild.model.archive import SearchText

TOKEN_MAX_CHARS: Final = 60  # with 4 bytes each, a chunk stays below 1 MB (a tsvector's limit)
CHUNK_MAX_TOKENS: Final = 4_000  # positions of a tsvector stop at 16,383
REPEATS_MAX: Final = 255  # a tsvector keeps 256 positions of one word
PHRASE_MAX_TOKENS: Final = 64  # chunks overlap by as many: a phrase is whole in one of them
BODY_MAX_CHARS: Final = 500_000
FIELD_MAX_CHARS: Final = 20_000  # subject, addresses, file names
FILENAMES_MAX: Final = 200
BREAK: Final = "\ue000"  # parts what is not adjacent; a private character, which no token holds


class SearchField(StrEnum):
    """The parts of a message that a query can name, each with its mark before a token."""

    SUBJECT = "\ue001"
    FROM = "\ue002"
    TO = "\ue003"
    FILENAME = "\ue004"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Tokens that follow each other; the last is the beginning of a word when `prefix`."""

    tokens: tuple[str, ...]
    prefix: bool


def _ranges(category: str, first: int, last: int) -> str:
    """The characters of a Unicode category group, for a character class."""
    return "".join(chr(code) for code in range(first, last) if unicodedata.category(chr(code))[0] == category)


# Chinese, Japanese, Korean; Thai, Lao, Burmese, Khmer: scripts that do not part words by spaces.
_UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3\u2e80-\u2fdf\u3005-\u3007\u3031-\u3035\u3041-\u309f\u30a1-\u30ff"
    "\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = _ranges("M", 0x300, 0x2000)  # vowel signs of Hindi and its kin belong to the word
_PICTURES = "\u2600-\u27bf\U0001f000-\U0001faff"  # each emoji is a token
_RUNS = re.compile(rf"([{_UNSPACED}]+)")
_WORDS = re.compile(rf"[\w{_MARKS}]+|[{_PICTURES}]")
_SPACED = {code: " " for code in range(128) if not chr(code).isalnum()}


def fold(text: str) -> str:
    """The text as it is compared: compatibility forms unified (NFKC), case-folded, `_` parting words."""
    text = text.replace("_", " ")
    if text.isascii():
        return text.lower()
    unified = unicodedata.normalize("NFKC", text)
    folded = unified.casefold()
    return folded if folded == unified else unicodedata.normalize("NFKC", folded)


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order."""
    folded = fold(text)
    if folded.isascii():
        return _words(folded)
    found: list[str] = []
    for place, part in enumerate(_RUNS.split(folded)):
        found += _bigrams(part) if place % 2 else _words(part)
    return found


def phrase(text: str, *, prefix: bool = False) -> Phrase | None:
    """The tokens that stand where the text stands; None when it holds none.

    At most `PHRASE_MAX_TOKENS` of them. The last character of a run is left out at the end, since the
    run may go on in what is searched.
    """
    found = tokens(text)[:PHRASE_MAX_TOKENS]
    if not found:
        return None
    if _is_run(found[-1]):
        if len(found) > 1 and len(found[-1]) == 1 and _is_run(found[-2]) and found[-2][1:] == found[-1]:
            return Phrase(tokens=tuple(found[:-1]), prefix=False)
        return Phrase(tokens=tuple(found), prefix=len(found[-1]) == 1)
    return Phrase(tokens=tuple(found), prefix=prefix)


def in_field(field: SearchField, plain: Phrase) -> Phrase:
    """The phrase as it stands in one field."""
    return Phrase(tokens=tuple(field + token for token in plain.tokens), prefix=plain.prefix)


def chunks(text: SearchText) -> Iterator[Sequence[str]]:
    """The tokens of a message, `BREAK` between what is not adjacent, in pieces that every database takes.

    What stands in a field comes twice: plain, and marked with the field.
    """
    every = _tokens_of(text)
    start = 0
    while True:
        end = _end(every, start)
        yield every[start:end]
        if end >= len(every):
            return
        start = end - PHRASE_MAX_TOKENS


def _words(text: str) -> list[str]:
    """The words of a text in which spaces and signs part them."""
    found = text.translate(_SPACED).split() if text.isascii() else _WORDS.findall(text)
    return [word[:TOKEN_MAX_CHARS] for word in found]


def _bigrams(run: str) -> list[str]:
    """Each two characters that follow each other, then the last one alone."""
    return [*map(operator.add, run, run[1:]), run[-1]]


def _is_run(token: str) -> bool:
    return _RUNS.fullmatch(token) is not None


def _tokens_of(text: SearchText) -> list[str]:
    every: list[str] = []
    marked: list[str] = []
    for field, content in _fields(text):
        plain = tokens(content[:FIELD_MAX_CHARS])
        every += [*plain, BREAK]
        marked += [*(field + token for token in plain), BREAK]
    return [*every, *marked, *tokens(text.body[:BODY_MAX_CHARS])]


def _fields(text: SearchText) -> Iterator[tuple[SearchField, str]]:
    yield SearchField.SUBJECT, text.subject
    yield SearchField.FROM, text.from_text
    yield SearchField.TO, text.to_text
    for filename in text.filenames[:FILENAMES_MAX]:
        yield SearchField.FILENAME, filename


def _end(every: Sequence[str], start: int) -> int:
    """Where the chunk from `start` ends: it is full, or a token has come as often as it may."""
    end = min(start + CHUNK_MAX_TOKENS, len(every))
    if end - start <= REPEATS_MAX:
        return end
    if max(Counter(every[start:end]).values()) < REPEATS_MAX:
        return end
    times: Counter[str] = Counter()
    for position in range(start, end):
        token = every[position]
        times[token] += 1
        if times[token] == REPEATS_MAX and token != BREAK:
            return position + 1
    return end
