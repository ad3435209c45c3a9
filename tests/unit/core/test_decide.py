"""Whether and what is answered, and who may cause it."""

from dataclasses import replace

import pytest

from maild.core.decide import decide, waits_for_review
from maild.core.evolve import evolve
from maild.model.case import CaseId, Direction, JoinReason
from maild.model.delivery import RecipientState
from maild.model.events import (
    CaseCorrected,
    CaseOpened,
    CorrectedField,
    MailDecided,
    MailSettled,
    MessageJoined,
    StageMoved,
)
from maild.model.facts import DeliverySettled, Joining, MailArrived, OpeningAsked, Reuse, Routing
from maild.model.happening import Happening, Occurrence
from maild.model.mail import Address, MessageId
from maild.model.people import ReusedMail
from maild.model.playbook import Guard, Reaction
from maild.model.world import World
from tests.unit.core.builders import (
    ACKNOWLEDGE,
    COMPANY,
    LI,
    MACHINE,
    NOW,
    ON_JOINED,
    ON_OPENED,
    PLAYBOOK,
    ROUTING,
    UNTIED,
    WORLD,
    a_case,
    an_arrival,
)

JOINING = Joining(case_id=CaseId("case-1"), join=JoinReason.THREAD, reason="refers to <m0>", verified=True)


def playing(*reactions: Reaction) -> World:
    return replace(WORLD, playbook=replace(PLAYBOOK, reactions=reactions))


def test_first_message_opens_a_case_and_is_acknowledged() -> None:
    decision = decide(None, an_arrival(), WORLD, NOW)
    opened, joined, decided = decision.events
    assert isinstance(opened, CaseOpened)
    assert (opened.number, opened.stage, opened.contact) == ("C-2026-00007", "open", LI)
    assert isinstance(joined, MessageJoined)
    assert (joined.join, joined.verified) == (JoinReason.OPENED, True)
    assert joined.participants == ("li@customer.example", "wang@customer.example")
    (mail,) = decision.effects
    assert (mail.template, mail.language, mail.recipient) == ("acknowledgement", "zh", LI)
    assert (mail.in_reply_to, mail.references) == (
        MessageId("m1@customer.example"),
        (MessageId("m0@customer.example"),),
    )
    assert isinstance(decided, MailDecided)
    assert decided.effect_key == mail.key
    assert "opens C-2026-00007" in decision.reason
    assert "sends acknowledgement to Li@Customer.example" in decision.reason


def test_a_person_opens_a_case_as_a_rule_would() -> None:
    waits = Routing(opens_case=False, case_kind="", priority="high", reason="no rule matched", review=True)
    asked = OpeningAsked(arrived=an_arrival(routing=waits), case_kind="request", by="shell")
    decision = decide(None, asked, WORLD, NOW)
    assert [event.kind for event in decision.events] == [
        "case_opened",
        "message_joined",
        "mail_decided",
        "case_corrected",
    ]
    opened, said = decision.events[0], decision.events[-1]
    assert isinstance(opened, CaseOpened)
    assert (opened.case_kind, opened.priority) == ("request", "high")
    assert said == CaseCorrected(field=CorrectedField.KIND, old="review", new="request", by="shell")
    assert [effect.template for effect in decision.effects] == ["acknowledgement"]
    assert decision.reason.startswith("opens C-2026-00007 (shell says so); sends acknowledgement")


def test_a_machine_is_not_answered_because_a_person_opened_its_case() -> None:
    asked = OpeningAsked(arrived=an_arrival(automatic=MACHINE), case_kind="request", by="shell")
    assert decide(None, asked, WORLD, NOW).effects == ()


