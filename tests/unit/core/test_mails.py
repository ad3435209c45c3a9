"""The mails that a playbook asks for: to whom, in which language and voice, under which key."""

from dataclasses import replace

import pytest

from maild.core.mails import Cause, Order, guarded, mails_for, unsendable
from maild.model.case import CaseTraits
from maild.model.effects import Voice
from maild.model.mail import Address, MessageId
from maild.model.playbook import Guard, Role
from tests.unit.core.builders import LI, MACHINE, NOW, WORLD, a_case, an_arrival
from tests.unit.core.flows import STAFF

TOLD = replace(WORLD, staff=STAFF)
MAIL = Cause(key="key-1", mail=an_arrival())
BY_WANG = Cause(key="k", mail=an_arrival(author=Address(address="wang@example.com")))
CLOCK = Cause(key="first_response/1/due")
CASE = a_case(traits=CaseTraits(department="service"))


def order(to: Role, **given: object) -> Order:
    plain = Order(template="note", to=to, ordinal=2, reason="r")
    return replace(plain, **given)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("to", "cause", "address", "language", "voice"),
    [
        pytest.param(Role.CONTACT, MAIL, "Li@Customer.example", "zh", Voice.ANSWER, id="who wrote"),
        pytest.param(Role.CONTACT, CLOCK, "Li@Customer.example", "zh", Voice.NOTICE, id="the contact"),
        pytest.param(Role.OWNER, MAIL, "wang@example.com", "zh", Voice.NOTICE, id="the mailbox's language"),
        pytest.param(Role.HEAD, CLOCK, "chen@example.com", "en", Voice.NOTICE, id="his own language"),
        pytest.param(Role.AUTHOR, BY_WANG, "wang@example.com", "zh", Voice.NOTICE, id="author"),
    ],
)
def test_to_whom(to: Role, cause: Cause, address: str, language: str, voice: Voice) -> None:
    (mail,) = mails_for(order(to), CASE, cause, TOLD, NOW)
    assert (mail.recipient.address, mail.language, mail.voice) == (address, language, voice)
    answers = cause.mail is not None
    assert (mail.in_reply_to, mail.references) == (
        (MessageId("m1@customer.example"), (MessageId("m0@customer.example"),)) if answers else (None, ())
    )


def test_a_colleague_is_told_of_the_message_and_may_be_told_of_another() -> None:
    (told,) = mails_for(order(Role.OWNER), CASE, MAIL, TOLD, NOW)
    (other,) = mails_for(order(Role.OWNER, about="key-9"), CASE, MAIL, TOLD, NOW)
    (clock,) = mails_for(order(Role.OWNER), CASE, CLOCK, TOLD, NOW)
    assert (told.about, other.about, clock.about) == ("key-1", "key-9", "")


def test_an_author_who_is_not_known() -> None:
    assert mails_for(order(Role.AUTHOR), CASE, CLOCK, TOLD, NOW) == ()


def test_an_author_who_is_no_colleague_gets_no_notice() -> None:
    assert mails_for(order(Role.AUTHOR), CASE, MAIL, TOLD, NOW) == ()


def test_texts_in_the_language_of_the_reader() -> None:
    title = (("title", (("zh", "初步响应"), ("en", "First response"))),)
    asked = order(Role.HEAD, texts=title, values=(("due", "18:00"),))
    (head,) = mails_for(asked, CASE, CLOCK, TOLD, NOW)
    (contact,) = mails_for(replace(asked, to=Role.CONTACT), CASE, CLOCK, TOLD, NOW)
    assert head.values == (("title", "First response"), ("due", "18:00"))
    assert contact.values == (("title", "初步响应"), ("due", "18:00"))


def test_keys_differ_by_cause_addressee_and_order() -> None:
    orders = [order(Role.HEAD), order(Role.LEADER), order(Role.CONTACT), order(Role.HEAD, ordinal=3)]
    keys = {mails_for(each, CASE, cause, TOLD, NOW)[0].key for each in orders for cause in (MAIL, CLOCK)}
    assert len(keys) == 8


@pytest.mark.parametrize(
    ("asked", "case", "cause", "why"),
    [
        pytest.param(order(Role.OWNER), CASE, CLOCK, "", id="colleagues may always be written to"),
        pytest.param(order(Role.CONTACT), CASE, CLOCK, "", id="the contact too"),
        pytest.param(
            order(Role.CONTACT),
            CASE,
            Cause(key="k", mail=an_arrival(automatic=MACHINE)),
            "a machine wrote it (Auto-Submitted: auto-replied)",
            id="no machine",
        ),
        pytest.param(
            order(Role.CONTACT),
            a_case(contact=Address(address="")),
            CLOCK,
            "there is no address to answer",
            id="no address",
        ),
        pytest.param(
            order(Role.CONTACT, answered_at=NOW),
            a_case(contact=Address(address="")),
            CLOCK,
            "the case has no address to answer",
            id="no address for an answer",
        ),
        pytest.param(
            order(Role.CONTACT, answered_at=NOW),
            CASE,
            Cause(key="k", mail=an_arrival(automatic=MACHINE)),
            "",
            id="a colleague's answer goes",
        ),
    ],
)
def test_what_forbids_a_mail(asked: Order, case: object, cause: Cause, why: str) -> None:
    assert unsendable(asked, case, cause, TOLD) == why  # type: ignore[arg-type]  # a case


def test_guards_are_about_a_mail() -> None:
    assert guarded(tuple(Guard), CLOCK, TOLD) == ""
    assert guarded((), MAIL, TOLD) == ""
    assert guarded((Guard.STAFF,), Cause(key="k", mail=an_arrival(author=LI)), TOLD) == ""
