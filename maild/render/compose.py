"""A filled-in template put together as a message (RFC 5322, RFC 2046 §5.1.4): the bytes that are sent.

Pure ASCII, so that no server on the way has reason to change it, and the same bytes for the same input.
Who gets it and when is decided elsewhere.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from maild.errors import RenderError
from maild.model.mail import Address, Attachment, MessageId
from maild.model.rendering import RenderedText
from maild.render.header_lines import CRLF, address_line, bounded_references, id_line, is_id, text_line
from maild.render.literal import one_line

_WORD = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}")  # RFC 6838 §4.2

AutoSubmitted = Literal["auto-replied", "auto-generated", "no"]
"""RFC 3834 §5: an answer to a message, a mail of our own accord, or written by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands in the header besides the subject. `date` is aware; its zone is the one that is shown."""

    from_: Address
    to: tuple[Address, ...]
    reply_to: str | None = None
    message_id: MessageId
    in_reply_to: MessageId | None = None
    references: tuple[MessageId, ...] = ()
    date: datetime
    auto_submitted: AutoSubmitted


def compose(rendered: RenderedText, heading: Heading, attachments: Sequence[Attachment] = ()) -> bytes:
    """The message, CRLF, ASCII, no line over 998 octets; deterministic.

    It is multipart/alternative, or with attachments multipart/mixed around that (RFC 2046 §5.1.3).
    Raises: RenderError for an address or Message-ID that no header can hold, and for a `date` without zone.
    """
    lines = "".join(_header(rendered, heading))
    return lines.encode("ascii") + _body(rendered, heading.message_id, attachments)


def _header(rendered: RenderedText, heading: Heading) -> Sequence[str]:
    if heading.date.tzinfo is None:
        raise RenderError("a date without its zone cannot be written")
    if not heading.to or not is_id(heading.message_id):
        raise RenderError(f"no recipient, or {heading.message_id!r} is no Message-ID")
    parent = heading.in_reply_to if heading.in_reply_to and is_id(heading.in_reply_to) else None
    return (
        f"Date: {format_datetime(heading.date)}{CRLF}",
        address_line("From", (heading.from_,)),
        address_line("To", heading.to),
        address_line("Reply-To", (Address(address=heading.reply_to),)) if heading.reply_to else "",
        text_line("Subject", rendered.subject),
        id_line("Message-ID", (heading.message_id,)),
        id_line("In-Reply-To", (parent,) if parent else ()),
        id_line("References", bounded_references(heading.references, parent)),
        _automatic(heading.auto_submitted),
    )


_SUPPRESSED = "DR, RN, NRN, OOF, AutoReply"
"""All but NDR: a report that a mail did not arrive is wanted, and `All` would stop those too."""


def _automatic(auto_submitted: AutoSubmitted) -> str:
    """What keeps other machines from answering (RFC 3834 §5, and Exchange's own field)."""
    if auto_submitted == "no":
        return ""
    return f"Auto-Submitted: {auto_submitted}{CRLF}X-Auto-Response-Suppress: {_SUPPRESSED}{CRLF}"


def _body(rendered: RenderedText, message_id: MessageId, attachments: Sequence[Attachment]) -> bytes:
    """The MIME fields and the parts, each text as base64 or quoted-printable, whichever is shorter."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    for one in attachments:
        message.add_attachment(one.content, *_media_type(one), filename=one_line(one.filename) or None)
    for level, part in enumerate(each for each in message.walk() if each.is_multipart()):
        # "=_" stands in neither encoding (RFC 2045 §6.7, §6.8), so the boundary is in no part.
        part.set_boundary("=_" + hashlib.sha256(f"{message_id}{level or ''}".encode()).hexdigest()[:32])
    for part in list(message.walk())[1:]:
        del part["MIME-Version"]  # of the whole message alone (RFC 2045 §4)
    return message.as_bytes()


def _media_type(attachment: Attachment) -> tuple[str, str]:
    """Its two words; what is no media type, or a message, is sent as mere bytes (RFC 2046 §5.2.1)."""
    main, _, sub = attachment.content_type.partition("/")
    if main in {"message", "multipart"} or not (_WORD.fullmatch(main) and _WORD.fullmatch(sub)):
        return "application", "octet-stream"
    return main, sub