def test_the_same_fact_decides_the_same_effect_key() -> None:
    first = decide(None, an_arrival(), WORLD, NOW).effects
    second = decide(None, an_arrival(), WORLD, NOW).effects
    other = decide(None, an_arrival(message_key="key-2"), WORLD, NOW).effects
    assert first == second
    assert first[0].key != other[0].key


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"automatic": MACHINE}, "a machine wrote it (Auto-Submitted", id="machine"),
        pytest.param({"author": Address(address="x@EXAMPLE.com")}, "a colleague wrote it", id="staff"),
        pytest.param(
            {"reply_address": Address(address="Kefu@example.com")},
            "Kefu@example.com is one of our own mailboxes",
            id="loop",
        ),
        pytest.param({"reply_address": None}, "there is no address to answer", id="no-address"),
        pytest.param({"reply_address": Address(address="x")}, "there is no address", id="no-domain"),
    ],
)
def test_a_case_opens_without_answer(changes: dict[str, object], why: str) -> None:
    decision = decide(None, an_arrival(**changes), WORLD, NOW)
    assert decision.effects == ()
    assert isinstance(decision.events[0], CaseOpened)
    assert f"no acknowledgement: {why}" in decision.reason


@pytest.mark.parametrize("trigger", [ON_OPENED, ON_JOINED])
def test_no_playbook_makes_a_machine_be_answered(trigger: Happening) -> None:
    careless = playing(Reaction(on=(trigger,), unless=(), send="thanks", move_to=None, place="p:1"))
    case = a_case() if trigger is ON_JOINED else None
    decision = decide(case, an_arrival(automatic=MACHINE, joining=JOINING), careless, NOW)
    assert decision.effects == ()
    assert "no thanks: a machine wrote it" in decision.reason


def test_our_own_mailbox_is_not_answered_even_where_it_is_no_staff_domain() -> None:
    world = replace(WORLD, company=replace(COMPANY, staff_domains=frozenset()))
    fact = an_arrival(author=Address(address="KEFU@example.com"))
    decision = decide(None, fact, world, NOW)
    assert "it came from one of our own mailboxes" in decision.reason
    assert decision.effects == ()


def test_a_storm_is_cut() -> None:
    decision = decide(None, an_arrival(), replace(WORLD, answers_lately=20), NOW)
    assert decision.effects == ()
    assert "got 20 automatic mails within a day" in decision.reason


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        pytest.param(an_arrival(direction=Direction.OUTGOING), "we sent it", id="sent"),
        pytest.param(an_arrival(duplicate_id=True), "had this Message-ID before", id="duplicate"),
        pytest.param(
            an_arrival(routing=replace(ROUTING, opens_case=False, reason="rule `newsletters`")),
            "rule `newsletters`",
            id="rule",
        ),
    ],
)
def test_archived_without_a_case(fact: MailArrived, why: str) -> None:
    decision = decide(None, fact, WORLD, NOW)
    assert (decision.events, decision.effects) == ((), ())
    assert decision.reason.startswith("archived without a case: ")
    assert why in decision.reason


def test_a_joined_message_is_not_acknowledged() -> None:
    decision = decide(a_case(), an_arrival(joining=JOINING), WORLD, NOW)
    (joined,) = decision.events
    assert isinstance(joined, MessageJoined)
    assert (joined.join, joined.reason, joined.verified) == (JoinReason.THREAD, "refers to <m0>", True)
    assert decision.effects == ()
    assert decision.reason == "joins C-2026-00007: refers to <m0>; nothing to send"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"direction": Direction.OUTGOING}, "sent by us", id="sent"),
        pytest.param({"duplicate_id": True}, "had this Message-ID before", id="duplicate"),
        pytest.param({"joining": replace(JOINING, verified=False)}, "unverified", id="stranger"),
    ],
)
def test_what_causes_nothing_when_it_joins(changes: dict[str, object], why: str) -> None:
    react_to_all = Reaction(on=(ON_JOINED,), unless=(), send="progress", move_to="answered", place="p:1")
    fact = replace(an_arrival(joining=JOINING), **changes)  # type: ignore[arg-type]  # fields by name
    decision = decide(a_case(), fact, playing(react_to_all), NOW)
    assert [type(event) for event in decision.events] == [MessageJoined]
    assert decision.effects == ()
    assert why in decision.reason


def test_a_stranger_brings_nobody_into_the_case() -> None:
    fact = an_arrival(joining=replace(JOINING, verified=False))
    (joined,) = decide(a_case(), fact, WORLD, NOW).events
    assert isinstance(joined, MessageJoined)
    assert joined.participants == ()


