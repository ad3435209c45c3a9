"""One message out of its bytes: the reading of mail from end to end.

mail-parser reads dates and the trace of the servers on the way. Python's email package, on which it
stands, reads the structure, out of a skeleton (skeleton.py) that lacks the bulk of encoded attachments;
each module beside this one reads one thing of the parts. Reading never raises: what was wrong stands in
`Message.defects`, and what lies beyond a bound (bounds.py) is left unread.
"""

import email
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Tree
from functools import partial

from mailparser import MailParser
from mailparser.dates import parse_mail_date

from maild.model.mail import AutomaticKind, Message, MessageId, RecipientReport
from maild.parsers import (
    auth,
    auto,
    body,
    bounce,
    bounce_signs,
    bounds,
    clues,
    delimiters,
    dsn,
    headers,
    identity,
    language,
    msgid,
    quote,
    skeleton,
    subject,
)
from maild.parsers.parts import Part, PartReader, Taken
from maild.parsers.people import People

logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # it logs the text of mail

_STRUCTURE = frozenset(
    {
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "content-id",
        "content-location",
        "date",
    }
)
_BINARY = re.compile(rb"^content-transfer-encoding:[ \t]*binary", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A message taken apart, nothing of it understood yet."""

    head: headers.Head
    root: Part
    date: datetime | None
    body: bytes  # without its bulk
    labels: tuple[str, ...]  # charsets named in it
    defects: tuple[str, ...]


def read(raw: bytes, *, cut: bool = True) -> Message:
    """The message in `raw`, for any bytes whatever; never raises.

    `cut=False` leaves the bulk in while the structure is read: slower, with the same result.
    """
    parsed = _parse(raw, cut=cut)
    head = parsed.head
    people = People(head, parsed.labels)
    about = headers.text_of(head.first("subject"), parsed.labels)
    said = body.read(parsed.root, parsed.labels)
    sign = bounce_signs.sign_of_bounce(head, parsed.root, about, said.text)
    automatic = auto.classify(head, parsed.root, about, sign)
    is_bounce = automatic.kind is AutomaticKind.BOUNCE
    parted = quote.split(said.text)
    return Message(
        identity=identity.of(head),
        size_bytes=len(raw),
        message_id=msgid.own_id(headers.text_of(head.first("message-id"))),
        date=parsed.date,
        from_=people.of("from"),
        sender=people.of("sender"),
        reply_to=people.of("reply-to"),
        to=people.of("to"),
        cc=people.of("cc"),
        subject=about,
        base_subject=subject.base_subject(about),
        in_reply_to=_ids(head, "in-reply-to"),
        references=_ids(head, "references"),
        text=said.text,
        html=said.html,
        new_text=parted.new_text,
        quoted_text=parted.quoted_text,
        language=language.of(parted.new_text, about),
        attachments=said.attachments,
        attached_text=said.attached_text,
        automatic=automatic,
        delivery_report=_reports(parsed, said.text, people) if is_bounce else (),
        reported_id=dsn.reported_id(parsed.root, said.text) if is_bounce else None,
        authentication=auth.results(head.values("authentication-results")),
        headers=tuple((field.name, headers.text_of(field.raw, parsed.labels)) for field in head.fields),
        defects=tuple(dict.fromkeys((*parsed.defects, *_faults(parsed), *people.defects, *said.defects))),
    )


def _faults(parsed: _Parsed) -> Iterator[str]:
    """What is wrong with the fields that a message cannot do without (RFC 5322 §3.6)."""
    yield from headers.repeated(parsed.head)
    if parsed.head.first("date") and parsed.date is None:
        yield "date: cannot be read"
    if "message-id" in parsed.head.named(_MESSAGE_ID) and not parsed.head.first("message-id").strip(b"<> "):
        yield "message-id: names none"


_MESSAGE_ID = frozenset({"message-id"})


def _ids(head: headers.Head, key: str) -> tuple[MessageId, ...]:
    return msgid.message_ids(" ".join(map(headers.text_of, head.values(key))))


def _reports(parsed: _Parsed, text: str, people: People) -> tuple[RecipientReport, ...]:
    """What a bounce says of each recipient: by its fields, else by its prose."""
    structured = dsn.reports(parsed.root, text, clues.failed_recipients(parsed.head))
    return structured or bounce.reports(text, clues.of(parsed.head, parsed.root, parsed.body, people))


def _parse(raw: bytes, *, cut: bool) -> _Parsed:
    """The header, the date and the parts of one message."""
    content, too_long = _bounded(raw)
    taken = _take_apart(content, cut=cut)
    reader = PartReader(partial(_take_apart, cut=cut))
    root = reader.read(taken)
    defects = (*too_long, *taken.head.defects, *reader.defects)
    return _Parsed(taken.head, root, _date(taken.head), taken.body, tuple(reader.labels), defects)


def _take_apart(content: bytes, *, cut: bool) -> Taken:
    """The header of a message and the library's tree of its structure fields and the skeleton of its body."""
    head = headers.split(content)
    bones = skeleton.cut(head.body, bulk=cut)
    bounded, is_whole = skeleton.bounded(bones.body)
    fields = b"".join(
        b"%s: %s\n" % (field.name.encode(), skeleton.value(field.raw))
        for field in head.fields
        if field.key in _STRUCTURE
    )
    defects: tuple[str, ...] = () if is_whole else ("structure too large, its end is left out",)
    mended = delimiters.mend(fields, bounded)
    if mended.is_changed:
        defects += (delimiters.DEFECT,)
    try:
        tree = email.message_from_bytes(b"%s\n%s" % (mended.fields, mended.body))
    except RecursionError:
        defects += ("parts nested too deep, read as one text",)
        tree = email.message_from_bytes(b"Content-Type: text/plain\n\n%s" % bounded)
    return Taken(head, tree, lambda content: bones.expand(mended.restore(content)), bones.body, defects)


def _bounded(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The bytes that are read, with LF as line end unless they are binary, and what had to be left out."""
    defects: tuple[str, ...] = ()
    if len(raw) > bounds.MAX_MESSAGE_BYTES:
        raw = raw[: bounds.MAX_MESSAGE_BYTES]
        defects = ("message too long, its end is left out",)
    if b"\r" in raw and not _BINARY.search(raw):
        raw = raw.replace(b"\r\n", b"\n")
        if b"\n" not in raw:
            raw = raw.replace(b"\r", b"\n")  # Seen in practice: files of old Macs.
    return raw, defects


def _date(head: headers.Head) -> datetime | None:
    """The Date field in UTC (RFC 5322 §3.3), None when there is none that can be read.

    Asked of mail-parser's reader of dates alone: `MailParser` reads all of a message anew, which would take
    a fifth of the time for what is known already.
    """
    found: datetime | None = parse_mail_date(_text(head, "date")).value
    return found


def arrived_at(raw: bytes) -> datetime | None:
    """When our own server took the message, in UTC, as its trace tells; its Date where there is no trace.

    The newest Received field stands first (RFC 5321 §4.4); the older ones are whatever others wrote.
    """
    head = headers.split(raw[:_TRACE_BYTES])
    tree = Tree()
    if head.first("received"):
        tree["received"] = _text(head, "received")
    stamps = (hop["date_utc"] for hop in MailParser(tree).received if hop.get("date_utc"))
    return next(map(datetime.fromisoformat, stamps), None) or _date(head)


_TRACE_BYTES = 65_536


def _text(head: headers.Head, key: str) -> str:
    """The first field of that name as mail-parser wants it: bounded, its 8-bit bytes as surrogates."""
    return skeleton.value(head.first(key)).decode("ascii", "surrogateescape")
