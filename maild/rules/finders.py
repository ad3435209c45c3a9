"""One word of a test, made ready once: how it is looked for in a value, and what was found."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple, assert_never

from maild.model.rule import NamedList, Operator, Test
from maild.rules.chinese import simplified
from maild.rules.pattern import Pattern
from maild.rules.values import Value, fold


class Found(NamedTuple):
    """Where the expected stands in a value, the entry of a list that it was, and captured case fields."""

    at: int = 0
    entry: str = ""
    captured: tuple[tuple[str, str], ...] = ()


Finder = Callable[[Value], Found | None]
Lists = Mapping[str, NamedList]


def finders_of(test: Test, lists: Lists) -> tuple[tuple[str, Finder], ...]:
    """A finder for each word of the test, in its order, with the word.

    Raises:
        KeyError: a list is not among `lists`.
    """
    return tuple((word, _finder(test, word, lists)) for word in test.values)


def _finder(test: Test, expected: str, lists: Lists) -> Finder:
    match test.operator:
        case Operator.ABOVE | Operator.BELOW:
            return _compared(test.operator, float(expected))
        case Operator.MATCHES:
            return _pattern(test, expected)
        case Operator.IN:
            return _among(_entries(test, lists[expected]), chinese=test.fold_chinese)
        case Operator.MENTIONS:
            return _mentioning(_entries(test, lists[expected]), chinese=test.fold_chinese)
        case Operator.IS | Operator.CONTAINS | Operator.STARTS | Operator.ENDS:
            return _word(test, test.operator, _prepared(expected, test))
        case _ as never:
            assert_never(never)


def _prepared(word: str, test: Test) -> str:
    return simplified(fold(word)) if test.fold_chinese else fold(word)


def _entries(test: Test, named: NamedList) -> dict[str, str]:
    """The entries as they are compared, with each as it was written."""
    return {_prepared(entry, test).strip(): entry for entry in named.entries}


def _word(test: Test, operator: Operator, word: str) -> Finder:
    chinese = test.fold_chinese

    def find(value: Value) -> Found | None:
        at = _at(operator, value.folded(chinese=chinese), word)
        return None if at < 0 else Found(at)

    return find


def _at(operator: Operator, text: str, word: str) -> int:
    """Where the word stands, or -1."""
    if operator is Operator.CONTAINS:
        return text.find(word)
    if operator is Operator.STARTS:
        return 0 if text.startswith(word) else -1
    if operator is Operator.ENDS:
        return len(text) - len(word) if text.endswith(word) else -1
    return 0 if text.strip() == word.strip() else -1


def _pattern(test: Test, expected: str) -> Finder:
    pattern = Pattern(simplified(expected) if test.fold_chinese else expected)

    def find(value: Value) -> Found | None:
        for text in value.for_patterns(chinese=test.fold_chinese):
            if (found := pattern.found_in(text)) is not None:
                return Found(found.at, captured=found.captured)
        return None

    return find


def _compared(operator: Operator, bound: float) -> Finder:
    def find(value: Value) -> Found | None:
        try:
            number = float(value.raw)
        except ValueError:
            return None
        return Found() if (number > bound if operator is Operator.ABOVE else number < bound) else None

    return find


def _among(entries: Mapping[str, str], *, chinese: bool) -> Finder:
    def find(value: Value) -> Found | None:
        for name in standing_for(value.folded(chinese=chinese).strip()):
            if name in entries:
                return Found(entry=entries[name])
        return None

    return find


def _mentioning(entries: Mapping[str, str], *, chinese: bool) -> Finder:
    def find(value: Value) -> Found | None:
        text = value.folded(chinese=chinese)
        for word, entry in entries.items():
            if (at := text.find(word)) >= 0:
                return Found(at, entry)
        return None

    return find


def standing_for(value: str) -> Iterator[str]:
    """What may stand in a list for a value: itself, the domain of an address, and the domains above that."""
    yield value
    domain = value.rpartition("@")[2]
    if domain != value:
        yield domain
    while "." in domain:
        domain = domain.partition(".")[2]
        yield domain


def is_listed(address: str, entries: Collection[str]) -> bool:
    """True when the address (case-folded), its domain, or a domain above it is among the entries."""
    return any(name in entries for name in standing_for(address))
