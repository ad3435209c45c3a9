"""What rules settle about a case, as it opens and as mail joins it; the template that a rule names."""

from dataclasses import replace

import pytest

from maild.core.decide import decide, waits_for_review
from maild.core.evolve import evolve
from maild.model.case import CaseId, CaseTraits, Direction, JoinReason
from maild.model.events import CaseOpened, CaseSettled
from maild.model.facts import Joining
from maild.model.people import Assign, AssignMode, Workload
from tests.unit.core.builders import (
    ACKNOWLEDGE,
    MACHINE,
    NOW,
    ON_JOINED,
    PLAYBOOK,
    ROUTING,
    WORLD,
    a_case,
    an_arrival,
)

TRAITS = CaseTraits(
    department="purchasing", labels=("supplier",), fields=(("order_no", "7"),), confidential=True
)
JOINED = Joining(case_id=CaseId("case-1"), join=JoinReason.THREAD, reason="the thread's case", verified=True)
ON_CASE = replace(ROUTING, on_case=True, priority="", reason="rule 'late'")
OWNERS = Assign(mode=AssignMode.BY_LOAD, people=("li@example.com", "wu@example.com"))


def test_a_case_opens_with_what_rules_settled_and_its_owner() -> None:
    world = replace(WORLD, workloads=(Workload(person="li@example.com", open_cases=2, last_serial=3),))
    decision = decide(None, an_arrival(routing=replace(ROUTING, traits=TRAITS, assign=OWNERS)), world, NOW)
    opened = decision.events[0]
    assert isinstance(opened, CaseOpened)
    assert opened.traits == replace(TRAITS, owner="wu@example.com")
    assert evolve(None, opened, NOW).traits == opened.traits


def test_mail_that_joins_adds_to_what_is_settled() -> None:
    case = a_case(
        traits=CaseTraits(owner="li@example.com", labels=("a",), fields=(("order_no", "1"), ("x", "y")))
    )
    fact = an_arrival(joining=JOINED, routing=replace(ON_CASE, traits=TRAITS, priority="urgent"))
    decision = decide(case, fact, WORLD, NOW)
    (settled,) = [event for event in decision.events if isinstance(event, CaseSettled)]
    after = evolve(case, settled, NOW)
    assert (after.priority, after.traits) == (
        "urgent",
        CaseTraits(
            owner="li@example.com",
            department="purchasing",
            labels=("a", "supplier"),
            fields=(("order_no", "7"), ("x", "y")),
            confidential=True,
        ),
    )
    assert "rule 'late'" in decision.reason
    unchanged = evolve(case, replace(settled, priority="", traits=CaseTraits()), NOW)
    assert (unchanged.priority, unchanged.traits) == (case.priority, case.traits)


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param(an_arrival(joining=JOINED, routing=ON_CASE), id="nothing settled"),
        pytest.param(
            an_arrival(joining=JOINED, routing=replace(ROUTING, traits=TRAITS)), id="not about cases"
        ),
        pytest.param(
            an_arrival(joining=replace(JOINED, verified=False), routing=replace(ON_CASE, traits=TRAITS)),
            id="unverified",
        ),
    ],
)
def test_mail_that_joins_and_settles_nothing(fact: object) -> None:
    decision = decide(a_case(), fact, WORLD, NOW)  # type: ignore[arg-type]  # a fact
    assert not [event for event in decision.events if isinstance(event, CaseSettled)]


QUICK = replace(ROUTING, template="quick")
SILENT = replace(WORLD, playbook=replace(PLAYBOOK, reactions=()))
TWICE = replace(
    WORLD, playbook=replace(PLAYBOOK, reactions=(ACKNOWLEDGE, replace(ACKNOWLEDGE, send="second")))
)
OTHER = replace(WORLD, playbook=replace(PLAYBOOK, reactions=(replace(ACKNOWLEDGE, on=(ON_JOINED,)),)))


def test_the_template_of_a_rule_takes_the_place_of_the_first_mail() -> None:
    for world, sent in (
        (WORLD, ["quick"]),
        (SILENT, ["quick"]),
        (TWICE, ["quick", "second"]),
        (OTHER, ["quick"]),
    ):
        decision = decide(None, an_arrival(routing=QUICK), world, NOW)
        assert [effect.template for effect in decision.effects] == sent


def test_the_template_of_a_rule_answers_no_machine() -> None:
    for world in (WORLD, SILENT):
        assert decide(None, an_arrival(routing=QUICK, automatic=MACHINE), world, NOW).effects == ()


def test_the_template_of_a_rule_about_cases_answers_mail_that_joins() -> None:
    decision = decide(
        a_case(), an_arrival(joining=JOINED, routing=replace(ON_CASE, template="quick")), WORLD, NOW
    )
    assert [effect.template for effect in decision.effects] == ["quick"]


def test_who_waits_for_a_person() -> None:
    waits = an_arrival(routing=replace(ROUTING, review=True, opens_case=False))
    assert waits_for_review(None, waits)
    assert not waits_for_review(a_case(), waits)
    assert not waits_for_review(None, replace(waits, direction=Direction.OUTGOING))
    assert not waits_for_review(None, replace(waits, duplicate_id=True))
    assert not waits_for_review(None, an_arrival())
    assert decide(None, waits, WORLD, NOW).events == ()
