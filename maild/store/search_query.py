"""A query as a person types it, to a tree of what must hold of a message.

Gmail's operators: `from: to: subject: filename: case: kind: stage: has:attachment before: after:`,
"phrase", word*, -not, OR, parentheses; what stands side by side must all hold. Nothing typed is a
mistake except a date that is none: what is open is closed, and an unknown operator is a word.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from maild.errors import UsageError
from maild.store.search_tokens import Phrase, SearchField, in_field, phrase

QUERY_MAX_CHARS: Final = 1_000
DEPTH_MAX: Final = 20  # parentheses within parentheses; deeper ones are passed over


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The message holds the phrase."""

    phrase: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """`name` (case, kind, stage) of the message's case is `value`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HasAttachment:
    """The message has an attachment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The message was received before that day, or on it or after it."""

    day: date
    before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """One part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """The part does not hold."""

    part: "Node"


Node = Text | Property | HasAttachment | Received | All | Either | Without

_FIELDS: Final = {
    "from": SearchField.FROM,
    "to": SearchField.TO,
    "subject": SearchField.SUBJECT,
    "filename": SearchField.FILENAME,
}
_PROPERTIES: Final = frozenset({"case", "kind", "stage"})
_DAYS: Final = frozenset({"before", "after"})
_OPERATORS: Final = (*_FIELDS, *_PROPERTIES, *_DAYS, "has")
_ATTACHMENT: Final = frozenset({"attachment", "attachments", "附件"})
_QUOTES: Final = str.maketrans("“”„‟「」『』«»", '"' * 10)
_LEXEME = re.compile(
    rf"""
      (?P<minus>-+(?=[^\s)]))
    | (?P<operator>(?:{"|".join(_OPERATORS)}):(?=[^\s)]))
    | (?P<open>\()
    | (?P<close>\))
    | "(?P<quoted>[^"]*)(?:"|$)
    | (?P<or>OR(?=[\s(]|$))
    | (?P<and>AND(?=[\s(]|$))
    | (?P<word>[^\s()"]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexeme:
    kind: str
    text: str


def parse(query: str) -> Node | None:
    """What must hold of a message; None when the query names nothing.

    Raises: UsageError for a date that is none.
    """
    return _Parser(_lexemes(query)).parse()


def _lexemes(query: str) -> list[_Lexeme]:
    """The query's parts; full-width signs such as ：（）－ and Chinese quotation marks are folded first."""
    folded = unicodedata.normalize("NFKC", query[:QUERY_MAX_CHARS]).translate(_QUOTES)
    found = []
    for match in _LEXEME.finditer(folded):
        kind = str(match.lastgroup)
        if kind in {"or", "and"} and not match[0].isupper():
            kind = "word"
        found.append(_Lexeme(kind=kind, text=match[kind] if kind == "quoted" else match[0]))
    return found


class _Parser:
    """Recursive descent: either := all (OR all)*; all := factor*; factor := [-] [operator:] primary."""

    def __init__(self, lexemes: list[_Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0
        self._depth = 0

    def parse(self) -> Node | None:
        parts = []
        while self._peek() is not None:
            parts.append(self._either(None))
            self._take_if("close")  # one that nothing opened
        return _joined(parts, All)

    def _either(self, operator: str | None) -> Node | None:
        parts = [self._all(operator)]
        while self._take_if("or"):
            parts.append(self._all(operator))
        return _joined(parts, Either)

    def _all(self, operator: str | None) -> Node | None:
        parts = []
        while self._peek() not in {None, "or", "close"}:
            parts.append(self._factor(operator))
        return _joined(parts, All)

    def _factor(self, operator: str | None) -> Node | None:
        negated = False
        while self._peek() in {"minus", "operator", "and"}:
            lexeme = self._take()
            negated = negated or lexeme.kind == "minus"
            operator = lexeme.text[:-1].casefold() if lexeme.kind == "operator" else operator
        found = self._primary(operator)
        return Without(part=found) if negated and found is not None else found

    def _primary(self, operator: str | None) -> Node | None:
        if self._peek() in {None, "or", "close"}:
            return None
        lexeme = self._take()
        if lexeme.kind != "open":
            return _leaf(operator, lexeme)
        if self._depth == DEPTH_MAX:
            return None
        self._depth += 1
        found = self._either(operator)
        self._take_if("close")
        self._depth -= 1
        return found

    def _peek(self) -> str | None:
        return self._lexemes[self._at].kind if self._at < len(self._lexemes) else None

    def _take(self) -> _Lexeme:
        self._at += 1
        return self._lexemes[self._at - 1]

    def _take_if(self, kind: str) -> bool:
        found = self._peek() == kind
        self._at += found
        return found


def _joined(parts: list[Node | None], kind: type[All] | type[Either]) -> Node | None:
    real = tuple(part for part in parts if part is not None)
    if len(real) < 2:
        return next(iter(real), None)
    return kind(parts=real)


def _leaf(operator: str | None, lexeme: _Lexeme) -> Node | None:
    if operator in _PROPERTIES:
        return Property(name=operator, value=lexeme.text.strip())
    if operator in _DAYS:
        return Received(day=_day(operator, lexeme.text), before=operator == "before")
    if operator == "has":
        return HasAttachment() if lexeme.text.casefold() in _ATTACHMENT else _text(None, lexeme)
    return _text(operator, lexeme)


def _text(operator: str | None, lexeme: _Lexeme) -> Text | None:
    found = phrase(lexeme.text, prefix=lexeme.kind == "word" and lexeme.text.endswith("*"))
    if found is None:
        return None
    return Text(phrase=found if operator is None else in_field(_FIELDS[operator], found))


def _day(operator: str, text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError(f"{operator}: takes a day such as {operator}:2026-10-08, not {text!r}")
