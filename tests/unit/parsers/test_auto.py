"""Automatic mail by its signs, and people taken for people."""

import pytest

from maild.model.mail import AutomaticKind
from tests.unit.parsers.mails import read

NONE, REPLY, LIST, OTHER = (
    AutomaticKind.NONE,
    AutomaticKind.AUTO_REPLY,
    AutomaticKind.LIST,
    AutomaticKind.OTHER,
)
BOUNCE, RECEIPT = AutomaticKind.BOUNCE, AutomaticKind.READ_RECEIPT


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        pytest.param("Subject: Order", NONE, id="a person"),
        pytest.param("Auto-Submitted: no", NONE, id="not automatic"),
        pytest.param("Auto-Submitted: auto-replied (vacation)", REPLY, id="RFC 3834"),
        pytest.param("Auto-Submitted: auto-generated", OTHER, id="generated"),
        pytest.param("Subject: 自动回复: x", REPLY, id="subject, zh"),
        pytest.param("Subject: Automatic reply: x\nX-Auto-Response-Suppress: All", REPLY, id="Exchange"),
        pytest.param(
            "Subject: Automatic reply: x\nAuto-Submitted: auto-generated", REPLY, id="and generated"
        ),
        pytest.param("Subject: Out of Office\nReturn-Path: <>", REPLY, id="with an empty sender"),
        pytest.param("Subject: Abwesenheitsnotiz\nPrecedence: bulk", REPLY, id="with Precedence"),
        pytest.param("Subject: Out of office: x\nIn-Reply-To: <1@x>", REPLY, id="words, answering a mail"),
        pytest.param("Subject: Re: Out of office: x\nIn-Reply-To: <1@x>", NONE, id="an answer to one"),
        pytest.param("Subject: Re: Automatic reply: x\nIn-Reply-To: <1@x>", NONE, id="to a marked one"),
        pytest.param("Subject: Re: Automatic reply: x\nAuto-Submitted: auto-generated", REPLY, id="by one"),
        pytest.param("Subject: Out of office: 1-5 May", NONE, id="words alone are a person's"),
        pytest.param("Subject: 自动回复的设置", NONE, id="words about automatic replies"),
        pytest.param("Subject: Automatic replies stopped", NONE, id="words like the mark"),
        pytest.param("Subject: [自动回复] x", REPLY, id="a mark in brackets"),
        pytest.param("Subject: 自动回复", REPLY, id="a mark alone"),
        pytest.param("Subject: AUTO: Li is out of the office (back 1 May)", REPLY, id="Lotus Notes"),
        pytest.param("Subject: Auto: 4 tyres", NONE, id="a car"),
        pytest.param("X-Apple-Action: VACATION", REPLY, id="iCloud"),
        pytest.param("Delivered-By-The-Graces-Of: The Vacation program", REPLY, id="vacation(1)"),
        pytest.param("Subject: Automatic reply: x\nList-Id: <l.example>", LIST, id="but not on a list"),
        pytest.param("X-QQ-AUTO-REPLY: 1", REPLY, id="QQ Mail"),
        pytest.param("X-QQ-HolidayReply: 1", REPLY, id="QQ Mail, holidays"),
        pytest.param("Sender: a+auto_=b=c@qq.example", REPLY, id="QQ Mail's sender"),
        pytest.param("Return-Path: <a+auto_=b@qq.example>", REPLY, id="QQ Mail's envelope"),
        pytest.param("X-Autoreply: no", NONE, id="a field that says no"),
        pytest.param("Precedence: auto_reply", REPLY, id="Precedence: auto_reply"),
        pytest.param("List-Id: News <n.example>", LIST, id="list"),
        pytest.param("List-Unsubscribe: <mailto:x@y>", LIST, id="newsletter"),
        pytest.param("Precedence: list", LIST, id="Precedence: list"),
        pytest.param("Precedence: bulk", OTHER, id="Precedence: bulk"),
        pytest.param("Return-Path: <>", OTHER, id="empty sender"),
        pytest.param("Subject: Undeliverable: x\nReturn-Path: <>", BOUNCE, id="bounce by subject and sender"),
        pytest.param("Subject: hello\nReturn-Path: <MAILER-DAEMON>", NONE, id="a daemon that tells nothing"),
        pytest.param("X-Failed-Recipients: a@b.example", BOUNCE, id="X-Failed-Recipients"),
    ],
)
def test_kind_by_header(headers: str, kind: AutomaticKind) -> None:
    found = read(headers).automatic
    assert found.kind is kind
    assert bool(found.reason) is (kind is not NONE)


