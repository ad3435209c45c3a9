"""Old mail into the archive: mbox files, Maildirs, folders of .eml; safe to repeat, and nothing is sent.

Imported mail goes the way of all mail (ledger, reading, thread, search), as deliveries that never act.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.process import process_pending
from maild.model.intake import FetchedMessage, FolderRole, Origin, Uid
from maild.parsers.message import arrived_at
from maild.store import inbox

FOLDER = "import"
BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How an import stands: messages read from the files, new in the archive, quarantined."""

    seen: int
    new: int
    quarantined: int


def import_messages(context: Context, mailbox: str, raws: Iterable[bytes]) -> Iterator[Imported]:
    """Bring `raws` into the archive of `mailbox`; the standing so far after every batch.

    Raises:
        KeyError: there is no such mailbox.
    """
    origin = Origin(
        mailbox=context.settings.mailbox(mailbox).name, folder=FOLDER, role=FolderRole.INBOX, uidvalidity=0
    )
    seen = new = quarantined = 0
    source = iter(raws)
    while batch := list(islice(source, BATCH)):
        by_hash = {hashlib.sha256(raw).hexdigest(): raw for raw in batch}
        seen += len(batch)
        new += _ingest(context, origin, by_hash)
        quarantined += _process(context, by_hash)
        yield Imported(seen=seen, new=new, quarantined=quarantined)


def _ingest(context: Context, origin: Origin, by_hash: Mapping[str, bytes]) -> int:
    """How many were not imported before; their bytes and ledger rows are kept."""

    def transaction(conn: Connection) -> int:
        now = context.clock.now()
        first_uid = inbox.next_import_uid(conn, origin.mailbox, origin.folder)
        known = inbox.known_blobs(conn, origin.mailbox, origin.folder, list(by_hash))
        unknown = [raw for sha256, raw in by_hash.items() if sha256 not in known]
        rows = [
            (FetchedMessage(uid=Uid(first_uid + offset), received_at=_dated(raw, now), raw=raw), False)
            for offset, raw in enumerate(unknown)
        ]
        return inbox.ingest(conn, origin, rows, now=now, new_id=context.ids.new_id)

    return context.store.write(transaction)


def _process(context: Context, at_hand: Mapping[str, bytes]) -> int:
    quarantined = 0
    while (done := process_pending(context, BATCH, at_hand)).settled:
        quarantined += done.quarantined
    return quarantined


def _dated(raw: bytes, now: datetime) -> datetime:
    """When an imported message was received, as well as its header tells; never in the future."""
    return min(arrived_at(raw) or now, now)
