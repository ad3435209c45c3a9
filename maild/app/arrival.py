"""Deliveries, each whole in one transaction: its message is archived and threaded, and decided on, once.

One message may have come by several deliveries (two of our mailboxes, a rescan, a copy in Sent): the first
that may act brings the decision, the others are noted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from maild.app.answering import colleague_answer
from maild.app.archiving import Archived, Arrival, archive_message, search_text
from maild.app.commit import commit
from maild.app.context import Context
from maild.app.delivery_reports import settle_reported
from maild.app.evidence import gather, of_one_matter
from maild.app.proof import settle_by_copy
from maild.app.transfer import merge_cases
from maild.app.world import claim_number, correspondent, home_of, is_from_us, world_for, world_of
from maild.core.classify import rule_input
from maild.core.decide import decide, waits_for_review
from maild.core.joining import belongs, decide_joining
from maild.core.thread import Threading, own_id
from maild.core.transfer import same_party
from maild.model.archive import ArchivedMessage
from maild.model.case import Case, Direction
from maild.model.decision import DecisionRecord
from maild.model.effects import Decision
from maild.model.facts import ColleagueAnswer, Joining, MailArrived, Routing
from maild.model.intake import FolderRole, LedgerEntry
from maild.model.mail import Message
from maild.model.people import MailboxProfile, ReusedMail
from maild.model.rule import RuleInput
from maild.model.world import World
from maild.parsers.answer import only_thanks
from maild.store import archive, cases, decisions, inbox, review, search, threads
from maild.store.case_traits import workloads


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one delivery: the message, and the decision on it, if this delivery brought one.

    `is_new`: it brought the message into the archive, where it is still to be indexed.
    """

    message_key: str
    is_new: bool
    case: Case | None
    fact: MailArrived | None
    decision: Decision | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivery:
    """A delivery with its message read and archived."""

    entry: LedgerEntry
    message: Message
    archived: Archived


def settle_deliveries(conn: Connection, context: Context, messages: Mapping[str, Message]) -> list[Outcome]:
    """What became of each of these deliveries (message by ledger id) that is still new, oldest first.

    Each is decided on by itself, in order; what concerns none of the decisions is asked and written for all
    of them at once.
    """
    entries = inbox.lock_entries(conn, list(messages))
    now = context.clock.now()
    outcomes = {entry.id: settle_delivery(conn, context, entry, messages[entry.id]) for entry in entries}
    new = ((one.message_key, messages[entry_id]) for entry_id, one in outcomes.items() if one.is_new)
    search.index(conn, {key: search_text(message) for key, message in new}, now)
    inbox.mark_processed(conn, {entry_id: one.message_key for entry_id, one in outcomes.items()}, now)
    return list(outcomes.values())


def settle_delivery(conn: Connection, context: Context, entry: LedgerEntry, message: Message) -> Outcome:
    """Archive the message of one delivery and, if it acts and has not been decided, decide it."""
    alike = archive.alike(conn, message.identity, own_id(message))
    known = next((one for one in alike if one.identity == message.identity), None)
    archived = _known(known) if known else _archive(conn, context, entry, message, duplicate_id=bool(alike))
    settle_by_copy(conn, context, message, entry.origin.role)
    if known and cases.case_of_message(conn, known.key):
        return _undecided(archived, "another delivery of a message that has its case")
    if known and decisions.of_message(conn, known.key):
        return _undecided(archived, "another delivery of a message that is decided")
    if not entry.acts:
        return _undecided(archived, "archived and threaded only: from before the mailbox acts, or imported")
    return _act(conn, context, _Delivery(entry=entry, message=message, archived=archived))


def _known(row: ArchivedMessage) -> Archived:
    threading = Threading(thread_id=row.thread_id, merged=(), ids=(), reason="it was here before")
    return Archived(row=row, threading=threading, is_new=False)


def _archive(
    conn: Connection, context: Context, entry: LedgerEntry, message: Message, *, duplicate_id: bool
) -> Archived:
    arrival = Arrival(
        message=message,
        blob_sha256=entry.blob_sha256,
        direction=_direction(context, entry.origin.role, message),
        mailbox=home_of(context, message, entry.origin.mailbox).name,
        received_at=entry.received_at,
        duplicate_id=duplicate_id,
    )
    return archive_message(conn, context, arrival)


def _direction(context: Context, role: FolderRole, message: Message) -> Direction:
    sent = role is FolderRole.SENT or is_from_us(context, message)
    return Direction.OUTGOING if sent else Direction.INCOMING


def _undecided(archived: Archived, reason: str) -> Outcome:
    return Outcome(
        message_key=archived.row.key,
        is_new=archived.is_new,
        case=None,
        fact=None,
        decision=None,
        reason=reason,
    )


