"""From a folder on a server into the ledger: raw bytes and ledger row in one transaction.

Only after it has committed is anything changed on the server, and that may be repeated. Deliveries are told
apart by (mailbox, folder, UIDVALIDITY, UID) (RFC 9051 §2.3.1.1); messages by their identity, later.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maild.app.context import Context
from maild.app.pace import Pace
from maild.errors import ConnectionLost
from maild.model.intake import Cursor, FetchedMessage, FolderRole, Origin, Uid
from maild.model.ports import MailboxSession
from maild.settings import AfterAction, MailboxSettings
from maild.store import inbox

log = logging.getLogger(__name__)

RESCAN_MARGIN = timedelta(hours=1)
"""How far a server's clock may be off: in a rescan, mail newer than the last poll less this still acts."""

_BATCH_BYTES = 16 * 1024 * 1024
_REPEATED_UIDS = 500
"""How many of the newest messages get their flag or move again after a restart: more than a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One folder to poll; mail received before `act_since` is only archived and threaded."""

    mailbox: MailboxSettings
    name: str
    role: FolderRole
    act_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Poll:
    """What stays the same during one poll of one folder."""

    origin: Origin
    last_uid: int
    act_since: datetime
    rescanned_after: datetime | None


def act_since(context: Context, mailbox: MailboxSettings) -> datetime:
    """From when on mail to this mailbox may be answered: as set, else when the mailbox was added."""
    now = context.clock.now()
    return mailbox.act_since or context.store.write(lambda conn: inbox.mailbox_since(conn, mailbox.name, now))


def poll_folder(
    context: Context, session: MailboxSession, folder: Folder, pace: Pace, *, on_commit: Callable[[], None]
) -> int:
    """The number of new ledger rows after reading everything new in `folder`.

    `on_commit` is called after every transaction. The cursor moves when all is in: what a cut left out is
    asked for again, and the ledger tells what of it is here. A cut before anything new came slows `pace`.

    Raises:
        ConnectionLost: the server went away; what was committed until then stays, the rest comes next time.
    """
    changes_server = folder.role is FolderRole.INBOX and folder.mailbox.after.action is not AfterAction.LEAVE
    status = session.select(folder.name, readonly=not changes_server)
    started_at = context.clock.now()
    poll = _begin(context, folder, status.uidvalidity)
    uids = session.uids_after(Uid(poll.last_uid))
    new = 0
    try:
        for batch in _fetched(context, session, poll, uids, pace):
            new += _commit(context, poll, batch)
            on_commit()
            if changes_server:
                _settle_on_server(session, folder.mailbox, [one.uid for one in batch])
    except ConnectionLost:
        if not new:
            _slow_down(context, folder, pace)
        raise
    pace.held(folder.name)
    last_uid = max((poll.last_uid, *uids))
    _move_cursor(
        context, poll, Cursor(uidvalidity=status.uidvalidity, last_uid=last_uid, polled_at=started_at)
    )
    return new


def repeat_on_server(context: Context, session: MailboxSession, folder: Folder) -> None:
    """Flag or move once more what a crash may have left between commit and flag: the newest of the folder."""
    if folder.mailbox.after.action is AfterAction.LEAVE:
        return
    status = session.select(folder.name, readonly=False)
    known = context.store.read(
        lambda conn: inbox.ledger_uids(conn, folder.mailbox.name, folder.name, status.uidvalidity)
    )
    left = [uid for uid in session.all_uids()[-_REPEATED_UIDS:] if uid in known]
    _settle_on_server(session, folder.mailbox, left)


def acts(received_at: datetime, act_since: datetime, rescanned_after: datetime | None) -> bool:
    """True when mail received then may cause effects; otherwise it is archived and threaded only.

    `rescanned_after` is the end of the last complete poll when the whole folder is read anew: mail that was
    there before it and is not known came from elsewhere (a restored backup), and nobody waits for an answer.
    INTERNALDATE has whole seconds (RFC 9051 §2.3.3), so the moments compared have too.
    """
    since = act_since.replace(microsecond=0)
    if rescanned_after is not None:
        since = max(since, rescanned_after - RESCAN_MARGIN)
    return received_at >= since


