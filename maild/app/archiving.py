"""A message that was read goes into the archive: its thread, its row, its place in the search index."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from maild.app.context import Context
from maild.core.thread import Threading, decide_thread, own_id, related_ids
from maild.model.archive import ArchivedMessage, SearchText
from maild.model.case import CaseId, Direction
from maild.model.mail import Address, Message
from maild.store import archive, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message with what its route adds: where its bytes are, which way it went, when it reached us.

    `duplicate_id`: another message of the archive has its Message-ID.
    """

    message: Message
    blob_sha256: str
    direction: Direction
    mailbox: str
    received_at: datetime
    duplicate_id: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """The row of a message, why it is in its thread, and the cases that the thread brings together."""

    row: ArchivedMessage
    threading: Threading
    is_new: bool
    case_ids: tuple[CaseId, ...] = ()


def archive_message(conn: Connection, context: Context, arrival: Arrival) -> Archived:
    """The message archived and threaded in the caller's transaction; the caller indexes `search_text`."""
    now = context.clock.now()
    threading, case_ids = _thread(conn, context, arrival.message, now)
    row = _row(context.ids.new_id(now), arrival, threading)
    archive.add(conn, row)
    return Archived(row=row, threading=threading, is_new=True, case_ids=case_ids)


def search_text(message: Message) -> SearchText:
    """What a search finds a message by; quoted text is found in the message that said it first."""
    return SearchText(
        subject=message.subject,
        from_text=_people((*message.from_, *message.sender)),
        to_text=_people((*message.to, *message.cc)),
        filenames=tuple(one.filename for one in message.attachments if one.filename),
        body="\n".join(part for part in (message.text, message.attached_text) if part),
    )


def _thread(
    conn: Connection, context: Context, message: Message, now: datetime
) -> tuple[Threading, tuple[CaseId, ...]]:
    ids = related_ids(message)
    known = threads.known(conn, ids)
    threading = decide_thread(ids, known.threads, context.ids.new_id(now))
    met = (threading.thread_id, *threading.merged)
    if threading.merged:
        threads.merge(conn, threading.thread_id, threading.merged)
    threads.add(conn, [one for one in ids if one not in known.threads], threading.thread_id)
    return threading, tuple(dict.fromkeys(known.cases[one] for one in met if one in known.cases))


def _row(key: str, arrival: Arrival, threading: Threading) -> ArchivedMessage:
    message = arrival.message
    return ArchivedMessage(
        key=key,
        identity=message.identity,
        message_id=own_id(message),
        blob_sha256=arrival.blob_sha256,
        thread_id=threading.thread_id,
        direction=arrival.direction,
        mailbox=arrival.mailbox,
        author=message.author,
        subject=message.subject,
        base_subject=message.base_subject,
        language=message.language,
        automatic_kind=message.automatic.kind,
        has_attachments=any(not one.inline for one in message.attachments),
        date=message.date,
        received_at=arrival.received_at,
        size_bytes=message.size_bytes,
        duplicate_id=arrival.duplicate_id,
        defects=message.defects,
    )


def _people(addresses: tuple[Address, ...]) -> str:
    return ", ".join(f"{one.name} {one.address}".strip() for one in addresses)
