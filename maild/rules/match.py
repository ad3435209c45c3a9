"""Rules applied to one message: which matched, what follows, and every test with what it saw.

Pure and bounded: each value is cut, patterns are RE2, so no mail can make a rule slow. Texts are compared
with case and full or half width folded (Unicode NFKC): ＡＢＣ is abc.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from maild.model.facts import Routing, RuleVerdict, TestVerdict
from maild.model.rule import Action, AllOf, AnyOf, Condition, Not, Operator, Rule, RuleInput, Test
from maild.rules.pattern import Pattern

TEXT_LIMIT = 10_000  # characters of a value that a test looks at
SHOWN = 200  # characters of a value that the trace keeps
BEFORE = 60  # of these, how many stand before what was found

Finder = Callable[[str], int | None]
"""Where the expected stands in a prepared text; None when it does not."""


def fold(text: str) -> str:
    """The text as it is compared: width and case folded, cut to TEXT_LIMIT."""
    return unicodedata.normalize("NFKC", text[:TEXT_LIMIT]).casefold()[:TEXT_LIMIT]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """Rules ready to be applied, in their order."""

    rules: tuple[Rule, ...]
    _finders: dict[Test, tuple[tuple[str, Finder], ...]] = field(repr=False, compare=False)

    def route(self, seen: RuleInput, *, default_kind: str) -> Routing:
        """What becomes of a message; a later rule that matches wins, unless one before it stopped."""
        settled = Action()
        trace: list[RuleVerdict] = []
        looker = _Looker(seen, self._finders)
        for rule in self.rules:
            verdict = looker.verdict(rule)
            trace.append(verdict)
            if verdict.matched:
                settled = _merged(settled, rule.then)
            if verdict.stopped:
                break
        return Routing(
            opens_case=not settled.archive_only,
            case_kind=settled.case_kind or default_kind,
            priority=settled.priority or "normal",
            reason=_reason(tuple(trace), settled),
            trace=tuple(trace),
        )


def compile_rules(rules: tuple[Rule, ...]) -> RuleSet:
    """The rules with their words folded and their patterns compiled, once."""
    tests = {test for rule in rules for test in tests_in(rule.when)}
    finders = {test: tuple((value, _finder(test.operator, value)) for value in test.values) for test in tests}
    return RuleSet(rules=rules, _finders=finders)


class _Looker:
    """One message under test; what a test of a field needs is folded once."""

    def __init__(self, seen: RuleInput, finders: dict[Test, tuple[tuple[str, Finder], ...]]) -> None:
        self._values = {name.casefold(): values for name, values in seen.fields}
        self._finders = finders
        self._folded: dict[str, tuple[tuple[str, str], ...]] = {}
        self._verdicts: dict[Test, TestVerdict] = {}

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
        for value, folded in self._texts(test.field):
            for expected, find in self._finders[test]:
                at = find(value if test.operator is Operator.MATCHES else folded)
                if at is not None:
                    return _told(test, expected, _excerpt(value, at), passed=True)
        everything = ", ".join(value for value, _ in self._texts(test.field))
        return _told(test, ", ".join(test.values), everything, passed=False)

    def _texts(self, name: str) -> tuple[tuple[str, str], ...]:
        if name not in self._folded:
            values = self._values.get(name, ())
            self._folded[name] = tuple((value[:TEXT_LIMIT], fold(value)) for value in values)
        return self._folded[name]


def _finder(operator: Operator, expected: str) -> Finder:
    word = fold(expected)
    match operator:
        case Operator.IS:
            return lambda text: 0 if text.strip() == word.strip() else None
        case Operator.CONTAINS:
            return lambda text: at if (at := text.find(word)) >= 0 else None
        case Operator.STARTS:
            return lambda text: 0 if text.startswith(word) else None
        case Operator.ENDS:
            return lambda text: len(text) - len(word) if text.endswith(word) else None
        case Operator.MATCHES:
            return _either_width(Pattern(expected))
        case _ as never:
            assert_never(never)


def _either_width(pattern: Pattern) -> Finder:
    """The pattern on the text as written, else with its width folded: a pattern itself cannot be folded."""

    def find(text: str) -> int | None:
        at = pattern.found_in(text)
        return pattern.found_in(unicodedata.normalize("NFKC", text)[:TEXT_LIMIT]) if at is None else at

    return find


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


def _excerpt(value: str, at: int) -> str:
    """What stands around a find; folding may have moved it by a few characters."""
    return value[max(0, at - BEFORE) :] if len(value) > SHOWN else value


def _told(test: Test, expected: str, value: str, *, passed: bool) -> TestVerdict:
    return TestVerdict(
        field=test.field, test=test.operator, expected=expected[:SHOWN], value=value[:SHOWN], passed=passed
    )


def _merged(settled: Action, then: Action) -> Action:
    return replace(
        settled,
        case_kind=settled.case_kind if then.case_kind is None else then.case_kind,
        priority=settled.priority if then.priority is None else then.priority,
        archive_only=settled.archive_only if then.archive_only is None else then.archive_only,
    )


def _reason(trace: tuple[RuleVerdict, ...], settled: Action) -> str:
    matched = ", ".join(f"rule {verdict.rule!r} ({verdict.place})" for verdict in trace if verdict.matched)
    if not matched:
        return "no rule matched: the mailbox's default kind"
    if settled.case_kind is None and not settled.archive_only:
        return f"{matched}; the mailbox's default kind"
    return matched
