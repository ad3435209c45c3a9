"""Why a message went where it went, and where a message would go: the real pipeline, undone at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from maild.app.arrival import Outcome, settle_delivery
from maild.app.context import Context
from maild.core.decide import waits_for_review
from maild.core.thread import own_id
from maild.errors import NotFound
from maild.model.archive import ArchivedMessage
from maild.model.case import NO_TRAITS, Case, CaseTraits, JoinReason
from maild.model.decision import DecisionRecord
from maild.model.events import JournalEntry, MailDecided, MessageJoined
from maild.model.facts import MailArrived, Reuse, RuleVerdict
from maild.model.intake import FetchedMessage, FolderRole, Origin, Uid
from maild.model.mail import Message, MessageId
from maild.model.people import Viewer
from maild.parsers.message import read
from maild.store import archive, cases, decisions, inbox
from maild.store.visibility import may_see_case, may_see_message

_FOLDER = "explain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One decision in words: `happened` tells whether it was taken, or would be now."""

    happened: bool
    message_id: MessageId
    subject: str
    automatic: str
    case_number: str | None
    joining: str
    routing: str
    reason: str
    mails: tuple[str, ...]  # what was, or would be, sent: template and recipients
    config_hash: str
    trace: tuple[RuleVerdict, ...]
    join: JoinReason | None = None
    verified: bool = False
    case_kind: str = ""
    priority: str = ""
    owners: tuple[str, ...] = ()  # who may own it
    traits: CaseTraits = NO_TRAITS
    template: str | None = None
    review: bool = False
    spam: bool = False
    reuse: Reuse | None = None  # it answers an old mail and begins a new matter


def explain_bytes(context: Context, viewer: Viewer, raw: bytes, mailbox: str) -> Explanation:
    """What would happen if `raw` arrived in `mailbox` now; for a message that is here, what did happen.

    Raises:
        NotFound: there is no such mailbox, or what there is to tell is of a case that `viewer` may not see.
    """
    message = read(raw)
    known = context.store.read(lambda conn: archive.find_by_identity(conn, message.identity))
    if known and (told := _recorded(context, viewer, known.key)):
        return told

    def imagine(conn: Connection) -> Explanation:
        outcome = _imagined(conn, context, message, raw, mailbox)
        joined = outcome.fact.joining.case_id if outcome.fact else None
        if joined and not may_see_case(conn, viewer, joined):
            raise _untold(message.message_id)
        return _from_outcome(context, outcome, message)

    return context.store.dry_run(imagine)


def explain_message_id(context: Context, viewer: Viewer, message_id: MessageId) -> Explanation:
    """What happened to the message with this Message-ID.

    Raises:
        NotFound: no such message that `viewer` may see is in the archive, or it was archived without a
            decision.
    """

    def look_up(conn: Connection) -> tuple[ArchivedMessage, ...]:
        found = archive.find_by_message_id(conn, message_id)
        return tuple(row for row in found if may_see_message(conn, viewer, row.key))

    rows = context.store.read(look_up)
    if not rows:
        raise NotFound(f"no message <{message_id}> is in the archive")
    for row in rows:
        if told := _recorded(context, viewer, row.key):
            return told
    raise NotFound(
        f"<{message_id}> was archived without a decision: imported, or older than its mailbox acts on"
    )


def _recorded(context: Context, viewer: Viewer, message_key: str) -> Explanation | None:
    def look_up(conn: Connection) -> Explanation | None:
        found = decisions.of_message(conn, message_key)
        if not found:
            return None
        record = found[0]
        there = record.case_id is None or may_see_case(conn, viewer, record.case_id)
        if not (there and may_see_message(conn, viewer, message_key)):
            raise _untold(record.fact.message_id if isinstance(record.fact, MailArrived) else None)
        now_in = record.case_id or cases.case_of_message(conn, message_key)
        case = cases.get(conn, now_in) if now_in else None
        return _from_record(conn, record, case)

    return context.store.read(look_up)


def _untold(message_id: MessageId | None) -> NotFound:
    """The same words whether there is nothing, or nothing for this viewer."""
    return NotFound(f"there is nothing to tell of <{message_id or ''}>")


def _from_record(conn: Connection, record: DecisionRecord, case: Case | None) -> Explanation | None:
    if not isinstance(record.fact, MailArrived):
        return None
    mails = _mails_after(cases.journal(conn, case.id), record.fact.message_key) if case else ()
    return replace(
        _of_fact(record.fact),
        happened=True,
        case_number=case.number if case else None,
        reason=record.reason
        if record.case_id or not case
        else f"{record.reason}; a person opened {case.number}",
        mails=mails,
        config_hash=record.config_hash,
    )


def _imagined(conn: Connection, context: Context, message: Message, raw: bytes, mailbox: str) -> Outcome:
    now = context.clock.now()
    name = context.configuration.mailbox(mailbox).name
    origin = Origin(mailbox=name, folder=_FOLDER, role=FolderRole.INBOX, uidvalidity=0)
    fetched = FetchedMessage(uid=Uid(1), received_at=now, raw=raw)
    inbox.ingest(conn, origin, [(fetched, True)], now=now, new_id=context.ids.new_id)
    (entry,) = inbox.of_folder(conn, name, _FOLDER)
    return settle_delivery(conn, context, entry, message)


def _from_outcome(context: Context, outcome: Outcome, message: Message) -> Explanation:
    if outcome.fact is None or outcome.decision is None:
        raise NotFound(f"<{own_id(message)}>: {outcome.reason}")
    decided = outcome.decision.events
    return replace(
        _of_fact(outcome.fact),
        case_number=outcome.case.number if outcome.case else None,
        reason=outcome.reason,
        mails=tuple(_mail(event) for event in decided if isinstance(event, MailDecided)),
        config_hash=context.configuration.hash,
    )


def _of_fact(fact: MailArrived) -> Explanation:
    """What the fact alone tells; the rest is filled in by the caller."""
    kind = str(fact.automatic.kind)
    return Explanation(
        happened=False,
        message_id=fact.message_id or MessageId(""),
        subject=fact.subject,
        automatic=f"{kind} ({fact.automatic.reason})" if fact.automatic.reason else kind,
        case_number=None,
        joining=fact.joining.reason,
        routing=fact.routing.reason,
        reason="",
        mails=(),
        config_hash="",
        trace=fact.routing.trace,
        join=fact.joining.join,
        verified=fact.joining.verified,
        case_kind=fact.routing.case_kind,
        priority=fact.routing.priority,
        owners=fact.routing.assign.people if fact.routing.assign else (),
        traits=fact.routing.traits,
        template=fact.routing.template,
        review=fact.joining.case_id is None and waits_for_review(None, fact),
        spam=fact.routing.spam,
        reuse=fact.joining.reuse,
    )


def _mails_after(journal: Sequence[JournalEntry], message_key: str) -> tuple[str, ...]:
    """The mails decided between this message and the next one that came in."""
    mails: list[str] = []
    cause = ""
    for event in (entry.event for entry in journal):
        if isinstance(event, MessageJoined) and event.join is not JoinReason.SENT:
            cause = event.message_key
        if isinstance(event, MailDecided) and cause == message_key:
            mails.append(_mail(event))
    return tuple(mails)


def _mail(event: MailDecided) -> str:
    return f"{event.template} to {', '.join(event.recipients)}"
