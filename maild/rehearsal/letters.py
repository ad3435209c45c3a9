"""Mail as people write it, with quotes as a mail program makes them, and mail as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, getaddresses
from functools import cached_property

from maild.model.mail import Address
from maild.rehearsal.files import file_named

_ANSWER_MARKS = ("re:", "re：", "回复:", "回复：", "答复:", "答复：")


class Letter:
    """A mail as its bytes, read when somebody asks."""

    def __init__(self, raw: bytes, at: datetime) -> None:
        self.raw = raw
        self.at = at

    @cached_property
    def _message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @cached_property
    def message_id(self) -> str:
        """Its Message-ID without brackets."""
        return self._field("Message-ID").strip().removeprefix("<").removesuffix(">")

    @cached_property
    def subject(self) -> str:
        """Its subject as a person reads it."""
        return self._field("Subject")

    @cached_property
    def text(self) -> str:
        """Its plain text as a person reads it."""
        body = self._message.get_body(("plain",))
        return str(body.get_content()).replace("\r\n", "\n") if body else ""

    @property
    def references(self) -> tuple[str, ...]:
        """What an answer refers to (RFC 5322 §3.6.4): its References, and itself, with brackets."""
        return (*self._field("References").split(), f"<{self.message_id}>")

    @property
    def author(self) -> str:
        """From, as it is written."""
        return self._field("From")

    @property
    def answers_to(self) -> str:
        """Where an answer goes: Reply-To, else From."""
        return self._field("Reply-To") or self.author

    def _field(self, name: str) -> str:
        return str(self._message[name] or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above a letter; `answered` is the one that it answers."""

    author: Address
    to: tuple[str, ...]
    subject: str
    message_id: str  # without brackets
    at: datetime  # in the zone of its author
    cc: tuple[str, ...] = ()
    answered: Letter | None = None
    headers: tuple[tuple[str, str], ...] = ()


def written(heading: Heading, body: str, charset: str, attach: Sequence[str]) -> bytes:
    """The letter. Raises: ValueError when a header, or the text in that charset, cannot be written."""
    message = EmailMessage(policy=policy.SMTP)
    for name, value in (*_fields(heading), *heading.headers):
        del message[name]
        message[name] = value
    message.set_content(body if body.endswith("\n") else body + "\n", charset=charset)
    for name in attach:
        made = file_named(name)
        message.add_attachment(made.content, maintype=made.main, subtype=made.sub, filename=name)
    return message.as_bytes()


def answer_subject(subject: str) -> str:
    """The subject of an answer: with one mark of it."""
    return subject if subject.casefold().startswith(_ANSWER_MARKS) else f"Re: {subject}"


def with_quote(body: str, answered: Letter, at: datetime) -> str:
    """The text of an answer above what it answers, as a mail program quotes it."""
    written_at = answered.at.astimezone(at.tzinfo)
    if (body + answered.text).isascii():
        introduction = f"On {written_at:%Y-%m-%d %H:%M}, {answered.author} wrote:"
    else:
        introduction = f"{written_at:%Y-%m-%d %H:%M}，{answered.author} 写道："
    quoted = "\n".join(f"> {line}".rstrip() for line in answered.text.splitlines())
    return f"{body.rstrip()}\n\n{introduction}\n{quoted}\n"


def address_of(text: str) -> Address:
    """`Name <address>` or an address alone, as an Address; without @ all of it is the name."""
    name, address = getaddresses([text])[0] if "@" in text else (text.strip(), "")
    return Address(name=name, address=address)


def _fields(heading: Heading) -> list[tuple[str, str]]:
    fields = [
        ("Date", format_datetime(heading.at)),
        ("From", formataddr((heading.author.name, heading.author.address))),
        ("To", ", ".join(heading.to)),
        ("Cc", ", ".join(heading.cc)),
        ("Subject", heading.subject),
        ("Message-ID", f"<{heading.message_id}>"),
    ]
    if heading.answered:
        fields.append(("In-Reply-To", f"<{heading.answered.message_id}>"))
        fields.append(("References", " ".join(heading.answered.references)))
    return [(name, value) for name, value in fields if value]
