"""Mail as the cast's mail programs write it: old and new ones, Chinese and English, and machines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from maild.demo.cast import SUN, US, Person

_OLD = "gb18030"
_Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above a letter; with an empty `message_id` its program wrote none."""

    author: Person
    subject: str
    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A mail of ours as its recipient has it: what an answer to it refers to. Ids have their brackets."""

    message_id: str
    references: str
    subject: str
    case_number: str
    header: str


def plain(heading: Heading, text: str) -> bytes:
    """A letter of a present-day mail program: UTF-8, nothing but text."""
    return _letter(heading, (), _text(text))


def html_only(heading: Heading, html: str) -> bytes:
    """A letter in HTML without a text beside it."""
    body = _body()
    body.set_content(html, subtype="html")
    return _letter(heading, (), body)


def gb18030_8bit(heading: Heading, text: str) -> bytes:
    """A letter of an old Chinese mail program: GB18030 as it is, against RFC 5322 in the header too."""
    lines = [f"{name}: {value}" for name, value in _fields(heading)]
    lines += ["X-Mailer: Foxmail 6, 15, 201, 22 [cn]", "MIME-Version: 1.0"]
    lines += [f"Content-Type: text/plain; charset={_OLD}", "Content-Transfer-Encoding: 8bit", ""]
    return "\r\n".join([*lines, *text.splitlines(), ""]).encode(_OLD)


def gb18030_with_file(heading: Heading, text: str, filename: str, content: bytes) -> bytes:
    """A letter in GB18030 as base64 with a PDF whose name is an encoded word, against RFC 2231, as often."""
    body = _body()
    body.set_content(text, charset=_OLD, cte="base64")
    body.add_attachment(content, "application", "pdf", filename="NAME")
    name = Header(filename, _OLD, maxlinelen=998).encode()
    named = body.as_bytes().replace(b'"NAME"', f'"{name}"'.encode())
    return _header(_fields(heading), _OLD) + named


def answer(heading: Heading, text: str, answered: Answered) -> bytes:
    """An answer that keeps the thread (RFC 5322 §3.6.4)."""
    return _letter(heading, _thread(answered), _text(text))


def out_of_office(heading: Heading, text: str, answered: Answered) -> bytes:
    """What a mail program answers by itself while its owner is away (RFC 3834)."""
    fields = (*_thread(answered), ("Auto-Submitted", "auto-replied"))
    return _letter(heading, fields, _text(text))


def newsletter(heading: Heading, text: str, html: str) -> bytes:
    """Mail to a list of subscribers (RFC 2369, RFC 2919)."""
    domain = heading.author.domain
    body = _text(text)
    body.add_alternative(html, subtype="html")
    fields = (
        ("List-Id", f"{heading.author.name} <weekly.{domain}>"),
        ("List-Unsubscribe", f"<mailto:unsubscribe@{domain}>"),
        ("Precedence", "bulk"),
    )
    return _letter(heading, fields, body)


def bounce(heading: Heading, answered: Answered) -> bytes:
    """A delivery report on a mail of ours (RFC 3464, RFC 6522)."""
    domain = heading.author.domain
    told = (
        f"This is the mail server of {domain}.\n\n<{SUN.address}> has left; your message did not reach her.\n"
    )
    status = (
        f"Reporting-MTA: dns; mail.{domain}\n\n"
        f"Final-Recipient: rfc822; {SUN.address}\nAction: failed\nStatus: 5.1.1\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{SUN.address}>: has left the company\n"
    )
    parts = (
        ("text/plain; charset=us-ascii", told),
        ("message/delivery-status", status),
        ("text/rfc822-headers", answered.header),
    )
    body = "".join(f"--report\nContent-Type: {kind}\n\n{content}\n" for kind, content in parts)
    fields = (
        *_fields(heading),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/report; report-type=delivery-status; boundary="report"'),
    )
    return _header(fields, "utf-8") + f"\n{body}--report--\n".replace("\n", "\r\n").encode()


def _letter(heading: Heading, fields: _Fields, body: EmailMessage) -> bytes:
    return _header((*_fields(heading), *fields), "utf-8") + body.as_bytes()


def _body() -> EmailMessage:
    return EmailMessage(policy=SMTP)


def _text(text: str) -> EmailMessage:
    body = _body()
    body.set_content(text)
    return body


def _fields(heading: Heading) -> Iterator[tuple[str, str]]:
    yield "Date", format_datetime(heading.at)
    yield "From", f"{heading.author.name} <{heading.author.address}>"
    yield "To", US.address
    yield "Subject", heading.subject
    if heading.message_id:
        yield "Message-ID", f"<{heading.message_id}>"


def _thread(answered: Answered) -> _Fields:
    references = f"{answered.references} {answered.message_id}".strip()
    return (("In-Reply-To", answered.message_id), ("References", references))


def _header(fields: _Fields, charset: str) -> bytes:
    """Header lines, each word that needs it encoded in `charset` (RFC 2047)."""
    return "".join(f"{name}: {_encoded(value, charset)}\r\n" for name, value in fields).encode()


def _encoded(value: str, charset: str) -> str:
    if value.isascii():
        return value
    words, bracket, address = value.partition(" <")
    return Header(words, charset).encode(linesep="\r\n") + bracket + address
