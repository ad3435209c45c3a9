"""What became of a mail at a recipient is told to its case, in the transaction that learns it."""

import logging
from collections.abc import Iterable

from sqlalchemy import Connection

from maild.app.commit import commit
from maild.app.context import Context
from maild.app.world import world_of
from maild.core.decide import decide
from maild.errors import NotFound, UsageError
from maild.model.delivery import OutboxEntry, OutboxRecipient, RecipientOutcome, RecipientState
from maild.model.facts import DeliverySettled
from maild.store import cases, outbox

log = logging.getLogger(__name__)

_FINAL = frozenset({RecipientState.SENT, RecipientState.REFUSED, RecipientState.IN_DOUBT})


def settle(conn: Connection, context: Context, entry: OutboxEntry, outcome: RecipientOutcome) -> None:
    """Change the standing of one recipient after the fact: by a copy, a delivery report, or a person."""
    now = context.clock.now()
    after = outbox.settle(conn, entry.id, outcome.address, outcome.state, outcome.reply, now)
    tell_case(conn, context, after, [one for one in after.recipients if one.address == outcome.address])


def tell_case(
    conn: Connection, context: Context, entry: OutboxEntry, recipients: Iterable[OutboxRecipient]
) -> None:
    """Let the case decide on every recipient that is settled, or in doubt; a deferral is neither."""
    final = [recipient for recipient in recipients if recipient.state in _FINAL]
    if entry.case_id is None or not final:
        return
    case = cases.get(conn, entry.case_id)
    world = world_of(conn, context, case, case.contact)
    for recipient in final:
        fact = DeliverySettled(
            effect_key=entry.effect_key,
            recipient=recipient.address,
            state=recipient.state,
            template=entry.template,
            detail=f"{recipient.code} {recipient.reply}".removeprefix("0 "),
        )
        case = commit(conn, context, case, decide(case, fact, world, context.clock.now())) or case


def hold_without_mailbox(conn: Connection, *, context: Context, outbox_id: str) -> None:
    """Say of a mail in doubt whose mailbox is gone, once, why it stays so and what a person can do."""
    entry = outbox.entry(conn, outbox_id)
    why = (
        f"{_gone(entry)}: put it back, or say what became of the mail: "
        f"maild outbox settle {entry.id} sent|refused"
    )
    doubts = [one for one in entry.recipients if one.state is RecipientState.IN_DOUBT and one.reply != why]
    if not doubts:
        return
    after = outbox.explain_doubt(conn, entry.id, why, context.clock.now())
    tell_case(conn, context, after, [one for one in after.recipients if one.reply == why])
    log.warning(
        "mail %s is in doubt: %s", entry.id, why, extra={"event": "outbox.stranded", "outbox": entry.id}
    )


def _gone(entry: OutboxEntry) -> str:
    return f"mailbox {entry.mailbox!r} is no longer in maild.toml"


def settle_by_hand(context: Context, outbox_id: str, state: RecipientState) -> int:
    """The number of recipients in doubt on whom a person has now had the word.

    Raises:
        NotFound: no such mail, or nobody on it is in doubt.
        UsageError: it shall be sent again, and its mailbox is gone.
    """

    def transaction(conn: Connection) -> int:
        entry = outbox.entry(conn, outbox_id)
        doubts = [one.address for one in entry.recipients if one.state is RecipientState.IN_DOUBT]
        if not doubts:
            raise NotFound(f"nobody on mail {outbox_id} is in doubt; it is {entry.state}")
        if state is RecipientState.QUEUED and not context.settings.has_mailbox(entry.mailbox):
            raise UsageError(f"{_gone(entry)}: put it back before mail {outbox_id} is sent again")
        for address in doubts:
            settle(
                conn, context, entry, RecipientOutcome(address=address, state=state, reply="said by a person")
            )
        return len(doubts)

    return context.store.write(transaction)
