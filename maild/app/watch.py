"""Keeps one mailbox read, for as long as the process runs: connect, poll, wait, and connect again.

Whatever happens to one mailbox (a wrong password, a host that is down, a certificate that is not trusted) is
told in one line and tried again on a growing delay; the other mailboxes do not notice.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from tenacity import Retrying, stop_when_event_set
from tenacity.nap import sleep_using_event
from tenacity.wait import wait_random_exponential

from maild.app.context import Context
from maild.app.ingest import Folder, act_since, poll_folder, repeat_on_server
from maild.app.pace import Pace
from maild.app.verify import Reconciliation, reread, verify_folder
from maild.errors import MaildError
from maild.model.intake import FolderRole
from maild.model.ports import MailboxSession
from maild.settings import ImapSettings, MailboxSettings

log = logging.getLogger(__name__)

RECONCILE_EVERY = timedelta(hours=1)
_FIRST_DELAY_S, _LONGEST_DELAY_S = 1, 300


class Connect(Protocol):
    """Opens a session with a mailbox's server."""

    def __call__(self, settings: ImapSettings, mailbox: str) -> MailboxSession:
        """A session that is logged in. Raises: MaildError in one clear line."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What watching one mailbox needs: `on_commit` is called whenever new mail is in the ledger."""

    context: Context
    mailbox: MailboxSettings
    connect: Connect
    stop: threading.Event
    on_commit: Callable[[], None]
    pace: Pace = field(default_factory=Pace)


def watch_mailbox(watch: Watch) -> None:
    """Read the mailbox until `watch.stop` is set; the delay between tries starts anew after a good poll."""
    while not watch.stop.is_set():
        retrying = Retrying(
            wait=wait_random_exponential(multiplier=_FIRST_DELAY_S, max=_LONGEST_DELAY_S),
            stop=stop_when_event_set(watch.stop),
            sleep=sleep_using_event(watch.stop),
            before_sleep=lambda state: _tell(
                watch.mailbox, state.outcome.exception() if state.outcome else None
            ),
            retry_error_callback=lambda _: None,
        )
        session = retrying(_open, watch)
        if session is not None:
            _serve(watch, session)


def folders_of(context: Context, session: MailboxSession, mailbox: MailboxSettings) -> tuple[Folder, ...]:
    """The folders that are read: the one with sent mail, where there is one, then the inbox."""
    since = act_since(context, mailbox)
    inbox = Folder(mailbox=mailbox, name=mailbox.inbox, role=FolderRole.INBOX, act_since=since)
    sent = session.find_sent() if mailbox.sent_folder == "auto" else mailbox.sent_folder
    if not sent:
        return (inbox,)
    return (Folder(mailbox=mailbox, name=sent, role=FolderRole.SENT, act_since=since), inbox)


def _open(watch: Watch) -> MailboxSession:
    """A session whose folders have all been read once: proof enough that the mailbox works."""
    session = watch.connect(watch.mailbox.imap, watch.mailbox.name)
    try:
        folders = folders_of(watch.context, session, watch.mailbox)
        repeat_on_server(watch.context, session, folders[-1])
        _reconcile(watch, session, folders)
    except BaseException:
        session.close()
        raise
    log.info(
        "%s: reading", watch.mailbox.name, extra={"event": "mailbox.reading", "mailbox": watch.mailbox.name}
    )
    return session


def _serve(watch: Watch, session: MailboxSession) -> None:
    """Poll on news and on time until the session ends or the watch stops."""
    with closing(session):
        try:
            _poll_and_wait(watch, session)
        except Exception as exc:  # noqa: BLE001 -- supervisor: this mailbox connects anew, the others go on
            _tell(watch.mailbox, exc)
            watch.stop.wait(_FIRST_DELAY_S)


def _poll_and_wait(watch: Watch, session: MailboxSession) -> None:
    folders = folders_of(watch.context, session, watch.mailbox)
    inbox = folders[-1]
    clock = watch.context.clock
    reconciled_at = clock.now()
    while not watch.stop.is_set():
        if not session.wait(watch.mailbox.imap.poll_interval_s, watch.stop):
            _poll(watch, session, folders[:-1])
        _poll(watch, session, (inbox,))
        if clock.now() - reconciled_at >= RECONCILE_EVERY:
            _reconcile(watch, session, folders)
            reconciled_at = clock.now()


def _poll(watch: Watch, session: MailboxSession, folders: tuple[Folder, ...]) -> None:
    for folder in folders:
        poll_folder(watch.context, session, folder, watch.pace, on_commit=watch.on_commit)


def _reconcile(watch: Watch, session: MailboxSession, folders: tuple[Folder, ...]) -> None:
    """Read all folders, then hold the server against the ledger; what is missing is told and read again."""
    _poll(watch, session, folders)
    for folder in folders:
        found = verify_folder(watch.context, session, folder)
        if not found.complete:
            _alarm(found)
            reread(watch.context, folder)
    _poll(watch, session, (folders[-1],))  # leaves the inbox selected, which `wait` watches


def _alarm(found: Reconciliation) -> None:
    log.error(
        "%s/%s: the server holds %d messages that are not here (UIDs %s); they are read again",
        found.mailbox,
        found.folder,
        len(found.missing),
        ", ".join(str(uid) for uid in found.missing[:10]),
        extra={"event": "intake.missing", "mailbox": found.mailbox, "count": len(found.missing)},
    )


def _tell(mailbox: MailboxSettings, exc: BaseException | None) -> None:
    expected = isinstance(exc, MaildError)
    log.warning(
        "%s; trying again",
        _named(mailbox, str(exc) if expected else f"{type(exc).__name__}: {exc}"),
        extra={"event": "mailbox.failed", "mailbox": mailbox.name},
        exc_info=None if expected else exc,
    )


def _named(mailbox: MailboxSettings, said: str) -> str:
    """What went wrong, with the mailbox named once: a session's errors do it themselves."""
    place = f"mailbox {mailbox.name}: "
    return said if said.startswith(place) else place + said
