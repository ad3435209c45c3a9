"""The tests that look into lists, numbers and Chinese, and what rules settle beside kind and priority."""

from dataclasses import replace

import pytest

from maild.model.case import CaseTraits
from maild.model.people import Assign, AssignMode
from maild.model.rule import Action, AllOf, NamedList, Operator, Rule, RuleInput, Test
from maild.rules.match import compile_rules
from maild.rules.pattern import Pattern, PatternRefused
from maild.rules.settle import REVIEW

SUPPLIERS = NamedList(
    name="suppliers", place="lists/suppliers.yaml:1", entries=("Hongda.example", "周@QQ.com")
)
PRODUCTS = NamedList(name="products", place="lists/products.yaml:1", entries=("水泵", "閥門"))
SEEN = RuleInput(
    fields=(
        ("from", ("li@mail.hongda.example",)),
        ("party", ("hongda.example",)),
        ("subject", ("請報價：閥門 ORDER-77",)),
        ("attachment_size", ("2048", "10")),
        ("header:x-score", ("5.5", "none")),
        ("has_case", ("false",)),
    )
)
JOINS = RuleInput(fields=(("subject", ("x",)), ("has_case", ("true",)), ("case_kind", ("invoice",))))


def _test(field: str, operator: str, *values: str, fold: bool = False) -> Test:
    return Test(field=field, operator=Operator(operator), values=values, fold_chinese=fold)


def _rule(when: Test | AllOf, **then: object) -> Rule:
    return Rule(name="one", place="rules/one.yaml:1", when=when, then=Action(**then))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        pytest.param(_test("from", "in", "suppliers"), "suppliers (Hongda.example)", id="domain above"),
        pytest.param(_test("from", "in", "products"), None, id="in another list"),
        pytest.param(_test("party", "in", "products"), None, id="a domain in another list"),
        pytest.param(_test("party", "in", "suppliers"), "suppliers (Hongda.example)", id="a domain itself"),
        pytest.param(_test("subject", "mentions", "products"), "products (閥門)", id="mentions"),
        pytest.param(_test("subject", "mentions", "suppliers"), None, id="mentions nothing of it"),
        pytest.param(_test("subject", "contains", "报价"), None, id="simplified, not folded"),
        pytest.param(_test("subject", "contains", "报价", fold=True), "报价", id="simplified"),
        pytest.param(_test("subject", "starts", "請报", fold=True), "請报", id="both mixed"),
        pytest.param(_test("subject", "matches", "^请.价", fold=True), "^请.价", id="pattern simplified"),
        pytest.param(_test("attachment_size", "above", "2000"), "2000", id="above"),
        pytest.param(_test("attachment_size", "above", "2048"), None, id="not above"),
        pytest.param(_test("attachment_size", "below", "11"), "11", id="below"),
        pytest.param(_test("header:x-score", "above", "6"), None, id="header below"),
        pytest.param(_test("header:x-score", "above", "5"), "5", id="header above"),
    ],
)
def test_operators(test: Test, expected: str | None) -> None:
    routing = compile_rules((_rule(test, case_kind="found"),), (SUPPLIERS, PRODUCTS)).route(
        SEEN, default_kind="none"
    )
    (verdict,) = routing.trace[0].tests
    assert (routing.case_kind == "found", verdict.passed) == (expected is not None, expected is not None)
    assert expected in {verdict.expected, None}


def test_a_lone_surrogate_does_no_harm() -> None:
    seen = RuleInput(fields=(("subject", ("\ud800報價",)),))
    rules = compile_rules((_rule(_test("subject", "contains", "报价", fold=True), case_kind="found"),))
    assert rules.route(seen, default_kind="none").case_kind == "found"


