"""Gathers the frozen surroundings of a decision from the configuration and the store."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.stored_sets import pinned_playbook
from maild.errors import NotFound
from maild.model.calendar import WorkingCalendar
from maild.model.case import Case, CaseId
from maild.model.mail import Address, Message
from maild.model.people import MailboxProfile
from maild.model.playbook import Playbook
from maild.model.world import ReservedCase, World
from maild.settings import DEFAULT_ZONE
from maild.store import cases, outbox

ANSWER_LIMIT = 20
"""Automatic mails to one address within a day: a person hardly opens twenty cases, a loop does at once."""

_STORM_WINDOW = timedelta(days=1)


def home_of(context: Context, message: Message, delivered_to: str) -> MailboxProfile:
    """The first of our mailboxes, as the settings order them, in To or Cc; else the one that received it."""
    addressed = {one.key for one in (*message.to, *message.cc)}
    for mailbox in context.configuration.mailboxes:
        if mailbox.keys & addressed:
            return mailbox
    return context.configuration.mailbox(delivered_to)


def our_addresses(context: Context) -> frozenset[str]:
    """Every address of every mailbox, case-folded."""
    return frozenset().union(*(mailbox.keys for mailbox in context.configuration.mailboxes))


def correspondent(context: Context, message: Message) -> Address | None:
    """Whom a message is from: its author, or, where a form of ours sent it, whom it asks to answer."""
    author = message.author
    if author is None or author.key not in our_addresses(context):
        return author
    return next((one for one in message.reply_to if one.key not in our_addresses(context)), author)


def is_from_us(context: Context, message: Message) -> bool:
    """True for what one of our mailboxes wrote on its own behalf."""
    sender = correspondent(context, message)
    return sender is not None and sender.key in our_addresses(context)


def world_for(
    conn: Connection,
    context: Context,
    mailbox: MailboxProfile,
    case_kind: str,
    answered: Address | None = None,
) -> World:
    """The world of a decision on a new case, with the number reserved that it would get.

    `answered` is the address that an automatic mail would go to, if there is one.
    """
    configuration = context.configuration
    playbook = configuration.playbook_for(case_kind)
    return _world(conn, context, mailbox, playbook, configuration.calendar_of(mailbox), answered)


def world_of(conn: Connection, context: Context, case: Case, answered: Address | None = None) -> World:
    """The world of a decision on `case`: its playbook and calendar are those by which it began."""
    playbook = pinned_playbook(conn, context, case)
    return _world(conn, context, _mailbox_of(context, case), playbook, calendar_of(context, case), answered)


def calendar_of(context: Context, case: Case) -> WorkingCalendar:
    """The calendar by which the promises of `case` are counted; where it is gone, that of its mailbox."""
    configuration, mailbox = context.configuration, _mailbox_of(context, case)
    try:
        return configuration.calendar_of(replace(mailbox, calendar=case.calendar or mailbox.calendar))
    except NotFound:
        return configuration.calendar_of(mailbox)


def _mailbox_of(context: Context, case: Case) -> MailboxProfile:
    """The mailbox of the case; of one that is gone, what the case still tells."""
    if context.settings.has_mailbox(case.mailbox):
        return context.configuration.mailbox(case.mailbox)
    return MailboxProfile(
        name=case.mailbox,
        address="",
        display_name="",
        aliases=(),
        language=case.language,
        default_kind=case.kind,
        zone=DEFAULT_ZONE,
    )


def _world(  # noqa: PLR0913, PLR0917 -- what a world is made of
    conn: Connection,
    context: Context,
    mailbox: MailboxProfile,
    playbook: Playbook,
    calendar: WorkingCalendar,
    answered: Address | None,
) -> World:
    now = context.clock.now()
    year = _year(mailbox, now)
    serial, number = cases.reserve(conn, playbook.number_prefix, year)
    lately = outbox.count_to(conn, answered.key, now - _STORM_WINDOW) if answered else 0
    return World(
        playbook=playbook,
        mailbox=mailbox,
        company=context.configuration.company,
        our_addresses=our_addresses(context),
        config_hash=context.configuration.hash,
        reserved=ReservedCase(
            case_id=CaseId(context.ids.new_id(now)),
            serial=serial,
            number=f"{playbook.number_prefix}-{year}-{number:05}",
        ),
        answers_lately=lately,
        answer_limit=ANSWER_LIMIT,
        calendar=calendar,
        staff=context.configuration.staff,
        templates=context.configuration.templates.names,
    )


def claim_number(conn: Connection, world: World, mailbox: MailboxProfile, now: datetime) -> None:
    """Take the reserved number for good, in the transaction that opened the case."""
    cases.take(conn, world.playbook.number_prefix, _year(mailbox, now))


def _year(mailbox: MailboxProfile, now: datetime) -> int:
    return now.astimezone(ZoneInfo(mailbox.zone)).year
