"""What proves that a mail in doubt did leave: its own copy, in our Sent folder or in our mailbox."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.settlement import settle
from maild.model.delivery import DoubtPolicy, OutboxEntry, OutboxState, RecipientOutcome, RecipientState
from maild.model.intake import FolderRole
from maild.model.mail import Message
from maild.settings import DoubtProof
from maild.store import inbox, outbox

_SHOWN_IN = {DoubtProof.SENT_FOLDER: FolderRole.SENT, DoubtProof.BCC_SELF: FolderRole.INBOX}
_AT_A_TIME = 500


def settle_by_copy(conn: Connection, context: Context, message: Message, role: FolderRole) -> None:
    """Mark the mail that `message` is a copy of as sent, if it was in doubt and this folder can prove it."""
    entry = outbox.by_message_id(conn, message.message_id) if message.message_id else None
    if entry is None or entry.state is not OutboxState.IN_DOUBT:
        return
    proof = context.settings.mailbox(entry.mailbox).doubt_proof
    if _SHOWN_IN.get(proof) is role:
        _settle_doubts(conn, context, entry, RecipientState.SENT, f"its copy turned up ({proof})")


def settle_overdue(context: Context) -> int:
    """The number of mails in doubt to be sent again: no copy came in time, and the playbook allows it."""
    doubtful = context.store.read(lambda conn: outbox.listing(conn, {OutboxState.IN_DOUBT}, _AT_A_TIME))
    overdue = [entry for entry in doubtful if _may_resend(context, entry)]
    for entry in overdue:
        context.store.write(partial(_resend, context=context, entry=entry))
    return len(overdue)


def _resend(conn: Connection, *, context: Context, entry: OutboxEntry) -> None:
    _settle_doubts(conn, context, entry, RecipientState.QUEUED, "no copy turned up: sent again")


def _settle_doubts(
    conn: Connection, context: Context, entry: OutboxEntry, state: RecipientState, detail: str
) -> None:
    for recipient in entry.recipients:
        if recipient.state is RecipientState.IN_DOUBT:
            settle(
                conn, context, entry, RecipientOutcome(address=recipient.address, state=state, reply=detail)
            )


def _may_resend(context: Context, entry: OutboxEntry) -> bool:
    """True when the folder that would show the copy was read to its end long enough after the doubt arose."""
    role = _SHOWN_IN.get(context.settings.mailbox(entry.mailbox).doubt_proof)
    if role is None or entry.doubt_policy is not DoubtPolicy.RESEND:
        return False
    doubted_at = max(one.changed_at for one in entry.recipients)
    patience = timedelta(seconds=context.settings.outbox.settle_after_s)
    return any(polled_at >= doubted_at + patience for polled_at in _polls(context, entry.mailbox, role))


def _polls(context: Context, mailbox: str, role: FolderRole) -> list[datetime]:
    """When the folders of that role were last read to their end."""
    inbox_name = context.settings.mailbox(mailbox).inbox
    cursors = context.store.read(lambda conn: inbox.cursors(conn, mailbox))
    return [
        cursor.polled_at
        for folder, cursor in cursors.items()
        if cursor.polled_at and (folder == inbox_name) is (role is FolderRole.INBOX)
    ]
