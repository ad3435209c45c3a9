"""What becomes of a kept decision when it is taken again."""

from dataclasses import replace
from pathlib import Path

import pytest

from maild.app.configuration import Configuration, load_configuration
from maild.app.replay import Fate, Replay, as_decided, by_rules
from maild.app.shipped import lay_out_config
from maild.app.stored_sets import by_kind
from maild.model.case import CaseId
from maild.model.decision import DecisionRecord
from maild.model.facts import Joining, MailArrived, Routing
from maild.model.people import Assign, AssignMode
from maild.model.rule import Action, Operator, Rule, RuleInput, Test
from maild.rules.match import compile_rules
from maild.settings import load_settings
from tests.unit.core.builders import NOW, ROUTING, an_arrival

JOINED = Joining(case_id=CaseId("case-1"), join=None, reason="", verified=True)


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    lay_out_config(tmp_path / "config")
    settings = load_settings(tmp_path / "config" / "maild.toml", {"MAILD_SERVICE_PASSWORD": "x"})
    return load_configuration(settings)


def record(fact: MailArrived, case_id: str | None = "case-1", **seen: str) -> DecisionRecord:
    fields = tuple((name, (value,)) for name, value in seen.items())
    return DecisionRecord(
        id=fact.message_key,
        message_key=fact.message_key,
        case_id=CaseId(case_id) if case_id else None,
        config_hash="c" * 64,
        fact=fact,
        rule_input=RuleInput(fields=fields),
        reason="",
        decided_at=NOW,
    )


def kept(configuration: Configuration) -> Replay:
    return Replay(configuration, as_decided(lambda _: by_kind(configuration.playbooks)))


def ruled(configuration: Configuration, *rules: Rule) -> Replay:
    changed = replace(configuration, ruleset=compile_rules(rules))
    return Replay(changed, by_rules(changed))


def rule(field: str, value: str, then: Action) -> Rule:
    when = Test(field=field, operator=Operator.IS, values=(value,))
    return Rule(name=f"{field} {value}", place="rules/x.yaml:2", when=when, then=then)


@pytest.mark.parametrize(
    ("routing", "fate"),
    [
        pytest.param({"opens_case": False}, Fate.ARCHIVED, id="archived"),
        pytest.param({"opens_case": False, "spam": True}, Fate.SPAM, id="spam"),
        pytest.param({"opens_case": False, "review": True, "case_kind": ""}, Fate.REVIEW, id="review"),
        pytest.param({}, Fate.OPENED, id="opened"),
    ],
)
def test_what_becomes_of_a_message_without_a_case(
    configuration: Configuration, routing: dict[str, object], fate: Fate
) -> None:
    decided: Routing = replace(ROUTING, **routing)  # type: ignore[arg-type]  # fields by name
    fact = an_arrival(routing=decided)
    assert kept(configuration).outcome(record(fact), fact).fate is fate


@pytest.mark.parametrize(
    ("mode", "people", "told"),
    [
        pytest.param(AssignMode.FIXED, ("li@example.com",), "li@example.com", id="fixed"),
        pytest.param(AssignMode.BY_LOAD, ("a@x", "b@x"), "by_load: a@x, b@x", id="by load"),
    ],
)
def test_the_owner_is_told_as_the_rule_has_it(
    configuration: Configuration, mode: AssignMode, people: tuple[str, ...], told: str
) -> None:
    fact = an_arrival(routing=replace(ROUTING, assign=Assign(mode=mode, people=people)))
    assert kept(configuration).outcome(record(fact), fact).owner == told


def test_a_kind_that_nobody_runs_any_more_has_no_stage(configuration: Configuration) -> None:
    fact = an_arrival(routing=replace(ROUTING, case_kind="bygone"))
    outcome = kept(configuration).outcome(record(fact), fact)
    assert (outcome.kind, outcome.stage, outcome.templates) == ("bygone", "", ())


def test_rules_about_cases_settle_mail_that_joins(configuration: Configuration) -> None:
    urgent = rule("case_kind", "complaint", Action(priority="urgent"))
    complaint = rule("subject", "坏了", Action(case_kind="complaint"))
    side = ruled(configuration, urgent, complaint)
    first = an_arrival()
    opened = side.outcome(record(first, subject="坏了", has_case="false"), first)
    assert (opened.kind, opened.priority) == ("complaint", "normal")
    answer = an_arrival(message_key="key-2", joining=JOINED)
    joined = side.outcome(record(answer, subject="坏了", has_case="true", case_kind="request"), answer)
    assert (joined.fate, joined.kind, joined.priority) == (Fate.JOINED, "complaint", "urgent")
    assert joined.rules == ("subject 坏了 (rules/x.yaml:2)", "case_kind complaint (rules/x.yaml:2)")
    another = an_arrival(message_key="key-3", joining=JOINED)
    assert side.outcome(record(another, has_case="true", case_kind="request"), another) == joined


def test_an_answer_to_a_case_that_is_not_opened_is_seen_without_one(configuration: Configuration) -> None:
    side = ruled(configuration, rule("subject", "一", Action(archive_only=True)))
    first = an_arrival()
    assert side.outcome(record(first, subject="一", has_case="false"), first).fate is Fate.ARCHIVED
    answer = an_arrival(message_key="key-2", joining=JOINED)
    seen = record(answer, subject="二", has_case="true", case_kind="request", case_stage="open")
    outcome = side.outcome(seen, answer)
    assert (outcome.fate, outcome.kind, outcome.priority) == (Fate.OPENED, "request", "normal")


def test_a_case_from_before_is_the_same_on_both_sides(configuration: Configuration) -> None:
    answer = an_arrival(joining=JOINED)
    seen = record(answer, subject="二", has_case="true", case_kind="request")
    sides = kept(configuration), ruled(configuration)
    assert sides[0].outcome(seen, answer) == sides[1].outcome(seen, answer)