SAYS_SO = "Your message could not be delivered to a@b.example\n"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        pytest.param("Subject: Undeliverable mail", BOUNCE, id="subject and text"),
        pytest.param("Subject: Undeliverable mail\nIn-Reply-To: <x@y>", NONE, id="an answer about a bounce"),
        pytest.param("Subject: Undeliverable mail\nReferences: <x@y>", NONE, id="the same by References"),
        pytest.param(
            "Subject: [l] Undeliverable mail\nList-Id: <l>", LIST, id="talk about bounces on a list"
        ),
        pytest.param(
            "Subject: Undeliverable mail\nList-Id: <l>", BOUNCE, id="a bounce that came through a list"
        ),
        pytest.param("Subject: Order", NONE, id="the text alone"),
        pytest.param("Subject: Fw: Undeliverable mail", NONE, id="a bounce shown to others"),
        pytest.param("Subject: 转发：退信", NONE, id="a bounce shown to others, zh"),
        pytest.param("Subject: Fw: Undeliverable mail\nReturn-Path: <>", BOUNCE, id="shown by a machine"),
    ],
)
def test_bounces_by_what_they_say(headers: str, kind: AutomaticKind) -> None:
    assert read(headers, SAYS_SO).automatic.kind is kind


def _with_part(content_type: str, content: str, headers: str = "") -> AutomaticKind:
    body = f"--r\n\ntext\n--r\nContent-Type: {content_type}\n\n{content}\n--r--\n"
    return read(f"Content-Type: multipart/mixed; boundary=r{headers}", body).automatic.kind


@pytest.mark.parametrize(
    ("content_type", "content", "headers", "kind"),
    [
        pytest.param(
            "message/disposition-notification", "Disposition: x; displayed", "", RECEIPT, id="receipt"
        ),
        pytest.param(
            "message/disposition-notification",
            "x: y",
            "\nReturn-Path: <>\nSubject: Rejected mail",
            BOUNCE,
            id="a refusal in the form of a receipt",
        ),
        pytest.param(
            "message/feedback-report", "Feedback-Type: abuse", "", AutomaticKind.ABUSE_REPORT, id="abuse"
        ),
        pytest.param(
            "message/rfc822",
            "X-HmXmrOriginalRecipient: a@b\n\nx",
            "",
            AutomaticKind.ABUSE_REPORT,
            id="Outlook.com",
        ),
        pytest.param(
            "text/calendar", "BEGIN:VCALENDAR\nMETHOD:REPLY", "", AutomaticKind.CALENDAR, id="answer"
        ),
        pytest.param(
            "text/calendar", "BEGIN:VCALENDAR\nMETHOD:REQUEST", "", NONE, id="an invitation is a person's"
        ),
    ],
)
def test_kind_by_part(content_type: str, content: str, headers: str, kind: AutomaticKind) -> None:
    assert _with_part(content_type, content, headers) is kind


@pytest.mark.parametrize(
    ("report_type", "kind"),
    [("disposition-notification", RECEIPT), ("feedback-report", AutomaticKind.ABUSE_REPORT)],
)
def test_kind_by_report_type(report_type: str, kind: AutomaticKind) -> None:
    found = read(
        f"Content-Type: multipart/report; report-type={report_type}; boundary=r", "--r\n\nx\n--r--\n"
    )
    assert found.automatic.kind is kind


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("Content-Type: message/delivery-status\n\nStatus: 5.1.1", id="bounce"),
        pytest.param("Content-Type: message/disposition-notification\n\nx: y", id="receipt"),
        pytest.param("Content-Type: message/feedback-report\n\nFeedback-Type: abuse", id="complaint"),
        pytest.param("Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY", id="calendar"),
    ],
)
def test_a_person_who_forwards_a_machine_s_mail_is_a_person(part: str) -> None:
    inner = f"Content-Type: multipart/mixed; boundary=i\n\n--i\n{part}\n--i--\n"
    body = f"--r\n\nWhat is this?\n--r\nContent-Type: message/rfc822\n\n{inner}\n--r--\n"
    found = read("Subject: Fw: strange mail\nContent-Type: multipart/mixed; boundary=r", body)
    assert found.automatic.kind is NONE
