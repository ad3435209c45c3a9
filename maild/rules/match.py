"""Rules applied to one message: which matched, what follows, and every test with what it saw.

Pure and bounded: values are cut (values.py), patterns are RE2, so no mail can make a rule slow. To mail that
joins a case only those rules apply that ask about the case: the others are about opening one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from maild.model.facts import Routing, RuleVerdict, TestVerdict
from maild.model.rule import Action, AllOf, AnyOf, Condition, NamedList, Not, Rule, RuleInput, Test
from maild.rules.finders import Finder, Found, finders_of
from maild.rules.settle import Asked, merged, routing_of
from maild.rules.values import TEXT_LIMIT, VALUE_LIMIT, Value, fold

__all__ = ["TEXT_LIMIT", "RuleSet", "compile_rules", "fold", "tests_in"]

SHOWN = 200  # characters of a value that the trace keeps
BEFORE = 60  # of these, how many stand before what was found
ABOUT_CASES = frozenset({"has_case", "case_kind", "case_stage"})

Finders = dict[Test, tuple[tuple[str, Finder], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """Rules ready to be applied, in their order."""

    rules: tuple[Rule, ...]
    _finders: Finders = field(repr=False, compare=False)

    def route(self, seen: RuleInput, *, default_kind: str) -> Routing:
        """What becomes of a message; a later rule that matches wins, unless one before it stopped."""
        settled = Action()
        trace: list[RuleVerdict] = []
        looker = _Looker(seen, self._finders)
        for rule in self.rules:
            if looker.joins and not asks_about_case(rule):
                continue
            verdict = looker.verdict(rule)
            trace.append(verdict)
            if verdict.matched:
                settled = merged(settled, rule.then, verdict)
            if verdict.stopped:
                break
        return routing_of(settled, tuple(trace), Asked(default_kind=default_kind, joins=looker.joins))

    def preceded_by(self, first: "RuleSet") -> "RuleSet":
        """These rules with those of `first` before them."""
        finders = {**first._finders, **self._finders}  # noqa: SLF001 -- of its own kind
        return RuleSet(rules=(*first.rules, *self.rules), _finders=finders)


def compile_rules(rules: tuple[Rule, ...], lists: Iterable[NamedList] = ()) -> RuleSet:
    """The rules with their words folded and their patterns compiled, once.

    Raises:
        KeyError: a rule names a list that is not among `lists`.
    """
    named = {each.name: each for each in lists}
    tests = {test for rule in rules for test in tests_in(rule.when)}
    return RuleSet(rules=rules, _finders={test: finders_of(test, named) for test in tests})


def asks_about_case(rule: Rule) -> bool:
    """True when a condition of the rule is about the case that a message joins."""
    return any(test.field in ABOUT_CASES for test in tests_in(rule.when))


class _Looker:
    """One message under test; what a test of a field needs is folded once."""

    def __init__(self, seen: RuleInput, finders: Finders) -> None:
        self._fields = {name.casefold(): values for name, values in seen.fields}
        self._finders = finders
        self._values: dict[str, tuple[Value, ...]] = {}
        self._verdicts: dict[Test, TestVerdict] = {}
        self.joins = "true" in self._fields.get("has_case", ())

    def verdict(self, rule: Rule) -> RuleVerdict:
        tests = tuple(self._verdict(test) for test in tests_in(rule.when))
        matched = self._holds(rule.when)
        return RuleVerdict(
            rule=rule.name, place=rule.place, matched=matched, stopped=matched and rule.then.stop, tests=tests
        )

    def _holds(self, condition: Condition) -> bool:
        match condition:
            case Test():
                return self._verdict(condition).passed
            case AllOf(parts=parts):
                return all(self._holds(part) for part in parts)
            case AnyOf(parts=parts):
                return any(self._holds(part) for part in parts)
            case Not(part=part):
                return not self._holds(part)
            case _ as never:
                assert_never(never)

    def _verdict(self, test: Test) -> TestVerdict:
        if test not in self._verdicts:
            self._verdicts[test] = self._tried(test)
        return self._verdicts[test]

    def _tried(self, test: Test) -> TestVerdict:
        """The first value that passes, with the word that it passed by; else all of both."""
        values = self._of(test.field)
        for value in values:
            for expected, find in self._finders[test]:
                if (found := find(value)) is not None:
                    return _passed(test, expected, value, found)
        return TestVerdict(
            field=test.field,
            test=test.operator,
            expected=", ".join(test.values)[:SHOWN],
            value=", ".join(value.raw[:SHOWN] for value in values)[:SHOWN],
            passed=False,
        )

    def _of(self, name: str) -> tuple[Value, ...]:
        if name not in self._values:
            self._values[name] = tuple(Value(text) for text in self._fields.get(name, ())[:VALUE_LIMIT])
        return self._values[name]


def tests_in(condition: Condition) -> Iterator[Test]:
    """Every test of the condition, in the order of the file."""
    match condition:
        case Test():
            yield condition
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from tests_in(part)
        case Not(part=part):
            yield from tests_in(part)
        case _ as never:
            assert_never(never)


def _passed(test: Test, expected: str, value: Value, found: Found) -> TestVerdict:
    by = f"{expected} ({found.entry})" if found.entry else expected
    return TestVerdict(
        field=test.field,
        test=test.operator,
        expected=by[:SHOWN],
        value=_excerpt(value.raw, found.at)[:SHOWN],
        passed=True,
        captured=found.captured,
    )


def _excerpt(value: str, at: int) -> str:
    """What stands around a find; folding may have moved it by a few characters."""
    return value[max(0, at - BEFORE) :] if len(value) > SHOWN else value
