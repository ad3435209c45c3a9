"""A colleague's answer to a mail that maild sent him, read: what he says is to be done, and on which mail."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.world import home_of
from maild.core.answering import answers_as_colleague, doubt_about
from maild.core.calendar import local_date
from maild.core.joining import Evidence
from maild.model.facts import ColleagueAnswer
from maild.model.mail import Message
from maild.parsers import command
from maild.store import outbox


def colleague_answer(
    conn: Connection, context: Context, message: Message, evidence: Evidence, received_at: datetime
) -> ColleagueAnswer | None:
    """The answer that the message is; None when it is no colleague's answer to a mail made for him."""
    configuration, author = context.configuration, evidence.author
    if author is None or not answers_as_colleague(
        message, evidence, configuration.company, configuration.staff
    ):
        return None
    mailbox = home_of(context, message, configuration.mailboxes[0].name)
    calendar = configuration.calendar_of(mailbox)
    today = local_date(calendar, received_at)
    return ColleagueAnswer(
        by=author.key,
        instructions=command.read(message.new_text, today, ZoneInfo(calendar.zone)),
        to_template=_answered_template(conn, message),
        doubt=doubt_about(message, mailbox),
    )


def _answered_template(conn: Connection, message: Message) -> str:
    """The template of the mail of ours that is answered, nearest first."""
    for message_id in reversed((*message.references, *message.in_reply_to)):
        entry = outbox.by_message_id(conn, message_id)
        if entry is not None:
            return entry.template
    return ""
