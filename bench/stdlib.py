"""A message read with the standard library and nothing else, in the two ways that it offers.

`modern` is `email.policy.default`, which the documentation recommends: it parses each header field by its
grammar. `legacy` is `compat32`, which leaves fields as they are until asked: half the time, on clean mail.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A message as far as the bare limit reads it."""

    message_id: str
    author: str
    recipients: str
    subject: str
    date: str
    text: str


def modern(raw: bytes) -> Plain:
    """The message by `email.policy.default`: its fields, and the text of the best part."""
    message = message_from_bytes(raw, policy=default)
    body = message.get_body(preferencelist=("plain", "html"))
    return Plain(
        message_id=str(message["Message-ID"]),
        author=str(message["From"]),
        recipients=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        text=body.get_content() if body else "",
    )


def legacy(raw: bytes) -> Plain:
    """The message by `compat32`: its fields decoded, and the first text."""
    message = message_from_bytes(raw, policy=compat32)
    texts = (part for part in message.walk() if part.get_content_maintype() == "text")
    body = next(texts, None)
    content = body.get_payload(decode=True) if body else b""
    charset = body.get_content_charset("ascii") if body else "ascii"
    return Plain(
        message_id=str(message["Message-ID"]),
        author=_decoded(message["From"]),
        recipients=_decoded(message["To"]),
        subject=_decoded(message["Subject"]),
        date=str(message["Date"]),
        text=content.decode(charset, "replace") if isinstance(content, bytes) else "",
    )


READERS: Final[Mapping[str, Callable[[bytes], Plain]]] = {"modern": modern, "legacy": legacy}


def _decoded(field: str) -> str:
    return str(make_header(decode_header(field)))
