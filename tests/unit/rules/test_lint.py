"""What is wrong between two rules: one that can never match, and one that overrides another."""

import pytest

from maild.model.people import Assign, AssignMode
from maild.model.rule import Action, AllOf, AnyOf, Condition, Not, Operator, Rule, Test
from maild.rules.lint import implies, lint


def _test(field: str, operator: str, *values: str, fold: bool = False) -> Test:
    return Test(field=field, operator=Operator(operator), values=values, fold_chinese=fold)


A, B, C = (_test("subject", "contains", word) for word in ("报价", "报价单", "发票"))
STAGE = _test("case_stage", "is", "open")


@pytest.mark.parametrize(
    ("one", "other", "so"),
    [
        pytest.param(A, A, True, id="itself"),
        pytest.param(B, A, True, id="the longer word"),
        pytest.param(A, B, False, id="the shorter word"),
        pytest.param(
            _test("subject", "contains", "a", "b"),
            _test("subject", "contains", "b", "a", "c"),
            True,
            id="fewer",
        ),
        pytest.param(
            _test("subject", "contains", "a", "d"), _test("subject", "contains", "b", "a"), False, id="others"
        ),
        pytest.param(_test("text", "contains", "报价"), A, False, id="another field"),
        pytest.param(_test("subject", "is", "报价单"), A, True, id="is contains"),
        pytest.param(_test("subject", "is", "ＡＢ"), _test("subject", "starts", "a"), True, id="is starts"),
        pytest.param(_test("subject", "is", "ab"), _test("subject", "ends", "b"), True, id="is ends"),
        pytest.param(_test("subject", "is", "ab"), _test("subject", "is", " AB"), True, id="is is"),
        pytest.param(
            _test("subject", "starts", "ab"), _test("subject", "starts", "a"), True, id="starts starts"
        ),
        pytest.param(
            _test("subject", "contains", "ab"), _test("subject", "starts", "a"), False, id="contains no start"
        ),
        pytest.param(_test("subject", "ends", "ab"), _test("subject", "ends", "b"), True, id="ends ends"),
        pytest.param(
            _test("subject", "starts", "ab"), _test("subject", "ends", "b"), False, id="starts no end"
        ),
        pytest.param(
            _test("subject", "is", "ab"), _test("subject", "matches", "a"), False, id="no guess at patterns"
        ),
        pytest.param(
            _test("subject", "matches", "a"), _test("subject", "matches", "a", "b"), True, id="pattern"
        ),
        pytest.param(_test("from", "in", "a"), _test("from", "in", "b", "a"), True, id="list"),
        pytest.param(_test("from", "in", "a"), _test("from", "in", "b"), False, id="another list"),
        pytest.param(
            _test("attachment_size", "above", "5"), _test("attachment_size", "above", "3.5"), True, id="above"
        ),
        pytest.param(
            _test("attachment_size", "above", "3"),
            _test("attachment_size", "above", "5"),
            False,
            id="not above",
        ),
        pytest.param(
            _test("attachment_size", "below", "3"), _test("attachment_size", "below", "5"), True, id="below"
        ),
        pytest.param(
            _test("subject", "contains", "x", fold=True),
            _test("subject", "contains", "x"),
            False,
            id="folded",
        ),
        pytest.param(
            _test("subject", "contains", "x"),
            _test("subject", "contains", "x", fold=True),
            True,
            id="unfolded",
        ),
        pytest.param(AllOf(parts=(B, C)), A, True, id="all of"),
        pytest.param(AllOf(parts=(B, C)), AllOf(parts=(C, A)), True, id="all of all of"),
        pytest.param(A, AllOf(parts=(A, C)), False, id="not all of"),
        pytest.param(AnyOf(parts=(A, B)), A, True, id="each of any"),
        pytest.param(AnyOf(parts=(A, C)), A, False, id="not each of any"),
        pytest.param(AnyOf(parts=()), A, False, id="any of nothing"),
        pytest.param(B, AnyOf(parts=(C, A)), True, id="any of"),
        pytest.param(AllOf(parts=(C, Not(part=B))), AnyOf(parts=(A, C)), True, id="all of, any of"),
        pytest.param(
            AllOf(parts=(STAGE, B)), AnyOf(parts=(AllOf(parts=(A, STAGE)), C)), True, id="all of, any of all"
        ),
        pytest.param(Not(part=A), Not(part=B), True, id="not the shorter"),
        pytest.param(Not(part=B), Not(part=A), False, id="not the longer"),
        pytest.param(Not(part=B), A, False, id="not and yes"),
    ],
)
def test_what_one_condition_says_of_another(one: Condition, other: Condition, so: bool) -> None:
    assert implies(one, other) is so


def _rule(name: str, when: Condition, **then: object) -> Rule:
    return Rule(name=name, place=f"rules/{name}.yaml:1", when=when, then=Action(**then))  # type: ignore[arg-type]  # by name


def test_a_rule_behind_one_that_stops_can_never_match() -> None:
    (found,) = lint((_rule("wide", A, stop=True), _rule("narrow", B, case_kind="quotation")))
    assert (found.place, found.is_warning) == ("rules/narrow.yaml:1", False)
    assert found.what == "rule 'narrow' can never match: 'wide' (rules/wide.yaml:1) takes its mail and stops"


def test_rules_about_cases_are_not_blocked_by_those_that_mail_which_joins_passes_by() -> None:
    about = AllOf(parts=(A, STAGE))
    assert lint((_rule("wide", A, stop=True), _rule("joined", about, labels=("x",)))) == ()
    (found,) = lint((_rule("all stages", STAGE, stop=True), _rule("joined", about, labels=("x",))))
    assert not found.is_warning


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        pytest.param({"case_kind": "a"}, {"case_kind": "b"}, "kind", id="kind"),
        pytest.param({"priority": "low"}, {"priority": "high"}, "priority", id="priority"),
        pytest.param({"fields": (("a", "1"),)}, {"fields": (("a", "2"),)}, "fields.a", id="field"),
        pytest.param(
            {"assign": Assign(mode=AssignMode.FIXED, people=("a@x",))},
            {"assign": Assign(mode=AssignMode.FIXED, people=("b@x",))},
            "owner",
            id="owner",
        ),
    ],
)
def test_two_values_for_one_field_are_a_warning(
    first: dict[str, object], second: dict[str, object], name: str
) -> None:
    for earlier, later in ((A, B), (B, A)):
        (found,) = lint((_rule("one", earlier, **first), _rule("two", later, **second)))
        assert (found.is_warning, found.place) == (True, "rules/two.yaml:1")
        assert f"gives {name} another value than rule 'one'" in found.what


def test_what_is_no_contradiction() -> None:
    same = (_rule("one", A, case_kind="a"), _rule("two", B, case_kind="a", priority="high"))
    apart = (_rule("one", A, case_kind="a"), _rule("two", C, case_kind="b"))
    stopped = (_rule("one", B, case_kind="a", stop=True), _rule("two", A, case_kind="b"))
    assert [lint(rules) for rules in (same, apart, stopped)] == [(), (), ()]
