"""Decisions are kept with what was known, and read again in order, in batches."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from maild.model.case import CaseId, CaseTraits, Direction, JoinReason
from maild.model.decision import CaseNow, DecisionRecord
from maild.model.facts import RuleVerdict
from maild.model.rule import RuleInput
from maild.store import cases, decisions
from maild.store.engine import Store
from tests.store.samples import NOW, put_case, put_message
from tests.unit.core.builders import an_arrival


def _record(number: int) -> DecisionRecord:
    return DecisionRecord(
        id=f"id-{number:04}",
        message_key=f"m{number}",
        case_id=None,
        config_hash="c" * 64,
        fact=an_arrival(message_key=f"m{number}"),
        rule_input=RuleInput(fields=(("subject", ("报价",)),)),
        reason="因为",
        trace=(RuleVerdict(rule="quotations", place="rules/a.yaml:3", matched=True, stopped=False),),
        decided_at=NOW + timedelta(hours=number),
    )


def _add(conn: Connection, *numbers: int) -> None:
    for number in numbers:
        put_message(conn, f"m{number}")
        decisions.add(conn, _record(number))


def _join(conn: Connection, case_id: str, key: str) -> None:
    cases.add_message(
        conn,
        CaseId(case_id),
        key,
        direction=Direction.INCOMING,
        join=JoinReason.OPENED,
        reason="",
        verified=True,
        at=NOW,
    )


def test_a_decision_is_read_as_it_was_kept(store: Store) -> None:
    store.write(lambda conn: _add(conn, 1))
    (kept,) = store.read(lambda conn: tuple(decisions.kept(conn)))
    assert (kept.record, kept.case) == (_record(1), None)


def test_each_comes_with_the_case_that_holds_its_message_now(store: Store) -> None:
    def fill(conn: Connection) -> None:
        put_case(conn, "case-1")
        traits = CaseTraits(owner="li@example.com", department="sales")
        put_case(conn, "case-2", kind="request", priority="high", traits=traits)
        _add(conn, 1)
        _join(conn, "case-2", "m1")

    store.write(fill)
    (kept,) = store.read(lambda conn: tuple(decisions.kept(conn)))
    now = CaseNow(
        id=CaseId("case-2"),
        number="KF-2026-00002",
        kind="request",
        priority="high",
        owner="li@example.com",
        department="sales",
    )
    assert kept.case == now


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_batches_leave_nothing_out(store: Store, batch: int) -> None:
    store.write(lambda conn: _add(conn, 3, 1, 2, 5, 4))
    kept = store.read(lambda conn: tuple(decisions.kept(conn, batch=batch)))
    assert [one.record.message_key for one in kept] == ["m1", "m2", "m3", "m4", "m5"]


def test_since_an_instant(store: Store) -> None:
    store.write(lambda conn: _add(conn, 1, 2, 3))
    since = NOW + timedelta(hours=2)
    kept = store.read(lambda conn: tuple(decisions.kept(conn, since)))
    assert [one.record.message_key for one in kept] == ["m2", "m3"]
    assert store.read(lambda conn: decisions.count(conn, since)) == 2
    assert store.read(decisions.count) == 3


def test_a_decision_on_no_message_is_not_among_them(store: Store) -> None:
    store.write(lambda conn: decisions.add(conn, replace(_record(1), message_key=None)))
    assert store.read(lambda conn: tuple(decisions.kept(conn))) == ()
    assert store.read(decisions.count) == 0


def test_messages_without_a_decision_are_counted(store: Store) -> None:
    def fill(conn: Connection) -> None:
        _add(conn, 1)
        put_message(conn, "imported")
        put_message(conn, "sent", direction=Direction.OUTGOING)

    store.write(fill)
    assert store.read(decisions.count_undecided) == 1
