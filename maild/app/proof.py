"""What proves that a mail in doubt did leave: its own copy, in our Sent folder or in our mailbox.

The copy may be here before the doubt is: a server hands it on while the sender still waits for the answer to
DATA, and then breaks down. That none came proves something only when all that came was looked at.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.settlement import hold_without_mailbox, settle
from maild.app.world import is_from_us
from maild.model.delivery import DoubtPolicy, OutboxEntry, OutboxState, RecipientOutcome, RecipientState
from maild.model.intake import FolderRole
from maild.model.mail import Message
from maild.settings import DoubtProof
from maild.store import archive, inbox, outbox

_SHOWN_IN = {DoubtProof.SENT_FOLDER: FolderRole.SENT, DoubtProof.BCC_SELF: FolderRole.INBOX}
_AT_A_TIME = 500


def settle_by_copy(conn: Connection, context: Context, message: Message, role: FolderRole) -> None:
    """Mark the mail that `message` is a copy of as sent, if it was in doubt and this folder can prove it."""
    if message.message_id is None or not is_from_us(context, message):
        return
    entry = outbox.by_message_id(conn, message.message_id)
    if entry and entry.state is OutboxState.IN_DOUBT and _shown_in(context, entry) is role:
        _settle_doubts(conn, context, entry, RecipientState.SENT)


def settle_overdue(context: Context, at_a_time: int = _AT_A_TIME) -> int:
    """The number of mails in doubt that are settled now.

    Their copy was here before the doubt; or none came in time, and the playbook allows to send them again.
    """
    settled = 0
    for entry in _doubts(context, at_a_time):
        if not context.settings.has_mailbox(entry.mailbox):
            context.store.write(partial(hold_without_mailbox, context=context, outbox_id=entry.id))
        elif _shown_in(context, entry):
            settled += context.store.write(partial(_settle_one, context=context, outbox_id=entry.id))
    return settled


def _doubts(context: Context, at_a_time: int) -> Iterator[OutboxEntry]:
    """Every mail in doubt: one that cannot be settled must not keep the younger ones waiting."""
    after = ""
    while some := context.store.read(partial(outbox.in_doubt, after=after, limit=at_a_time)):
        yield from some
        after = some[-1].id


def _shown_in(context: Context, entry: OutboxEntry) -> FolderRole | None:
    """Where a copy would show that the mail left; None where no copy can show it.

    A copy to ourselves speaks for those who were offered the mail together with us, no others.
    """
    if not context.settings.has_mailbox(entry.mailbox):
        return None
    mailbox = context.settings.mailbox(entry.mailbox)
    if mailbox.doubt_proof is DoubtProof.BCC_SELF and mailbox.address.casefold() not in _doubtful(entry):
        return None
    return _SHOWN_IN.get(mailbox.doubt_proof)


def _doubtful(entry: OutboxEntry) -> set[str]:
    return {one.address.casefold() for one in entry.recipients if one.state is RecipientState.IN_DOUBT}


def _settle_one(conn: Connection, *, context: Context, outbox_id: str) -> bool:
    """True when the mail, as it stands in this transaction, could be settled."""
    entry = outbox.entry(conn, outbox_id)
    role = _shown_in(context, entry)
    if entry.state is not OutboxState.IN_DOUBT or role is None:
        return False
    if _copy_is_here(conn, entry, role):
        _settle_doubts(conn, context, entry, RecipientState.SENT)
        return True
    if entry.doubt_policy is DoubtPolicy.RESEND and _copy_is_overdue(conn, context, entry, role):
        _settle_doubts(conn, context, entry, RecipientState.QUEUED)
        return True
    return False


def _settle_doubts(conn: Connection, context: Context, entry: OutboxEntry, state: RecipientState) -> None:
    proof = context.settings.mailbox(entry.mailbox).doubt_proof
    sent = state is RecipientState.SENT
    reply = f"its copy turned up ({proof})" if sent else "no copy turned up: sent again"
    for recipient in entry.recipients:
        if recipient.state is RecipientState.IN_DOUBT:
            outcome = RecipientOutcome(address=recipient.address, state=state, reply=reply)
            settle(conn, context, entry, outcome)


def _copy_is_here(conn: Connection, entry: OutboxEntry, role: FolderRole) -> bool:
    """True when a copy came in after the last attempt began; ids sort by the time they were made."""
    last_attempt = outbox.attempts(conn, entry.id)[-1]
    copies = archive.find_by_message_id(conn, entry.message_id)
    deliveries = (one for copy in copies for one in inbox.deliveries(conn, copy.key))
    return any(one.origin.role is role and one.id > last_attempt.id for one in deliveries)


def _copy_is_overdue(conn: Connection, context: Context, entry: OutboxEntry, role: FolderRole) -> bool:
    """True when the folder was read to its end long enough after the doubt arose, and all of it processed."""
    doubted_at = max(one.changed_at for one in entry.recipients if one.state is RecipientState.IN_DOUBT)
    patience = timedelta(seconds=context.settings.outbox.settle_after_s)
    read = any(polled_at >= doubted_at + patience for polled_at in _polls(conn, context, entry.mailbox, role))
    return read and not inbox.has_waiting(conn, entry.mailbox)


def _polls(conn: Connection, context: Context, mailbox: str, role: FolderRole) -> list[datetime]:
    """When the folders of that role were last read to their end."""
    inbox_name = context.settings.mailbox(mailbox).inbox
    return [
        cursor.polled_at
        for folder, cursor in inbox.cursors(conn, mailbox).items()
        if cursor.polled_at and (folder == inbox_name) is (role is FolderRole.INBOX)
    ]
