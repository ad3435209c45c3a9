"""Decisions, queued facts, configuration sets, processes."""

from datetime import timedelta

import pytest

from maild.errors import NotFound
from maild.model.case import Direction
from maild.model.decision import DecisionRecord, QueuedFact
from maild.model.delivery import RecipientState
from maild.model.facts import DeliverySettled, Joining, MailArrived, Routing, RuleVerdict, TestVerdict
from maild.model.intake import LedgerState
from maild.model.mail import Automatic, AutomaticKind, MessageId
from maild.model.rule import RuleInput
from maild.store import config_sets, decisions, facts, processes
from maild.store.engine import Store
from tests.store.samples import ANNA, HOUR, NOW, numbered, put_case, put_message

TRACE = (
    RuleVerdict(
        rule="complaints",
        place="rules/a.yaml:3",
        matched=True,
        stopped=False,
        tests=(
            TestVerdict(
                field="subject", test="contains", expected="投诉", value="投\x00诉\ud83d", passed=True
            ),
        ),
    ),
)
ARRIVED = MailArrived(
    message_key="m1",
    message_id=MessageId("m1@x"),
    references=(MessageId("a@x"), MessageId("b@x")),
    direction=Direction.INCOMING,
    author=ANNA,
    reply_address=None,
    recipients=(ANNA,),
    subject="投诉",
    base_subject="投诉",
    language="zh",
    automatic=Automatic(kind=AutomaticKind.LIST, reason="List-Id"),
    mailbox="service",
    received_at=NOW,
    joining=Joining(case_id=None, join=None, reason="nothing leads to a case", verified=False),
    routing=Routing(opens_case=True, case_kind="complaint", priority="high", reason="rule"),
    duplicate_id=False,
)
SETTLED = DeliverySettled(effect_key="k", recipient="a@x", state=RecipientState.REFUSED, detail="用户不存在")


def test_a_decision_reads_as_it_was_kept(store: Store) -> None:
    store.write(lambda conn: put_message(conn, "m1"))
    case = store.write(put_case)
    first = DecisionRecord(
        id="d1",
        message_key="m1",
        case_id=case.id,
        config_hash="c" * 64,
        fact=ARRIVED,
        rule_input=RuleInput(fields=(("subject", ("投诉",)), ("text", ("好" * 10_000, "")))),
        reason="a new case",
        trace=(),
        decided_at=NOW,
    )
    second = DecisionRecord(
        id="d0",
        message_key=None,
        case_id=case.id,
        config_hash="c" * 64,
        fact=SETTLED,
        rule_input=None,
        reason="",
        decided_at=NOW + HOUR,
    )
    for record in (second, first):
        store.write(lambda conn: decisions.add(conn, record))  # noqa: B023 -- runs within the iteration
    assert store.read(lambda conn: decisions.of_message(conn, "m1")) == (first,)
    assert store.read(lambda conn: decisions.of_case(conn, case.id)) == (first, second)


def test_a_decision_with_text_that_no_encoding_has(store: Store) -> None:
    store.write(lambda conn: put_message(conn, "m1"))
    record = DecisionRecord(
        id="d1",
        message_key="m1",
        case_id=None,
        config_hash="",
        fact=None,
        rule_input=None,
        reason="",
        trace=TRACE,
        decided_at=NOW,
    )
    store.write(lambda conn: decisions.add(conn, record))
    (found,) = store.read(lambda conn: decisions.of_message(conn, "m1"))
    assert found.case_id is None
    assert found.trace[0].tests[0].value == "投\x00诉\ufffd"


def test_facts_wait_in_order_until_they_are_decided_on(store: Store) -> None:
    case = store.write(put_case)
    new_id = numbered()
    for fact in (SETTLED, ARRIVED):
        store.write(lambda conn: facts.queue(conn, case.id, fact, NOW, new_id))  # noqa: B023 -- runs within the iteration
    first, second = store.read(lambda conn: facts.pending(conn, 10, NOW))
    assert first == QueuedFact(
        id="id-0001", case_id=case.id, fact=SETTLED, attempts=0, error="", queued_at=NOW
    )
    assert second.fact == ARRIVED
    assert store.write(lambda conn: facts.lock(conn, "id-0001")) == first
    store.write(lambda conn: facts.done(conn, "id-0001", NOW))
    assert store.write(lambda conn: facts.lock(conn, "id-0001")) is None
    assert store.read(lambda conn: facts.pending(conn, 10, NOW)) == (second,)


def test_a_fact_that_fails_waits_and_is_quarantined(store: Store) -> None:
    case = store.write(put_case)
    store.write(lambda conn: facts.queue(conn, case.id, SETTLED, NOW, numbered()))

    def fail() -> LedgerState:
        return store.write(lambda conn: facts.failed(conn, "id-0001", "bad", now=NOW, retry_at=NOW + HOUR))

    assert fail() is LedgerState.NEW
    assert store.read(lambda conn: facts.pending(conn, 10, NOW)) == ()
    (waiting,) = store.read(lambda conn: facts.pending(conn, 10, NOW + HOUR))
    assert (waiting.attempts, waiting.error) == (1, "bad")
    assert [fail(), fail()] == [LedgerState.NEW, LedgerState.QUARANTINED]
    assert store.read(lambda conn: facts.pending(conn, 10, NOW + HOUR)) == ()
    with pytest.raises(NotFound):
        store.write(lambda conn: facts.failed(conn, "gone", "", now=NOW, retry_at=NOW))


def test_a_configuration_set_is_kept_by_its_hash(store: Store) -> None:
    store.write(lambda conn: config_sets.put(conn, "h1", b"first", NOW))
    store.write(lambda conn: config_sets.put(conn, "h1", b"second", NOW))
    assert store.read(lambda conn: config_sets.get(conn, "h1")) == b"first"
    with pytest.raises(NotFound, match="h2"):
        store.read(lambda conn: config_sets.get(conn, "h2"))


def test_processes_are_alive_while_they_beat(store: Store) -> None:
    for owner, at in (("p1", NOW - HOUR), ("p2", NOW), ("p1", NOW), ("p3", NOW - HOUR)):
        store.write(lambda conn: processes.beat(conn, owner, at))  # noqa: B023 -- runs within the iteration
    since = NOW - timedelta(minutes=5)
    assert store.read(lambda conn: processes.alive(conn, since)) == {"p1", "p2"}
    store.write(lambda conn: processes.leave(conn, "p1"))
    assert store.read(lambda conn: processes.alive(conn, since)) == {"p2"}
