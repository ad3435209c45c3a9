"""The proof that nothing was lost: the server's set of UIDs against the ledger, folder by folder."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.ingest import Folder
from maild.model.intake import LedgerState, Uid
from maild.model.ports import MailboxSession
from maild.store import inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One folder: how many messages the server holds, how many of them the ledger has, and which it lacks.

    Messages that the ledger has and the server has not any more were moved or deleted there: no loss.
    """

    mailbox: str
    folder: str
    uidvalidity: int
    on_server: int
    in_ledger: int
    missing: tuple[Uid, ...]
    gone_from_server: int
    unprocessed: int
    quarantined: int

    @property
    def complete(self) -> bool:
        """True when everything on the server is in the ledger."""
        return not self.missing


def verify_folder(context: Context, session: MailboxSession, folder: Folder) -> Reconciliation:
    """The standing of one folder now; nothing is fetched or changed."""
    status = session.select(folder.name, readonly=True)
    on_server = set(session.all_uids())
    name = folder.mailbox.name
    ledger = context.store.read(lambda conn: inbox.ledger_uids(conn, name, folder.name, status.uidvalidity))
    states = context.store.read(lambda conn: inbox.state_counts(conn, name, folder.name))
    return Reconciliation(
        mailbox=name,
        folder=folder.name,
        uidvalidity=status.uidvalidity,
        on_server=len(on_server),
        in_ledger=len(on_server & ledger),
        missing=tuple(sorted(Uid(uid) for uid in on_server - ledger)),
        gone_from_server=len(ledger - on_server),
        unprocessed=states.get(LedgerState.NEW, 0),
        quarantined=states.get(LedgerState.QUARANTINED, 0),
    )


def reread(context: Context, folder: Folder) -> None:
    """Let the next poll ask for everything in the folder; the ledger tells what of it is here."""
    name = folder.mailbox.name

    def transaction(conn: Connection) -> None:
        cursor = inbox.cursor(conn, name, folder.name)
        if cursor is not None:
            inbox.set_cursor(conn, name, folder.name, replace(cursor, last_uid=0))

    context.store.write(transaction)