def _begin(context: Context, folder: Folder, uidvalidity: int) -> _Poll:
    mailbox = folder.mailbox
    cursor = context.store.read(lambda conn: inbox.cursor(conn, mailbox.name, folder.name))
    changed = cursor is not None and cursor.uidvalidity != uidvalidity
    if changed:
        log.warning(
            "%s/%s: UIDVALIDITY changed to %s; the folder is read anew",
            mailbox.name,
            folder.name,
            uidvalidity,
            extra={"event": "intake.rescan", "mailbox": mailbox.name, "folder": folder.name},
        )
    return _Poll(
        origin=Origin(mailbox=mailbox.name, folder=folder.name, role=folder.role, uidvalidity=uidvalidity),
        last_uid=0 if cursor is None or changed else cursor.last_uid,
        act_since=folder.act_since,
        rescanned_after=cursor.polled_at if cursor and changed else None,
    )


def _slow_down(context: Context, folder: Folder, pace: Pace) -> None:
    at_once = pace.broke(folder.name, context.settings.intake.batch_size)
    log.warning(
        "%s/%s: the line broke before a message came through; %d at a time from now on",
        folder.mailbox.name,
        folder.name,
        at_once,
        extra={"event": "intake.slower", "mailbox": folder.mailbox.name, "folder": folder.name},
    )


def _fetched(
    context: Context, session: MailboxSession, poll: _Poll, uids: list[Uid], pace: Pace
) -> Iterator[list[FetchedMessage]]:
    """What of `uids` is missing here, batch by batch: on a slow line a handful may be here already."""
    folder, batch_size = poll.origin.folder, context.settings.intake.batch_size
    few = len(uids) <= batch_size and not pace.is_slow(folder)
    for share in pace.shares(folder, uids if few else _missing(context, poll, uids)):
        yield from _batches(session.fetch(share), batch_size)


def _missing(context: Context, poll: _Poll, uids: list[Uid]) -> list[Uid]:
    """Those of `uids` that the ledger lacks."""
    origin = poll.origin
    known = context.store.read(
        lambda conn: inbox.ledger_uids(conn, origin.mailbox, origin.folder, origin.uidvalidity)
    )
    return [uid for uid in uids if uid not in known]


def _commit(context: Context, poll: _Poll, batch: Sequence[FetchedMessage]) -> int:
    now, origin = context.clock.now(), poll.origin
    rows = [
        (fetched, acts(fetched.received_at, poll.act_since, poll.rescanned_after))
        for fetched in _not_later(batch, now)
    ]
    count = context.store.write(
        lambda conn: inbox.ingest(conn, origin, rows, now=now, new_id=context.ids.new_id)
    )
    log.info(
        "%s/%s: %d new",
        origin.mailbox,
        origin.folder,
        count,
        extra={"event": "intake.committed", "mailbox": origin.mailbox, "count": count},
    )
    return count


def _move_cursor(context: Context, poll: _Poll, cursor: Cursor) -> None:
    origin = poll.origin
    context.store.write(lambda conn: inbox.set_cursor(conn, origin.mailbox, origin.folder, cursor))


def _not_later(batch: Iterable[FetchedMessage], now: datetime) -> Iterator[FetchedMessage]:
    """The batch with no message received in the future: a server's clock may be ahead of ours."""
    for fetched in batch:
        yield fetched if fetched.received_at <= now else replace(fetched, received_at=now)


def _settle_on_server(session: MailboxSession, mailbox: MailboxSettings, uids: Sequence[Uid]) -> None:
    if not uids:
        return
    if mailbox.after.action is AfterAction.MOVE:
        session.move(uids, mailbox.after.folder)
    else:
        session.mark(uids, mailbox.after.flag)


def _batches(messages: Iterable[FetchedMessage], count: int) -> Iterator[list[FetchedMessage]]:
    """Up to `count` messages, or 16 MiB, at a time: what one transaction takes.

    When the line breaks, what came before it is handed on first.
    """
    batch: list[FetchedMessage] = []
    size_bytes = 0
    try:
        for message in messages:
            batch.append(message)
            size_bytes += len(message.raw)
            if len(batch) >= count or size_bytes >= _BATCH_BYTES:
                yield batch
                batch, size_bytes = [], 0
    except ConnectionLost:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
