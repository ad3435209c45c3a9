"""A colleague's answer to a mail that was made for him: whose it is, and where it goes."""

from dataclasses import replace

import pytest

from maild.core.answering import answers_as_colleague, doubt_about
from maild.core.decide import decide
from maild.core.joining import Evidence, TokenEvidence
from maild.model.case import Case, CaseId, JoinReason
from maild.model.commands import Instructions
from maild.model.effects import Decision, Voice
from maild.model.events import MailDecided
from maild.model.facts import ColleagueAnswer, Joining
from maild.model.mail import Address, AuthenticationResult
from maild.model.people import Person, Staff
from tests.unit.core.builders import COMPANY, LI, MACHINE, MAILBOX, NOW, WORLD, a_case, a_message, an_arrival
from tests.unit.core.flows import STAFF

WANG = Address(name="王芳", address="Wang@example.com")
FREELANCER = Address(address="f@home.example")
FREELANCERS = Staff(people=(Person(name="F", address="f@home.example", department="a", place="p:1"),))
PASSED = AuthenticationResult(
    authserv_id="mx.example.com", method="dmarc", result="pass", domain="example.com"
)
GUARDED = replace(MAILBOX, authserv_id="mx.example.com")


def evidence(author: Address | None, made_for_author: bool | None = True) -> Evidence:
    token = None if made_for_author is None else TokenEvidence(case=a_case(), made_for_author=made_for_author)
    return Evidence(author=author, is_reply=True, token=token)


@pytest.mark.parametrize(
    ("given", "changes", "staff"),
    [
        pytest.param(evidence(LI), {}, Staff(), id="a customer"),
        pytest.param(evidence(None), {}, Staff(), id="nobody"),
        pytest.param(evidence(WANG, None), {}, Staff(), id="no token"),
        pytest.param(evidence(WANG, made_for_author=False), {}, Staff(), id="somebody else's token"),
        pytest.param(evidence(WANG), {"automatic": MACHINE}, Staff(), id="out of office"),
        pytest.param(evidence(FREELANCER), {}, Staff(), id="not in people.yaml"),
    ],
)
def test_what_is_no_answer(given: Evidence, changes: dict[str, object], staff: Staff) -> None:
    message = a_message(from_=(WANG,), new_text="x", **changes)
    assert not answers_as_colleague(message, given, COMPANY, staff)


def test_an_answer() -> None:
    assert answers_as_colleague(a_message(from_=(WANG,)), evidence(WANG), COMPANY, Staff())
    ours = a_message(from_=(FREELANCER,))
    assert answers_as_colleague(ours, evidence(FREELANCER), COMPANY, FREELANCERS)


def test_our_server_must_vouch_for_him_where_it_says_anything() -> None:
    forged = a_message(from_=(WANG,), new_text="x")
    assert doubt_about(forged, MAILBOX) == ""
    assert doubt_about(forged, GUARDED) == "mx.example.com does not vouch for Wang@example.com"
    assert doubt_about(a_message(from_=()), GUARDED) == "mx.example.com does not vouch for nobody"
    assert doubt_about(replace(forged, authentication=(PASSED,)), GUARDED) == ""


TOLD = replace(WORLD, staff=STAFF)
JOINING = Joining(case_id=CaseId("case-1"), join=JoinReason.TOKEN, reason="token", verified=True)
ANSWERED = an_arrival(author=Address(address="wang@example.com"), joining=JOINING)


def said(text: str) -> ColleagueAnswer:
    return ColleagueAnswer(by="wang@example.com", instructions=Instructions(text=text))


def answered(answer: ColleagueAnswer, case: Case | None = None) -> Decision:
    return decide(case or a_case(), replace(ANSWERED, answer=answer), TOLD, NOW)


def test_it_goes_to_the_contact_as_a_person_wrote_it() -> None:
    decision = answered(said("明天到。"))
    (mail,) = decision.effects
    assert (mail.template, mail.recipient, mail.voice) == ("reply", LI, Voice.PERSON)
    assert (mail.answered_at, mail.about, mail.in_reply_to) == (NOW, "key-1", None)
    assert dict(mail.values) == {"text": "明天到。"}
    (_, decided) = decision.events
    assert isinstance(decided, MailDecided)
    assert decided.answered_at == NOW


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        pytest.param(said(""), "没有正文", id="empty"),
        pytest.param(replace(said("x"), doubt="not vouched for"), "not vouched for", id="doubt"),
    ],
)
def test_what_cannot_go_is_told_to_the_colleague(answer: ColleagueAnswer, mistake: str) -> None:
    (mail,) = answered(answer).effects
    assert (mail.template, mail.recipient.address, mail.voice) == (
        "not_sent",
        "wang@example.com",
        Voice.NOTICE,
    )
    assert dict(mail.values)["mistake"] == mistake
    assert mail.answered_at is None


def test_nobody_to_answer() -> None:
    nobody = a_case(contact=Address(address=""))
    decision = answered(said("x"), nobody)
    assert decision.effects == ()
    assert decision.reason.endswith("no reply: the case has no address to answer")


def test_an_answer_is_no_message_of_the_case_for_the_playbook_and_settles_nothing() -> None:
    routing = replace(ANSWERED.routing, on_case=True, priority="urgent")
    fact = replace(ANSWERED, routing=routing, answer=said("明天到。"))
    decision = decide(a_case(), fact, TOLD, NOW)
    assert [event.kind for event in decision.events] == ["message_joined", "mail_decided"]
    assert decision.reason == "joins C-2026-00007: token; sends reply to Li@Customer.example"
