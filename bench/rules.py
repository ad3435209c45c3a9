"""The longest that one rule takes on a message, with the worst patterns and texts that are let in.

Every pattern is as large as the checks allow (maild/rules/pattern.py), each text as long as rules ever see.
"""

from time import perf_counter

from maild.model.rule import Action, Operator, Rule, RuleInput, Test
from maild.rules.match import compile_rules
from maild.rules.pattern import MOST_REPEATS, PatternRefused
from maild.rules.values import TEXT_LIMIT

PATTERNS = (
    "(a|b|c|d){%d}z",
    "[^a]{%d}b",
    "(?:a?){%d}b",
    ".{0,%d}x",
    "[一-龥]{1,%d}y",
    "(a|aa){%d}z",
    "(.?){%d}y",
    r"\w{1,%d}!",
    "(a*){%d}b",
    "([a-z中]|[^a])*中.{%d}z",
    r"\pL{1,%d}!",
    "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x",
    "^(a+)+$",
)
TEXTS = ("a" * TEXT_LIMIT, "中" * TEXT_LIMIT, "甲ａ乙b，" * (TEXT_LIMIT // 5), "ab1中" * (TEXT_LIMIT // 4))
WORDS = tuple(f"词{number}" for number in range(1000))


def slowest_ms() -> tuple[float, str]:
    """The longest single rule in milliseconds, and the test that it has."""
    times = [
        (_took_ms(test, text), f"{test.operator} {test.values[0]}") for test in _tests() for text in TEXTS
    ]
    return max(times)


def _tests() -> list[Test]:
    patterns = [pattern % MOST_REPEATS if "%d" in pattern else pattern for pattern in PATTERNS]
    found = [_test(Operator.MATCHES, pattern) for pattern in patterns]
    return [*found, _test(Operator.CONTAINS, *WORDS)]


def _test(operator: Operator, *values: str) -> Test:
    return Test(field="text", operator=operator, values=values, fold_chinese=True)


def _took_ms(test: Test, text: str) -> float:
    rule = Rule(name="one", place="rules/one.yaml:1", when=test, then=Action(stop=True))
    try:
        ruleset = compile_rules((rule,))
    except PatternRefused:
        return 0.0
    seen = RuleInput(fields=(("text", (text,)),))
    began = perf_counter()
    ruleset.route(seen, default_kind="request")
    return (perf_counter() - began) * 1000


def main() -> None:
    """Print the slowest rule."""
    took_ms, test = slowest_ms()
    print(f"slowest rule: {took_ms:.1f} ms: {test}")


if __name__ == "__main__":
    main()
