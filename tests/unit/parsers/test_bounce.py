"""Bounces in prose."""

import pytest

from maild.parsers import message
from tests.unit.parsers.mails import bounce, read

COPY = "\n--- Below this line is a copy of the message.\n\nTo: x@y.example\nFrom: us@company.example\n"


@pytest.mark.parametrize(
    ("prose", "headers", "expected"),
    [
        pytest.param(
            f"I was not able to deliver:\n\n<a@b.example>:\nRemote host said: 550 5.1.1 no such user\n{COPY}",
            "",
            [("a@b.example", "failed", "5.1.1")],
            id="qmail",
        ),
        pytest.param(
            "The following addresses failed:\n\n  a@b.example\n    mailbox is full\n  c@d.example\n   "
            " unrouteable domain\n",
            "X-Failed-Recipients: a@b.example, c@d.example\n",
            [("a@b.example", "failed", ""), ("c@d.example", "failed", "")],
            id="X-Failed-Recipients",
        ),
        pytest.param(
            "It could not be delivered.\n>>> RCPT TO:<a@b.example>\n<<< 550 5.7.1 rejected\n",
            "",
            [("a@b.example", "failed", "5.7.1")],
            id="dialogue",
        ),
        pytest.param(
            "There was an error delivering your mail to <postmaster@b.example>.\n",
            "",
            [],
            id="only a postmaster",
        ),
        pytest.param(
            "Delivery failed, the recipient is named here: (a@b.example) - user unknown\n",
            "",
            [("a@b.example", "failed", "")],
            id="named in a sentence",
        ),
        pytest.param(
            "It was not delivered: a@b.example\n", "", [("a@b.example", "failed", "")], id="anywhere"
        ),
        pytest.param(
            f"Your mail to us@company.example was not delivered.\n{COPY}",
            "",
            [("x@y.example", "failed", "")],
            id="in the copy",
        ),
        pytest.param(
            "This is a warning. It has not yet been delivered, no action is required:\n\n  a@b.example\n",
            "",
            [("a@b.example", "delayed", "")],
            id="delay",
        ),
    ],
)
def test_recipients(prose: str, headers: str, expected: list[tuple[str, str, str]]) -> None:
    found = bounce(prose, headers).delivery_report
    assert [(each.recipient, each.action, each.status) for each in found] == expected


def test_recipients_have_their_own_reasons() -> None:
    found = bounce(
        "Undeliverable:\n\na@b.example\n    mailbox is full\nc@d.example\n    no such user here\n",
        "X-Failed-Recipients: a@b.example, c@d.example\n",
    )
    assert [each.reason for each in found.delivery_report] == ["mailboxfull", "userunknown"]


def test_to_of_the_returned_message_is_the_last_resort() -> None:
    found = read(
        "Subject: Undeliverable\nReturn-Path: <>\nContent-Type: multipart/mixed; boundary=b",
        "--b\n\nIt could not be delivered.\n--b\nContent-Type: message/rfc822\n\nTo:"
        " a@b.example\n\nx\n--b--\n",
    )
    assert [each.recipient for each in found.delivery_report] == ["a@b.example"]


def test_very_long_reports_are_read_too() -> None:
    found = bounce("a@b.example: 550 5.1.1 no such user\n" * 8_000)
    assert [each.recipient for each in found.delivery_report] == ["a@b.example"]


def test_a_detector_that_fails_is_left_out() -> None:
    # One of flufl.bounce's detectors takes the sender apart without asking whether there is one.
    raw = b"Return-Path: <>\nSubject: Undelivered mail\n\nIt is undeliverable to a@b.example\n"
    assert [each.recipient for each in message.read(raw).delivery_report] == ["a@b.example"]


def test_a_report_that_begins_with_a_separator() -> None:
    mark = "Original message follows\n\n"
    found = bounce(f"{mark}a@b.example: 550 5.1.1 no such user\n\n{mark}x@y.example")
    assert [each.recipient for each in found.delivery_report] == ["a@b.example"]
