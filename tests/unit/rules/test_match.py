"""Rules applied: each operator, folding, order, and the trace that tells why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.facts import RuleVerdict, TestVerdict
from maild.model.rule import Action, AllOf, AnyOf, Condition, Not, Operator, Rule, RuleInput, Test
from maild.rules.match import SHOWN, TEXT_LIMIT, compile_rules, fold
from maild.rules.pattern import Pattern, PatternRefused


def _rule(name: str, when: Condition, **then: str | bool) -> Rule:
    action = Action(
        case_kind=str(then["kind"]) if "kind" in then else None,
        priority=str(then["priority"]) if "priority" in then else None,
        archive_only=bool(then["archive"]) if "archive" in then else None,
        stop=bool(then.get("stop", False)),
    )
    return Rule(name=name, place=f"rules/{name}.yaml:1", when=when, then=action)


def _test(field: str, operator: str, *values: str) -> Test:
    return Test(field=field, operator=Operator(operator), values=values)


def _seen(**fields: str | tuple[str, ...]) -> RuleInput:
    return RuleInput(
        fields=tuple((key, (value,) if isinstance(value, str) else value) for key, value in fields.items())
    )


SEEN = _seen(
    subject="关于ＡＢＣ的投诉 Complaint",
    text="第一行\n第二行 order 123",
    to=("one@example.com", "two@example.com"),
    language=(),
)


@pytest.mark.parametrize(
    ("test", "passed"),
    [
        pytest.param(_test("subject", "contains", "投诉"), True, id="contains"),
        pytest.param(_test("subject", "contains", "表扬", "complaint"), True, id="contains the second"),
        pytest.param(_test("subject", "contains", "表扬"), False, id="contains not"),
        pytest.param(_test("subject", "contains", "abc"), True, id="full width and case of the value"),
        pytest.param(_test("subject", "contains", "ＣＯＭＰＬＡＩＮＴ"), True, id="full width of the word"),
        pytest.param(_test("subject", "starts", "关于"), True, id="starts"),
        pytest.param(_test("subject", "starts", "投诉"), False, id="starts not"),
        pytest.param(_test("subject", "ends", "COMPLAINT"), True, id="ends"),
        pytest.param(_test("subject", "ends", "投诉"), False, id="ends not"),
        pytest.param(_test("to", "is", "Two@Example.com "), True, id="is, second value"),
        pytest.param(_test("to", "is", "example.com"), False, id="is the whole"),
        pytest.param(_test("text", "matches", r"ORDER \d{3}$"), True, id="matches in any case"),
        pytest.param(_test("text", "matches", r"order \d{4}"), False, id="matches not"),
        pytest.param(_test("subject", "matches", r"\babc\b|abc的"), True, id="matches with width folded"),
        pytest.param(_test("subject", "matches", "ＡＢＣ"), True, id="matches as written"),
        pytest.param(_test("language", "is", "zh"), False, id="no value"),
        pytest.param(_test("header:x-none", "contains", ""), False, id="no such field"),
        pytest.param(AllOf(parts=()), True, id="all of nothing"),
        pytest.param(AnyOf(parts=()), False, id="any of nothing"),
        pytest.param(Not(part=_test("language", "is", "zh")), True, id="not"),
        pytest.param(
            AllOf(parts=(_test("to", "is", "one@example.com"), _test("text", "contains", "x"))),
            False,
            id="all",
        ),
        pytest.param(
            AnyOf(parts=(_test("to", "is", "x"), _test("text", "contains", "order"))),
            True,
            id="any, the second",
        ),
    ],
)
def test_conditions(test: Condition, passed: bool) -> None:
    routing = compile_rules((_rule("one", test, kind="found"),)).route(SEEN, default_kind="request")
    assert (routing.case_kind == "found") is passed


def test_fields_are_named_in_any_case() -> None:
    rules = compile_rules((_rule("one", _test("header:x-priority", "is", "1"), kind="found"),))
    seen = RuleInput(fields=(("header:X-Priority", ("1",)),))
    assert rules.route(seen, default_kind="request").case_kind == "found"


def test_nothing_matches_is_said() -> None:
    routing = compile_rules((_rule("one", _test("to", "is", "x"), kind="found"),)).route(
        SEEN, default_kind="request"
    )
    assert (routing.opens_case, routing.case_kind, routing.priority) == (True, "request", "normal")
    assert routing.reason == "no rule matched: the mailbox's default kind"
    assert routing.trace == (
        RuleVerdict(
            rule="one",
            place="rules/one.yaml:1",
            matched=False,
            stopped=False,
            tests=(
                TestVerdict(
                    field="to",
                    test="is",
                    expected="x",
                    value="one@example.com, two@example.com",
                    passed=False,
                ),
            ),
        ),
    )


def test_no_rules_at_all() -> None:
    routing = compile_rules(()).route(SEEN, default_kind="request")
    assert (routing.case_kind, routing.trace) == ("request", ())


def test_a_later_rule_wins_and_a_stop_ends_it() -> None:
    anything = AllOf(parts=())
    rules = compile_rules(
        (
            _rule("first", anything, kind="a", priority="high"),
            _rule("second", anything, kind="b", archive=True),
            _rule("third", anything, archive=False, stop=True),
            _rule("fourth", anything, kind="never"),
        )
    )
    routing = rules.route(SEEN, default_kind="request")
    assert (routing.opens_case, routing.case_kind, routing.priority) == (True, "b", "high")
    assert [(verdict.rule, verdict.stopped) for verdict in routing.trace] == [
        ("first", False),
        ("second", False),
        ("third", True),
    ]
    said = [f"rule {name!r} (rules/{name}.yaml:1)" for name in ("first", "second", "third")]
    assert routing.reason == ", ".join(said)


@pytest.mark.parametrize(
    ("then", "opens_case", "reason"),
    [
        pytest.param({"archive": True}, False, "rule 'one' (rules/one.yaml:1)", id="archived"),
        pytest.param(
            {"priority": "low"},
            True,
            "rule 'one' (rules/one.yaml:1); the mailbox's default kind",
            id="no kind",
        ),
    ],
)
def test_a_rule_that_says_no_kind(then: dict[str, str | bool], opens_case: bool, reason: str) -> None:
    routing = compile_rules((_rule("one", AllOf(parts=()), **then),)).route(SEEN, default_kind="request")
    assert (routing.opens_case, routing.case_kind, routing.reason) == (opens_case, "request", reason)


def test_every_test_stands_in_the_trace_with_what_it_saw() -> None:
    tests = (
        _test("subject", "contains", "表扬", "投诉"),
        _test("to", "ends", "@example.org", "@EXAMPLE.com"),
        _test("text", "matches", "x", "y"),
    )
    when = AnyOf(parts=(tests[0], AllOf(parts=(tests[1], Not(part=tests[2])))))
    (verdict,) = compile_rules((_rule("one", when),)).route(SEEN, default_kind="request").trace
    assert [(each.field, each.test, each.expected, each.value, each.passed) for each in verdict.tests] == [
        ("subject", "contains", "投诉", "关于ＡＢＣ的投诉 Complaint", True),
        ("to", "ends", "@EXAMPLE.com", "one@example.com", True),
        ("text", "matches", "x, y", "第一行\n第二行 order 123", False),
    ]


def test_the_trace_shows_what_stands_around_a_find_in_a_long_text() -> None:
    seen = _seen(text="a" * 3000 + " 投诉 " + "b" * 3000)
    rules = compile_rules((_rule("one", _test("text", "contains", "投诉")),))
    (verdict,) = rules.route(seen, default_kind="request").trace
    assert "投诉" in verdict.tests[0].value
    assert len(verdict.tests[0].value) == SHOWN


def test_text_past_the_limit_is_not_looked_at() -> None:
    seen = _seen(text="a" * TEXT_LIMIT + "投诉")
    for operator in ("contains", "matches", "ends"):
        rules = compile_rules((_rule("one", _test("text", operator, "投诉"), kind="found"),))
        assert rules.route(seen, default_kind="request").case_kind == "request"


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", r"(.*)(.*)(.*)(.*)x"])
def test_no_pattern_runs_away(pattern: str) -> None:
    """A backtracking engine would not come back from these."""
    rules = compile_rules((_rule("one", _test("text", "matches", pattern)),))
    seen = _seen(text="a" * (TEXT_LIMIT - 1) + "!")
    (verdict,) = rules.route(seen, default_kind="request").trace
    assert not verdict.matched


@given(st.text(max_size=200))
def test_a_text_is_and_contains_itself(text: str) -> None:
    rules = compile_rules(
        (
            _rule(
                "one", AllOf(parts=(_test("text", "is", text), _test("text", "contains", text))), kind="found"
            ),
        )
    )
    assert rules.route(_seen(text=text), default_kind="request").case_kind == "found"


def test_folding_is_bounded_however_much_a_character_unfolds_into() -> None:
    assert len(fold("\ufdfa" * TEXT_LIMIT)) == TEXT_LIMIT


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        pytest.param("[abc", "missing ]", id="bracket"),
        pytest.param("(?<=a)b", "invalid perl operator", id="look-behind"),
        pytest.param(r"(a)\1", "invalid escape", id="back-reference"),
    ],
)
def test_patterns_that_re2_refuses(pattern: str, words: str) -> None:
    with pytest.raises(PatternRefused, match=words):
        Pattern(pattern)


def test_where_a_pattern_is_found_counts_characters() -> None:
    found = Pattern("订单").found_in("关于订单")
    assert found is not None
    assert found.at == 2
    assert Pattern("订单").found_in("关于") is None
