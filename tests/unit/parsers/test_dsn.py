"""Delivery reports by their fields."""

import pytest

from maild.model.mail import AutomaticKind
from maild.parsers import message
from tests.unit.parsers.mails import bounce, report

FAILED = (
    "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550"
    " 5.1.1 user unknown"
)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        pytest.param(FAILED, ("a@b.example", "failed", "5.1.1", "userunknown"), id="failed"),
        pytest.param(
            "Original-Recipient: rfc822;o@b.example\nFinal-Recipient: rfc822;f@c.example\nAction:"
            " failed\nStatus: 5.2.2",
            ("o@b.example", "failed", "5.2.2", "mailboxfull"),
            id="the address that we wrote to",
        ),
        pytest.param(
            "Original-Recipient: rfc822;o@localhost\nFinal-Recipient: rfc822;f@c.example\nAction:"
            " failed\nStatus: 5.0.0",
            ("f@c.example", "failed", "5.0.0", ""),
            id="the whole address",
        ),
        pytest.param(
            "Final-Recipient: LOCAL; <a@b.example>\nAction: delayed (soon)\nStatus: 4.4.1 (no answer)",
            ("a@b.example", "delayed", "4.4.1", "expired"),
            id="comments and brackets",
        ),
        pytest.param(
            "Final-Recipient: a@b.example\nAction: error\nStatus: 5.0.0\nDiagnostic-Code: 550 5.7.1 spam",
            ("a@b.example", "failed", "5.7.1", "spamdetected"),
            id="what the remote said is more telling",
        ),
        pytest.param(
            "Final-Recipient: rfc822;a@b.example\nAction: delivered\nStatus: 2.1.5",
            ("a@b.example", "delivered", "2.1.5", ""),
            id="delivered",
        ),
        pytest.param(
            "Final-Recipient: rfc822;a@b.example\nStatus: 4.2.2",
            ("a@b.example", "delayed", "4.2.2", "mailboxfull"),
            id="no action",
        ),
        pytest.param(
            "Final-Recipient: rfc822;a@b.example", ("a@b.example", "failed", "", ""), id="nothing told"
        ),
    ],
)
def test_one_recipient(block: str, expected: tuple[str, str, str, str]) -> None:
    (found,) = report(block).delivery_report
    assert (found.recipient, found.action, found.status, found.reason) == expected


def test_each_recipient_once() -> None:
    found = report(
        FAILED, FAILED, FAILED.replace("a@b", "c@d"), "X-Other: 1", "Final-Recipient: rfc822; |pipe"
    )
    assert [each.recipient for each in found.delivery_report] == ["a@b.example", "c@d.example"]


def test_the_reason_is_looked_for_in_the_prose() -> None:
    block = "Final-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: X-Unix; 77"
    found = report(block, prose="<a@b.example>: 552 5.2.2 mailbox full (in reply to RCPT TO command)\n")
    assert (found.delivery_report[0].reason, found.delivery_report[0].status) == ("mailboxfull", "5.2.2")


def test_fields_in_the_text() -> None:
    found = bounce(
        "Technical report:\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"
    )
    assert [(each.recipient, each.status) for each in found.delivery_report] == [("a@b.example", "5.1.1")]


def test_a_file_for_a_recipient() -> None:
    raw = "X-Failed-Recipients: a@b.example\n"
    body = "\nFinal-Recipient: rfc822;/var/mail/a\nAction: failed\nStatus: 5.2.2\n"
    assert [each.recipient for each in bounce(body, raw).delivery_report] == ["a@b.example"]


ATTACHED = "--r\nContent-Type: message/rfc822\n\nMessage-ID: <out@x>\nTo: a@b.example\n\ntext\n"
HEADERS = "--r\nContent-Type: text/rfc822-headers\n\nMessage-ID: <out@x>\n\n"


@pytest.mark.parametrize(
    ("rest", "prose", "reported"),
    [
        pytest.param(ATTACHED, "x\n", "out@x", id="attached"),
        pytest.param(HEADERS, "x\n", "out@x", id="header only"),
        pytest.param("", "Copy:\n\nSubject: s\nMessage-ID:\n <out@x>\n", "out@x", id="in the text"),
        pytest.param("", "x\n", None, id="not told"),
    ],
)
def test_the_message_reported_on(rest: str, prose: str, reported: str | None) -> None:
    found = report(FAILED, prose=prose, rest=rest)
    assert found.automatic.kind is AutomaticKind.BOUNCE
    assert found.reported_id == reported


RETURNED_REPORT = (
    "--r\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=i\n\n"
    "--i\nContent-Type: message/delivery-status\n\nx: y\n\n"
    "Final-Recipient: rfc822; other@b.example\nAction: failed\nStatus: 5.2.2\n\n--i--\n"
)


def test_a_report_that_was_sent_back_reports_on_nobody_here() -> None:
    found = report(FAILED, rest=RETURNED_REPORT)
    assert "other@b.example" not in [each.recipient for each in found.delivery_report]
    assert found.delivery_report


def test_but_is_the_report_where_there_is_no_other() -> None:
    fields = "From: MAILER-DAEMON@x.example\nSubject: Undelivered mail"
    body = f"--r\n\nfailed\n{RETURNED_REPORT}--r--\n"
    found = message.read(f"{fields}\nContent-Type: multipart/mixed; boundary=r\n\n{body}".encode())
    assert [each.recipient for each in found.delivery_report] == ["other@b.example"]
