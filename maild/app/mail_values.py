"""What the variables of a mail template are filled with, from the case and from what the mail is about."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from maild.app.context import Context
from maild.model.case import Case
from maild.model.effects import SendMail
from maild.model.mail import Address, Message
from maild.model.people import MailboxProfile
from maild.model.rendering import Lines, MailValues
from maild.parsers.message import read
from maild.store import archive

_OF_SEVERAL_LINES = frozenset({"text"})
_TEXT_MAX = 20_000  # characters of a message that a colleague is shown: the whole is in the archive


def about(conn: Connection, effect: SendMail) -> Message | None:
    """The message that the mail is about, read once more."""
    if not effect.about:
        return None
    row = archive.get(conn, effect.about)
    return read(archive.blob(conn, row.blob_sha256))


def mail_values(
    context: Context, case: Case, mailbox: MailboxProfile, effect: SendMail, message: Message | None
) -> MailValues:
    """All variables of the template of `effect`."""
    opened = case.opened_at.astimezone(ZoneInfo(mailbox.zone))
    values = MailValues(
        company_name=context.configuration.company.name(effect.language),
        mailbox_name=mailbox.display_name,
        mailbox_address=mailbox.address,
        contact_name=case.contact.name,
        case_number=case.number,
        case_subject=case.base_subject or case.subject,
        received_at=f"{opened:%Y-%m-%d %H:%M}",
        plan=_plan_text(case),
    )
    if message is not None:
        values = replace(
            values,
            message_from=_written(message.author),
            message_subject=message.subject,
            message_text=Lines((message.new_text or message.text)[:_TEXT_MAX]),
        )
    given = {name: Lines(text) if name in _OF_SEVERAL_LINES else text for name, text in effect.values}
    return replace(values, **given)


def _written(author: Address | None) -> str:
    """The author as people write him: name and address."""
    if author is None:
        return ""
    return f"{author.name} <{author.address}>" if author.name else author.address


def _plan_text(case: Case) -> Lines:
    """The plan as a list, a line a step: what, by whom, by when."""
    steps = enumerate(case.progress.plan, 1)
    return Lines("\n".join(f"{at}. {one.what} ({one.responsible}, {one.due_on})" for at, one in steps))