def test_reactions_come_in_the_order_of_the_file() -> None:
    closing = Reaction(on=(ON_JOINED,), unless=(), send=None, move_to="closed", place="p:1")
    answer = Reaction(on=(ON_JOINED,), unless=(), send="thanks", move_to="answered", place="p:2")
    skipped = Reaction(on=(ON_JOINED,), unless=(Guard.STAFF,), send=None, move_to="open", place="p:3")
    fact = an_arrival(joining=JOINING, author=Address(address="wang@example.com"))
    decision = decide(a_case(), fact, playing(closing, answer, skipped), NOW)
    assert decision.events[1:3] == (
        StageMoved(stage="closed", reason="message_joined (p:1)", closed=True),
        StageMoved(stage="answered", reason="message_joined (p:2)", closed=False),
    )
    assert [mail.template for mail in decision.effects] == ["thanks"]
    assert decision.reason.endswith(
        "moves to closed, moves to answered, sends thanks to Li@Customer.example, "
        "no open: a colleague wrote it"
    )


def test_a_copy_to_ourselves_that_comes_back_sets_nothing_off() -> None:
    react = replace(ACKNOWLEDGE, on=(Happening(Occurrence.REFUSED, "reply"),), send="sorry")
    fact = DeliverySettled(
        effect_key="k",
        recipient="Kefu@example.com",
        state=RecipientState.REFUSED,
        detail="550",
        template="reply",
    )
    decision = decide(a_case(), fact, playing(react), NOW)
    assert ([event.kind for event in decision.events], decision.effects) == (["mail_settled"], ())
    outside = decide(a_case(), replace(fact, recipient="li@customer.example"), playing(react), NOW)
    assert [mail.template for mail in outside.effects] == ["sorry"]


def test_a_settled_delivery_is_an_event_of_its_case() -> None:
    fact = DeliverySettled(
        effect_key="k", recipient="li@customer.example", state=RecipientState.REFUSED, detail="550 no"
    )
    (event,) = decide(a_case(), fact, WORLD, NOW).events
    assert event == MailSettled(
        effect_key="k", recipient="li@customer.example", state=RecipientState.REFUSED, detail="550 no"
    )
    assert evolve(a_case(), event, NOW).trouble == "li@customer.example: refused: 550 no"
    with pytest.raises(ValueError, match="concerns a case"):
        decide(None, fact, WORLD, NOW)


def test_the_contact_of_mail_without_author_is_empty() -> None:
    decision = decide(None, an_arrival(author=None, reply_address=None), WORLD, NOW)
    opened = decision.events[0]
    assert isinstance(opened, CaseOpened)
    assert opened.contact.address == ""
    assert evolve(None, opened, NOW).participants == frozenset()


def test_the_mailbox_language_stands_in_for_an_unknown_one() -> None:
    decision = decide(None, an_arrival(language=""), WORLD, NOW)
    assert decision.effects[0].language == "zh"


@pytest.mark.parametrize("handling", [ReusedMail.SPLIT, ReusedMail.REVIEW])
def test_an_old_mail_reused_for_a_new_matter(handling: ReusedMail) -> None:
    joining = replace(UNTIED, reason="why", reuse=Reuse(case_number="C-2026-00001", handling=handling))
    fact = an_arrival(joining=joining)
    decision = decide(None, fact, WORLD, NOW)
    opens = handling is ReusedMail.SPLIT
    assert waits_for_review(None, fact) is not opens
    assert bool(decision.events) is opens
    told = (
        "opens C-2026-00007 (rule `default`): why; sends"
        if opens
        else "without a case: why; a person decides"
    )
    assert told in decision.reason


def test_what_rules_keep_out_of_cases_waits_for_nobody() -> None:
    reuse = Reuse(case_number="C-2026-00001", handling=ReusedMail.REVIEW)
    spam = an_arrival(joining=replace(UNTIED, reuse=reuse), routing=replace(ROUTING, opens_case=False))
    assert not waits_for_review(None, spam)
