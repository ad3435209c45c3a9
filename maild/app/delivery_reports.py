"""What a bounce says of mail that we sent: each failed recipient's state changes, and the case hears of it.

RFC 3464 §2.3.3: only `failed` is final; `delayed` and `relayed` change nothing.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.settlement import settle
from maild.model.delivery import OutboxEntry, RecipientOutcome, RecipientState
from maild.model.mail import AutomaticKind, Message, RecipientReport
from maild.store import outbox


def settle_reported(conn: Connection, context: Context, message: Message) -> None:
    """Record every failure that `message` reports of a mail in our outbox, each once."""
    if message.automatic.kind is not AutomaticKind.BOUNCE or message.reported_id is None:
        return
    entry = outbox.by_message_id(conn, message.reported_id)
    if entry is not None:
        for outcome in _failures(entry, message):
            settle(conn, context, entry, outcome)


def _failures(entry: OutboxEntry, message: Message) -> Iterator[RecipientOutcome]:
    unrefused = {
        one.address.casefold(): one.address
        for one in entry.recipients
        if one.state is not RecipientState.REFUSED
    }
    for report in message.delivery_report:
        address = unrefused.pop(report.recipient.casefold(), None)
        if address and report.action == "failed":
            yield RecipientOutcome(address=address, state=RecipientState.REFUSED, reply=_said(report))


def _said(report: RecipientReport) -> str:
    """What the report says of the failure; the status (RFC 3463) often stands in the diagnostic too."""
    diagnostic = report.diagnostic or report.reason
    status = "" if report.status in diagnostic else f"{report.status} "
    return f"bounced: {status}{diagnostic}".rstrip()
