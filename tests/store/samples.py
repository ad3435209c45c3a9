"""Values for the store's tests, each complete, with what matters given by the test."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Connection

from maild.model.archive import ArchivedMessage, SearchText
from maild.model.case import Case, CaseId, Direction
from maild.model.delivery import DoubtPolicy, Envelope, OutgoingMail
from maild.model.events import CaseOpened, StageMoved
from maild.model.intake import FetchedMessage, FolderRole, Origin, Uid
from maild.model.mail import Address, AutomaticKind, Identity, MessageId
from maild.store import archive, cases, search

NOW = datetime(2026, 10, 8, 1, 30, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
ORIGIN = Origin(mailbox="service", folder="INBOX", role=FolderRole.INBOX, uidvalidity=7)
ANNA = Address(name="Anna 王", address="Anna@example.com")


def numbered(prefix: str = "id") -> Callable[[datetime], str]:
    """A source of ids in rising order."""
    numbers = count(1)
    return lambda _now: f"{prefix}-{next(numbers):04}"


def fetched(uid: int, raw: bytes = b"", received_at: datetime = NOW) -> FetchedMessage:
    """A message from a server; its bytes differ by UID unless they are given."""
    return FetchedMessage(uid=Uid(uid), received_at=received_at, raw=raw or b"Subject: %d\r\n\r\n" % uid)


def archived(key: str, **given: object) -> ArchivedMessage:
    """A message of the archive."""
    plain = ArchivedMessage(
        key=key,
        identity=Identity(hashlib.sha256(key.encode()).hexdigest()),
        message_id=MessageId(f"{key}@example.com"),
        blob_sha256="",
        thread_id="thread-1",
        direction=Direction.INCOMING,
        mailbox="service",
        author=ANNA,
        subject="Re: 报价 quote",
        base_subject="报价 quote",
        language="zh",
        automatic_kind=AutomaticKind.NONE,
        has_attachments=False,
        date=NOW - HOUR,
        received_at=NOW,
        size_bytes=3000,
    )
    return replace(plain, **given)  # type: ignore[arg-type]  # fields by name


def put_message(
    conn: Connection, key: str, text: SearchText | None = None, **given: object
) -> ArchivedMessage:
    """A message in the archive, with its bytes, indexed when it has a text."""
    message = archived(key, blob_sha256=archive.put_blob(conn, key.encode(), NOW), **given)
    archive.add(conn, message)
    if text is not None:
        search.index(conn, {key: text}, NOW)
    return message


def case(case_id: str = "case-1", **given: object) -> Case:
    """A case with one event."""
    plain = Case(
        id=CaseId(case_id),
        serial=1,
        number="KF-2026-00001",
        kind="complaint",
        stage="open",
        priority="normal",
        subject="Re: 报价 quote",
        base_subject="报价 quote",
        contact=ANNA,
        participants=frozenset({"anna@example.com", "bo@example.com"}),
        mailbox="service",
        language="zh",
        playbook="customer",
        config_hash="c" * 64,
        opened_at=NOW,
        updated_at=NOW,
        closed_at=None,
        message_count=1,
        trouble="",
        merged_into=None,
        version=1,
    )
    return replace(plain, **given)  # type: ignore[arg-type]  # fields by name


def opened(of: Case) -> CaseOpened:
    """The event that opens the case."""
    return CaseOpened(
        case_id=of.id,
        serial=of.serial,
        number=of.number,
        case_kind=of.kind,
        stage=of.stage,
        priority=of.priority,
        subject=of.subject,
        base_subject=of.base_subject,
        contact=of.contact,
        mailbox=of.mailbox,
        language=of.language,
        playbook=of.playbook,
        config_hash=of.config_hash,
    )


def put_case(conn: Connection, case_id: str = "case-1", **given: object) -> Case:
    """A case in the store; cases other than case-1 have numbers of their own."""
    number = int(case_id.rpartition("-")[2])
    own = {"serial": number, "number": f"KF-2026-{number:05}"}
    new = case(case_id, **(own | given))
    cases.save(conn, None, new, [opened(new)], at=NOW)
    return new


def move(conn: Connection, before: Case, stage: str) -> Case:
    """The case after it went on to another stage."""
    after = replace(before, stage=stage, version=before.version + 1)
    cases.save(conn, before, after, [StageMoved(stage=stage, reason="因为")], at=NOW)
    return after


def outgoing(effect_key: str = "effect-1", *recipients: str, **given: object) -> OutgoingMail:
    """A mail that is due at NOW."""
    plain = OutgoingMail(
        id=f"mail-{effect_key}",
        effect_key=effect_key,
        case_id=None,
        mailbox="service",
        template="acknowledgement",
        template_version="1",
        message_id=MessageId(f"{effect_key}@ours.example"),
        envelope=Envelope(sender="service@ours.example", recipients=recipients or ("anna@example.com",)),
        raw=f"Subject: {effect_key}\r\n\r\n谢谢".encode(),
        doubt_policy=DoubtPolicy.HOLD,
        created_at=NOW,
        next_attempt_at=NOW,
    )
    return replace(plain, **given)  # type: ignore[arg-type]  # fields by name
