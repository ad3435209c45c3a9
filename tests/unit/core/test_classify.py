"""What rules see."""

from dataclasses import replace

import pytest

from maild.core.classify import TEXT_LIMIT, classified, is_authenticated, party_kind, party_of, rule_input
from maild.model.mail import Address, Attachment, AuthenticationResult
from maild.model.people import PartyKind, PartyList
from maild.rules.match import compile_rules
from tests.unit.core.builders import COMPANY, LI, MAILBOX, a_case, a_message


def test_every_field_by_its_name() -> None:
    message = a_message(
        to=(Address(address="Kefu@example.com"),),
        cc=(Address(address="boss@customer.example"),),
        subject="Re: 投诉",
        base_subject="投诉",
        new_text="坏了",
        language="zh",
        headers=(("X-Origin", "a"), ("x-origin", "b")),
        attachments=(
            Attachment(
                filename="照片.jpg", content_type="image/jpeg", size_bytes=1, sha256="0", inline=False
            ),
            Attachment(filename="", content_type="image/png", size_bytes=1, sha256="1", inline=True),
        ),
    )
    fields = dict(rule_input(message, MAILBOX, COMPANY).fields)
    assert fields == {
        "from": (LI.key,),
        "from_domain": ("customer.example",),
        "from_name": ("李雷",),
        "to": ("kefu@example.com", "boss@customer.example"),
        "mailbox": ("service",),
        "subject": ("Re: 投诉",),
        "base_subject": ("投诉",),
        "text": ("坏了",),
        "language": ("zh",),
        "automatic": ("none",),
        "attachment_name": ("照片.jpg",),
        "attachment_type": ("image/jpeg", "image/png"),
        "attachment_size": ("1", "1"),
        "attachment_count": ("2",),
        "authenticated": ("false",),
        "party": ("customer.example",),
        "party_kind": ("unknown",),
        "has_case": ("false",),
        "case_kind": (),
        "case_stage": (),
        "header:x-origin": ("a", "b"),
    }


def test_text_headers_and_their_number_are_bounded() -> None:
    headers = tuple((f"X-{number}", "v" * 5000) for number in range(500))
    message = a_message(new_text="长" * 50_000, headers=headers, language="")
    fields = dict(rule_input(message, MAILBOX, COMPANY).fields)
    assert len(fields["text"][0]) == TEXT_LIMIT
    assert len([name for name in fields if name.startswith("header:")]) == 100
    assert len(fields["header:x-0"][0]) == 1000
    assert fields["language"] == ()


def test_the_case_that_a_message_joins() -> None:
    fields = dict(rule_input(a_message(), MAILBOX, COMPANY, a_case(kind="complaint")).fields)
    assert [fields[name] for name in ("has_case", "case_kind", "case_stage")] == [
        ("true",),
        ("complaint",),
        ("open",),
    ]


def test_what_the_rules_make_of_a_message() -> None:
    routing = classified(a_message(), MAILBOX, COMPANY, compile_rules(()))
    assert (routing.case_kind, routing.on_case) == (MAILBOX.default_kind, False)


def test_a_message_from_nobody_is_of_no_party() -> None:
    fields = dict(rule_input(a_message(from_=()), MAILBOX, COMPANY).fields)
    assert (fields["party"], fields["party_kind"]) == ((), ("unknown",))


LISTS = (
    PartyList(kind=PartyKind.SUPPLIER, entries=frozenset({"hongda.example", "zhou@qq.com"})),
    PartyList(kind=PartyKind.CUSTOMER, entries=frozenset({"mail.hongda.example", "new.example"})),
)


@pytest.mark.parametrize(
    ("address", "party", "kind"),
    [
        pytest.param("li@Hongda.example", "hongda.example", PartyKind.SUPPLIER, id="domain"),
        pytest.param("li@mail.hongda.example", "mail.hongda.example", PartyKind.SUPPLIER, id="first list"),
        pytest.param("li@nothongda.example", "nothongda.example", PartyKind.UNKNOWN, id="not a part of it"),
        pytest.param("Zhou@qq.com", "zhou@qq.com", PartyKind.SUPPLIER, id="address"),
        pytest.param("wu@qq.com", "wu@qq.com", PartyKind.UNKNOWN, id="shared domain"),
        pytest.param("li@new.example", "new.example", PartyKind.CUSTOMER, id="second list"),
        pytest.param("li@example.com", "example.com", PartyKind.STAFF, id="colleague"),
    ],
)
def test_party_and_what_it_is_to_us(address: str, party: str, kind: PartyKind) -> None:
    company = replace(COMPANY, parties=LISTS)
    author = Address(address=address)
    assert (party_of(author, company), party_kind(author, company)) == (party, kind)


def _result(method: str, result: str, domain: str = "", by: str = "mx.example.com") -> AuthenticationResult:
    return AuthenticationResult(authserv_id=by, method=method, result=result, domain=domain)


@pytest.mark.parametrize(
    ("verdict", "genuine"),
    [
        pytest.param(_result("dmarc", "pass", "customer.example"), True, id="dmarc"),
        pytest.param(_result("dmarc", "pass", "customer.example", by="MX.Example.com"), True, id="any case"),
        pytest.param(_result("dmarc", "fail", "customer.example"), False, id="failed"),
        pytest.param(_result("dmarc", "pass", by="mx.evil.example"), False, id="another server"),
        pytest.param(_result("dkim", "pass", "customer.example"), True, id="dkim"),
        pytest.param(_result("dkim", "pass", "evil.example"), False, id="dkim of another"),
        pytest.param(_result("dkim", "pass", "example"), False, id="dkim of a whole top level"),
        pytest.param(_result("spf", "pass", "bounce@customer.example"), True, id="spf"),
        pytest.param(_result("spf", "pass", "tomer.example"), False, id="spf of half a name"),
        pytest.param(_result("arc", "pass", "customer.example"), False, id="another method"),
    ],
)
def test_only_our_own_server_authenticates(verdict: AuthenticationResult, genuine: bool) -> None:
    message = a_message(authentication=(verdict,))
    assert is_authenticated(message, "mx.example.com") is genuine
    assert not is_authenticated(message, "")
    assert not is_authenticated(replace(message, from_=()), "mx.example.com")
    assert not is_authenticated(replace(message, from_=(LI, LI)), "mx.example.com")
