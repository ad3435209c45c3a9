"""Conditions are counted, the best come first, and the same sample gives the same answer."""

import pytest

from maild.app.features import Feature, features, question_of
from maild.app.rule_text import Target, rule_file, rules_of_text
from maild.app.separate import Demands, Sample, separate
from maild.model.rule import Operator, RuleInput
from maild.rules import match

HONGDA = Feature(field="from_domain", operator=Operator.IS, value="hongda.example")
OFFER = Feature(field="base_subject", operator=Operator.CONTAINS, value="报价")
ACROSS = Feature(field="base_subject", operator=Operator.CONTAINS, value="兰报")
SHEET = Feature(field="attachment_name", operator=Operator.ENDS, value=".xlsx")


def propose(holds: dict[Feature, int], corrected: int, demands: Demands | None = None) -> list[list[str]]:
    sample = Sample(corrected=corrected, right=corrected, holds=holds)
    found = separate(sample, demands or Demands(support=2))
    return [[str(feature) for feature in one.features] for one in found]


@pytest.mark.parametrize(
    ("holds", "corrected", "proposed"),
    [
        pytest.param({HONGDA: 0b0111}, 0b0111, [["from_domain is hongda.example"]], id="one is enough"),
        pytest.param(
            {HONGDA: 0b01111, OFFER: 0b10111},
            0b00111,
            [["from_domain is hongda.example", "base_subject contains 报价"]],
            id="a pair where one is not",
        ),
        pytest.param(
            {HONGDA: 0b0011, SHEET: 0b1100},
            0b1111,
            [["from_domain is hongda.example"], ["attachment_name ends .xlsx"]],
            id="one after the other",
        ),
        pytest.param(
            {OFFER: 0b10011, ACROSS: 0b00011, HONGDA: 0b01011},
            0b00011,
            [["from_domain is hongda.example", "base_subject contains 报价"]],
            id="who before what, and the more usual word",
        ),
        pytest.param({OFFER: 0b0011, ACROSS: 0b0110}, 0b0001, [], id="too few"),
        pytest.param({HONGDA: 0b1111}, 0b0011, [], id="not precise"),
        pytest.param({OFFER: 0b1100}, 0b0011, [], id="elsewhere"),
        pytest.param({}, 0b0011, [], id="nothing"),
    ],
)
def test_what_is_proposed(holds: dict[Feature, int], corrected: int, proposed: list[list[str]]) -> None:
    assert propose(holds, corrected) == proposed


def test_two_tests_of_one_field_make_no_pair() -> None:
    assert propose({OFFER: 0b0111, ACROSS: 0b1011}, 0b0011) == []


def test_figures_of_a_proposal() -> None:
    sample = Sample(corrected=0b00111, right=0b01111, holds={HONGDA: 0b11110})
    (one,) = separate(sample, Demands(support=1, precision=0.7))
    assert (one.hits, one.right, one.caught, one.precision) == (4, 3, 2, 0.75)


def test_what_a_message_offers() -> None:
    seen = RuleInput(
        fields=(
            ("from", ("chen@hongda.example",)),
            ("from_domain", ("hongda.example",)),
            ("base_subject", ("法兰报价 DN50",)),
            ("attachment_name", ("Offer 2026.XLSX", "README")),
            ("text", ("a 1 ok",)),
            ("header:list-id", ("",)),
        )
    )
    assert {str(one) for one in features(seen, frozenset())} == {
        "from is chen@hongda.example",
        "from_domain is hongda.example",
        *(f"base_subject contains {word}" for word in ("法兰", "兰报", "报价", "法兰报价", "dn50")),
        *(f"attachment_name contains {word}" for word in ("offer", "xlsx", "readme")),
        "attachment_name ends .xlsx",
        "text contains ok",
    }
    assert HONGDA not in features(seen, frozenset({"hongda.example"}))


def test_each_feature_of_a_message_holds_in_it_as_rules_see_it() -> None:
    seen = RuleInput(
        fields=(
            ("from_domain", ("Hongda.Example",)),
            ("base_subject", ("ＤＮ５０ 法兰_报价，请于3日内回复",)),
            ("attachment_name", ("报价单（最终）.PDF",)),
            ("text", ("Straße\u3000请尽快 報價。purchase_order No.7",)),
        )
    )
    asked = tuple(sorted(features(seen, frozenset()), key=str))
    trace = question_of(asked).route(seen, default_kind="").trace
    assert [str(one) for one, verdict in zip(asked, trace, strict=True) if not verdict.matched] == []


@pytest.mark.parametrize("value", ['a "b"', "back\\slash", "x: y # z", "- 报价", "\u2028", "*"])
def test_any_value_survives_the_file(value: str) -> None:
    asked = (Feature(field="base_subject", operator=Operator.CONTAINS, value=value), HONGDA)
    text = rule_file(Target(settles="kind", value="request"), asked, by_people=False)
    (rule,) = rules_of_text(text)
    assert {test.values for test in match.tests_in(rule.when)} == {(value,), ("hongda.example",)}
    assert (rule.then.case_kind, rule.then.stop) == ("request", True)