def test_named_groups_become_fields_and_labels_add_up() -> None:
    order = _test("subject", "matches", r"order-(?P<order_no>\d+)(?P<rest>z)?")
    assign = Assign(mode=AssignMode.BY_LOAD, people=("a@x", "b@x"))
    first = _rule(order, labels=("b",), fields=(("source", "mail"),), department="sales", assign=assign)
    second = _rule(order, labels=("a",), fields=(("source", "letter"),), confidential=True, template="quick")
    routing = compile_rules((first, replace(second, name="two"))).route(SEEN, default_kind="request")
    assert routing.traits == CaseTraits(
        department="sales",
        labels=("a", "b"),
        fields=(("order_no", "77"), ("source", "letter")),
        confidential=True,
    )
    assert (routing.assign, routing.template, routing.opens_case) == (assign, "quick", True)


def test_what_a_test_within_not_captures_counts_for_nothing_when_it_fails() -> None:
    routing = compile_rules((_rule(_test("subject", "matches", "(?P<x>none)"), labels=("a",)),)).route(
        SEEN, default_kind="request"
    )
    assert routing.traits == CaseTraits()


@pytest.mark.parametrize(
    ("then", "default", "opens", "review", "spam", "reason"),
    [
        pytest.param(None, REVIEW, False, True, False, "no rule matched: a person looks at it", id="nothing"),
        pytest.param(
            {"priority": "low"}, REVIEW, False, True, False, "one (r); a person looks at it", id="no kind"
        ),
        pytest.param({"case_kind": REVIEW}, "request", False, True, False, "one (r)", id="asked for"),
        pytest.param({"case_kind": "a"}, REVIEW, True, False, False, "one (r)", id="kind"),
        pytest.param({"archive_only": True}, REVIEW, False, False, False, "one (r)", id="archived"),
        pytest.param({"spam": True}, REVIEW, False, False, True, "spam: one (r)", id="spam"),
    ],
)
def test_nothing_is_ever_silence(
    then: dict[str, object] | None, default: str, opens: bool, review: bool, spam: bool, reason: str
) -> None:
    word = "ORDER" if then is not None else "none of it"
    routing = compile_rules((_rule(_test("subject", "contains", word), **(then or {"stop": True})),)).route(
        SEEN, default_kind=default
    )
    assert (routing.opens_case, routing.review, routing.spam) == (opens, review, spam)
    assert routing.reason == reason.replace("one (r)", "rule 'one' (rules/one.yaml:1)")
    assert routing.case_kind == (then or {}).get("case_kind", "").__str__().replace(REVIEW, "")


def test_mail_that_joins_is_for_rules_about_cases_alone() -> None:
    wide = _rule(_test("subject", "contains", "x"), case_kind="a", stop=True)
    about = replace(_rule(_test("case_kind", "is", "invoice"), labels=("late",)), name="about")
    routing = compile_rules((wide, about)).route(JOINS, default_kind=REVIEW)
    assert [verdict.rule for verdict in routing.trace] == ["about"]
    assert (routing.on_case, routing.review, routing.priority) == (True, False, "")
    assert routing.reason == "rule 'about' (rules/one.yaml:1)"
    assert compile_rules((wide,)).route(JOINS, default_kind="request").reason == "no rule about cases matched"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        pytest.param("a{51}", "51 counted repeats, more than 50", id="one"),
        pytest.param("a{30}b{0,21}", "51 counted", id="two"),
        pytest.param("(a{10}){6}", "60 counted", id="nested"),
        pytest.param("((a{2}b){3}c{3}){6}", "54 counted", id="twice nested"),
        pytest.param(r"(?:\pL{1,9}){5}x|\pL{5}", "too large", id="memory"),
        pytest.param("a)", "unexpected )", id="bracket"),
    ],
)
def test_patterns_that_would_be_slow_are_refused(pattern: str, words: str) -> None:
    with pytest.raises(PatternRefused) as caught:
        Pattern(pattern)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "pattern", ["a{50}", r"\{99}", "[{]{9}", "a{x}", "[a{99}]", "(a|b){20}", "(x{2}){3}"]
)
def test_patterns_that_are_quick_enough(pattern: str) -> None:
    assert Pattern(pattern).groups == ()


@pytest.mark.parametrize(
    ("pattern", "everything"), [(".*", True), ("", True), ("a?", True), ("a", False), ("^$", False)]
)
def test_patterns_that_match_everything(pattern: str, everything: bool) -> None:
    assert Pattern(pattern).matches_everything is everything
