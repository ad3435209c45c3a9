"""Messages that go from one case to another."""

from dataclasses import replace

import pytest

from maild.core.decide import decide
from maild.core.evolve import evolve
from maild.core.transfer import same_party
from maild.model.case import Case, CaseId
from maild.model.events import CaseOpened, MergeUndone
from maild.model.facts import Fact, MessagesBrought, MessagesTaken, SplitAsked
from maild.model.mail import Address
from tests.unit.core.builders import COMPANY, LI, NOW, WORLD, a_case

HAN = Address(address="han@customer.example")
TAKEN = MessagesTaken(
    message_keys=("a", "b"), to_case=CaseId("case-2"), to_number="C-2026-00008", whole=False, reason="误并"
)
BROUGHT = MessagesBrought(
    message_keys=("a", "b"),
    from_case=CaseId("case-2"),
    from_number="C-2026-00008",
    participants=(HAN.key,),
    whole=False,
    undoes_merge=False,
    reason="误并",
)
SPLIT = SplitAsked(
    subject="新的事",
    base_subject="新的事",
    contact=HAN,
    language="zh",
    case_kind="request",
    priority="high",
    reason="另一件事",
)


def after(case: Case | None, fact: Fact) -> Case:
    decision = decide(case, fact, WORLD, NOW)
    assert decision.effects == ()
    for event in decision.events:
        case = evolve(case, event, NOW)
    assert case is not None
    assert case.number in decision.reason
    assert fact.kind not in {"messages_taken", "messages_brought"} or "误并" in decision.reason
    return case


def test_messages_that_leave_are_counted_off() -> None:
    case = after(a_case(message_count=5), TAKEN)
    assert (case.message_count, case.merged_into) == (3, None)


def test_a_case_that_merges_says_where_it_went() -> None:
    case = after(a_case(message_count=2), replace(TAKEN, whole=True))
    assert (case.message_count, case.merged_into) == (0, "case-2")


def test_messages_that_come_bring_their_people() -> None:
    case = after(a_case(message_count=1), BROUGHT)
    assert case.message_count == 3
    assert case.participants == {LI.key, HAN.key}


def test_a_merge_that_is_undone_lets_the_case_stand_again() -> None:
    merged = a_case(merged_into=CaseId("case-2"), message_count=0)
    fact = replace(BROUGHT, undoes_merge=True)
    assert isinstance(decide(merged, fact, WORLD, NOW).events[0], MergeUndone)
    case = after(merged, fact)
    assert (case.merged_into, case.message_count) == (None, 2)


def test_a_split_opens_a_case_and_tells_nobody() -> None:
    decision = decide(None, SPLIT, WORLD, NOW)
    (opened,) = decision.events
    assert isinstance(opened, CaseOpened)
    assert (opened.subject, opened.contact, opened.priority, opened.stage) == ("新的事", HAN, "high", "open")
    assert after(None, SPLIT).number == "C-2026-00007"


def test_a_secret_goes_with_its_messages() -> None:
    assert after(None, replace(SPLIT, confidential=True)).traits.confidential
    secret = replace(BROUGHT, confidential=True)
    case = after(a_case(), secret)
    assert case.traits.confidential
    assert [event.kind for event in decide(case, secret, WORLD, NOW).events] == ["messages_came"]


@pytest.mark.parametrize("fact", [pytest.param(TAKEN, id="taken"), pytest.param(BROUGHT, id="brought")])
def test_a_transfer_concerns_a_case(fact: Fact) -> None:
    with pytest.raises(ValueError, match=f"{fact.kind} concerns a case"):
        decide(None, fact, WORLD, NOW)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(a_case(), a_case(contact=HAN, participants=frozenset({HAN.key})), True, id="company"),
        pytest.param(
            a_case(contact=Address(address="1@qq.com"), participants=frozenset({"1@qq.com"})),
            a_case(contact=Address(address="2@qq.com"), participants=frozenset({"2@qq.com"})),
            False,
            id="shared-domain",
        ),
        pytest.param(
            a_case(contact=Address(address="1@qq.com"), participants=frozenset({"1@qq.com"})),
            a_case(contact=Address(address="1@qq.com"), participants=frozenset({"1@qq.com"})),
            True,
            id="same-person",
        ),
        pytest.param(
            a_case(contact=Address(address=""), participants=frozenset()),
            a_case(contact=Address(address=""), participants=frozenset()),
            False,
            id="nobody",
        ),
    ],
)
def test_same_party(one: Case, other: Case, *, expected: bool) -> None:
    assert same_party(one, other, COMPANY) is expected