def _act(conn: Connection, context: Context, delivery: _Delivery) -> Outcome:
    now, message, row = context.clock.now(), delivery.message, delivery.archived.row
    mailbox = home_of(context, message, delivery.entry.origin.mailbox)
    _merge_what_it_ties(conn, context, delivery, mailbox.reused_mail)
    evidence = gather(conn, context, message, delivery.archived, now)
    joining = decide_joining(evidence, context.configuration.company, mailbox.reused_mail)
    before = cases.get(conn, joining.case_id) if joining.case_id else None
    seen = rule_input(message, mailbox, context.configuration.company, before if joining.verified else None)
    routing = context.configuration.ruleset.route(seen, default_kind=mailbox.default_kind)
    answer = colleague_answer(conn, context, message, evidence, delivery.entry.received_at)
    fact = _fact(context, delivery, joining, routing, answer)
    world = world_of_mail(conn, context, mailbox, before, fact)
    decision = decide(before, fact, world, now)
    case = commit(conn, context, before, decision)
    if before is None and case is not None:
        claim_number(conn, world, mailbox, now)
    if case is not None:
        bind_thread(conn, row, case, joining)
        settle_reported(conn, context, message)
    if waits_for_review(before, fact):
        review.add(conn, row.key, row.mailbox, routing.reason if routing.review else joining.reason, now)
    outcome = Outcome(
        message_key=row.key,
        is_new=delivery.archived.is_new,
        case=case,
        fact=fact,
        decision=decision,
        reason=decision.reason,
    )
    _record(conn, context, outcome, seen)
    return outcome


def world_of_mail(
    conn: Connection, context: Context, mailbox: MailboxProfile, before: Case | None, fact: MailArrived
) -> World:
    """The world, with what the possible owners have to do; mail that opens no case needs any playbook."""
    routing = fact.routing
    if before is not None:
        world = world_of(conn, context, before, fact.reply_address)
    else:
        kind = routing.case_kind or context.configuration.playbooks[0].kinds[0]
        world = world_for(conn, context, mailbox, kind, fact.reply_address)
    people = routing.assign.people if routing.assign else ()
    return replace(world, workloads=workloads(conn, people)) if people else world


def _merge_what_it_ties(
    conn: Connection, context: Context, delivery: _Delivery, reused_mail: ReusedMail
) -> None:
    """A late parent may show that cases are one: the oldest takes the others over.

    Only cases of the same people, and only by one who belongs to both: nobody brings strangers together.
    Where an old mail reused for a new matter does not join its case, cases of two matters stay two as well.
    """
    company, sender = context.configuration.company, correspondent(context, delivery.message)
    found = sorted((cases.get(conn, one) for one in delivery.archived.case_ids), key=lambda case: case.serial)
    for other in found[1:]:
        oldest = cases.get(conn, found[0].id)
        both = belongs(oldest, sender, company) and belongs(other, sender, company)
        one = reused_mail is ReusedMail.JOIN or of_one_matter(conn, oldest, other)
        if both and one and same_party(oldest, other, company):
            reason = f"<{own_id(delivery.message)}> ties their threads together"
            merge_cases(conn, context, other, oldest, reason)


def _fact(
    context: Context,
    delivery: _Delivery,
    joining: Joining,
    routing: Routing,
    answer: ColleagueAnswer | None,
) -> MailArrived:
    message, row = delivery.message, delivery.archived.row
    return MailArrived(
        message_key=row.key,
        message_id=message.message_id,
        references=message.references or message.in_reply_to,
        direction=row.direction,
        author=correspondent(context, message),
        reply_address=next(iter(message.reply_to), None) or message.author,
        recipients=(*message.to, *message.cc),
        subject=message.subject,
        base_subject=message.base_subject,
        language=message.language,
        automatic=message.automatic,
        mailbox=row.mailbox,
        received_at=delivery.entry.received_at,
        joining=joining,
        routing=routing,
        duplicate_id=row.duplicate_id,
        answer=answer,
        only_thanks=only_thanks(message.new_text, _names(message)),
    )


def bind_thread(conn: Connection, row: ArchivedMessage, case: Case, joining: Joining) -> None:
    """The first case of a thread keeps it; who does not belong to a case binds no thread to it."""
    verified = joining.verified or joining.case_id is None
    if verified and threads.case_of(conn, row.thread_id) is None:
        threads.bind_case(conn, row.thread_id, case.id)


def _record(conn: Connection, context: Context, outcome: Outcome, seen: RuleInput) -> None:
    now = context.clock.now()
    decisions.add(
        conn,
        DecisionRecord(
            id=context.ids.new_id(now),
            message_key=outcome.message_key,
            case_id=outcome.case.id if outcome.case else None,
            config_hash=context.configuration.hash,
            fact=outcome.fact,
            rule_input=seen,
            reason=outcome.reason,
            trace=outcome.fact.routing.trace if outcome.fact else (),
            decided_at=now,
        ),
    )


def _names(message: Message) -> tuple[str, ...]:
    """How the author signs."""
    return (message.author.name,) if message.author and message.author.name else ()
