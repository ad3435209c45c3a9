"""What a person's word makes of a case, and what the row is afterwards."""

from dataclasses import replace

import pytest

from maild.core.decide import decide
from maild.core.evolve import evolve
from maild.model.case import CaseTraits
from maild.model.facts import CorrectionAsked
from maild.model.people import PartyKind
from tests.unit.core.builders import NOW, PLAYBOOK, WORLD, a_case

PURCHASING = replace(
    PLAYBOOK,
    name="purchasing",
    kinds=("purchasing",),
    stages=("asked", "closed"),
    closing_stages=frozenset({"closed"}),
)


@pytest.mark.parametrize(
    ("asked", "stage", "kinds", "row"),
    [
        pytest.param(
            (None, "high"),
            "open",
            ["case_corrected"],
            ("request", "high", "customer", "open"),
            id="priority",
        ),
        pytest.param(
            ("purchasing", None),
            "open",
            ["case_corrected", "case_corrected", "stage_moved"],
            ("purchasing", "normal", "purchasing", "asked"),
            id="kind of another playbook",
        ),
        pytest.param(
            ("purchasing", "low"),
            "closed",
            ["case_corrected"] * 3,
            ("purchasing", "low", "purchasing", "closed"),
            id="a stage that both have",
        ),
        pytest.param(
            ("request", "normal"), "open", [], ("request", "normal", "customer", "open"), id="so already"
        ),
    ],
)
def test_a_correction(
    asked: tuple[str | None, str | None], stage: str, kinds: list[str], row: tuple[str, ...]
) -> None:
    case = a_case(stage=stage)
    fact = CorrectionAsked(case_kind=asked[0], priority=asked[1], by="shell")
    playbook = PURCHASING if asked[0] == "purchasing" else PLAYBOOK
    decision = decide(case, fact, replace(WORLD, playbook=playbook), NOW)
    assert [event.kind for event in decision.events] == kinds
    assert decision.effects == ()
    after = case
    for event in decision.events:
        after = evolve(after, event, NOW)
    assert (after.kind, after.priority, after.playbook, after.stage) == row
    assert after.version == case.version + len(kinds)


def test_owner_and_department_change_and_the_party_is_only_noted() -> None:
    fact = CorrectionAsked(
        by="shell", owner="li.na@example.com", department="sales", party_kind=PartyKind.SUPPLIER
    )
    case = a_case()
    decision = decide(case, fact, WORLD, NOW)
    after = case
    for event in decision.events:
        after = evolve(after, event, NOW)
    assert after.traits == CaseTraits(owner="li.na@example.com", department="sales")
    assert after.version == case.version + 3
    assert decision.reason == (
        "C-2026-00007: shell set owner none → li.na@example.com, department none → sales,"
        " party_kind unknown → supplier"
    )


def test_the_reason_tells_who_set_what() -> None:
    fact = CorrectionAsked(case_kind=None, priority="high", by="shell")
    assert decide(a_case(), fact, WORLD, NOW).reason == "C-2026-00007: shell set priority normal → high"
    fact = CorrectionAsked(case_kind=None, priority="normal", by="shell")
    assert decide(a_case(), fact, WORLD, NOW).reason == "C-2026-00007 is so already"


def test_a_correction_needs_a_case() -> None:
    with pytest.raises(ValueError, match="correction_asked"):
        decide(None, CorrectionAsked(case_kind=None, priority="high", by="shell"), WORLD, NOW)
