"""Against a real Postfix: the bytes arrive as they were, and what is refused for good is."""

import asyncio

import pytest

from maild.model.delivery import Envelope, RecipientOutcome, RecipientState
from maild.smtp.submission import SmtpSubmission, deliver
from tests.integration.smtp.rigs import MAILBOX, Commit, settings_for
from tests.servers.postfix_fixtures import SIZE_LIMIT_BYTES, PostfixAndSink


def send(postfix: PostfixAndSink, envelope: Envelope, raw: bytes) -> tuple[RecipientOutcome, ...]:
    """The outcomes of one delivery."""
    settings = settings_for(postfix.server.port)
    return asyncio.run(deliver(settings, envelope, raw, mailbox=MAILBOX, before_data=Commit()))


def to(*recipients: str, sender: str = "service@example.test") -> Envelope:
    """An envelope from the shared mailbox."""
    return Envelope(sender=sender, recipients=recipients)


def arrived(postfix: PostfixAndSink, recipient: str) -> bytes:
    """The mail that came for `recipient`, with its trace headers."""
    mails = postfix.sink.wait_for(lambda mails: any(recipient in mail.recipients for mail in mails))
    return next(mail.raw for mail in mails if recipient in mail.recipients)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("dots", b".\r\n..\r\n.hidden\r\nend.\r\n", id="dots at the start of a line"),
        pytest.param("blank", b"\r\n\r\nafter blank lines\r\n\r\n", id="blank lines"),
        pytest.param("long", b"x" * 998 + b"\r\n", id="a line of 998 octets"),
        pytest.param("base64", b"5L2g5aW9\r\n", id="base64"),
    ],
)
def test_the_body_arrives_byte_for_byte(postfix: PostfixAndSink, name: str, body: bytes) -> None:
    recipient = f"bytes-{name}@example.test"
    outcomes = send(postfix, to(recipient), b"Message-ID: <b@x>\r\nDate: x\r\nFrom: a@b\r\n\r\n" + body)
    assert [each.state for each in outcomes] == [RecipientState.SENT]
    assert arrived(postfix, recipient).partition(b"\r\n\r\n")[2] == body


def test_bare_line_ends_go_out_as_crlf(postfix: PostfixAndSink) -> None:
    send(postfix, to("bare@example.test"), b"Message-ID: <c@x>\n\none\ntwo\rthree\n")
    assert arrived(postfix, "bare@example.test").endswith(b"\r\n\r\none\r\ntwo\r\nthree\r\n")


def test_a_mail_over_the_size_limit_is_refused_at_mail(postfix: PostfixAndSink) -> None:
    outcomes = send(postfix, to("big@example.test"), b"Subject: x\r\n\r\n" + b"x" * (SIZE_LIMIT_BYTES + 1))
    assert [(each.state, each.code) for each in outcomes] == [(RecipientState.REFUSED, 552)]


def test_the_null_sender_is_taken(postfix: PostfixAndSink) -> None:
    send(postfix, to("null@example.test", sender=""), b"Message-ID: <d@x>\r\n\r\nx\r\n")
    arrived(postfix, "null@example.test")
    mail = next(mail for mail in postfix.sink.taken if "null@example.test" in mail.recipients)
    assert mail.sender == ""


def test_an_address_and_a_body_outside_ascii_are_taken(postfix: PostfixAndSink) -> None:
    raw = "Message-ID: <e@x>\r\nSubject: 您好\r\n\r\n正文\r\n".encode()
    outcomes = send(postfix, to("王强@example.test"), raw)
    assert [each.state for each in outcomes] == [RecipientState.SENT]
    assert arrived(postfix, "王强@example.test").endswith("\r\n\r\n正文\r\n".encode())


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("a@example.test>\r\nRCPT TO:<b@example.test", id="a second command"),
        pytest.param("a@example.test\r\n", id="line end"),
        pytest.param("a@example.test> NOTIFY=NEVER <", id="a parameter"),
        pytest.param("a@example.test\x00", id="NUL"),
    ],
)
def test_an_address_that_would_speak_smtp_is_refused_here(postfix: PostfixAndSink, address: str) -> None:
    outcomes = send(postfix, to(address, "fine@example.test"), b"Message-ID: <f@x>\r\n\r\nx\r\n")
    assert [(each.state, each.code) for each in outcomes] == [
        (RecipientState.REFUSED, 0),
        (RecipientState.SENT, 250),
    ]


def test_nobody_listening_is_deferred_with_a_line_that_names_mailbox_and_host() -> None:
    settings = settings_for(1, host="127.0.0.1")
    told = deliver(settings, to("a@example.test"), b"x", mailbox=MAILBOX, before_data=Commit())
    (outcome,) = asyncio.run(told)
    assert (outcome.state, outcome.code) == (RecipientState.DEFERRED, 0)
    assert outcome.reply.startswith("mailbox service, 127.0.0.1:1: cannot be reached: ")


def test_a_mailbox_that_is_no_longer_configured_is_deferred() -> None:
    submission = SmtpSubmission(accounts={})
    told = submission(to("a@example.test"), b"x", mailbox="gone", before_data=Commit())
    (outcome,) = asyncio.run(told)
    assert (outcome.state, outcome.reply) == (RecipientState.DEFERRED, "mailbox gone: is not configured")
