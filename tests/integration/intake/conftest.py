"""Intake step by step against a real Dovecot, without the daemon around it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from maild.app.context import Context
from maild.app.ingest import poll_folder
from maild.app.pace import Pace
from maild.app.process import process_pending
from maild.app.verify import Reconciliation, verify_folder
from maild.app.watch import Watch, folders_of, watch_mailbox
from maild.imap.connect import connect
from maild.model.archive import ArchiveCounts
from maild.model.delivery import OutboxEntry, OutboxState
from maild.model.ports import MailboxSession
from maild.store import archive, outbox
from tests.servers.dovecot import DovecotServer
from tests.servers.installation import LONG_AGO, Box, Installation

BATCH = 10
"""Messages in one transaction: few, so that a crash between two can be had with few messages."""

_numbers = count(1)


class Intake:
    """One maild, with its context open, on accounts of its own."""

    def __init__(self, installation: Installation, context: Context) -> None:
        self.installation = installation
        self.context = context
        self.pace = Pace()

    @contextmanager
    def session(self, number: int = 0) -> Iterator[MailboxSession]:
        """A connection to the mailbox of that position."""
        mailbox = self.context.settings.mailboxes[number]
        with closing(connect(mailbox.imap, mailbox.name)) as session:
            yield session

    def poll(self, number: int = 0, on_commit: Callable[[], None] = lambda: None) -> int:
        """Read all folders of a mailbox; the number of new ledger rows."""
        with self.session(number) as session:
            folders = folders_of(self.context, session, self.context.settings.mailboxes[number])
            return sum(
                poll_folder(self.context, session, folder, self.pace, on_commit=on_commit)
                for folder in folders
            )

    def process(self) -> None:
        """Settle every delivery."""
        while process_pending(self.context).settled:
            pass

    def verify(self, number: int = 0) -> list[Reconciliation]:
        """Server against ledger, folder by folder."""
        with self.session(number) as session:
            folders = folders_of(self.context, session, self.context.settings.mailboxes[number])
            return [verify_folder(self.context, session, folder) for folder in folders]

    def counts(self) -> ArchiveCounts:
        """What the archive holds."""
        return self.context.store.read(archive.counts)

    def answers(self) -> tuple[OutboxEntry, ...]:
        """Every mail that was queued."""
        return self.context.store.read(lambda conn: outbox.listing(conn, frozenset(OutboxState), 10_000))

    def addresses(self) -> list[str]:
        """The addresses of the mailboxes, which name their accounts too."""
        return [mailbox.address for mailbox in self.context.settings.mailboxes]

    def deliver(self, raw: bytes, number: int = 0, received_at: datetime | None = None) -> None:
        """Put a message into an INBOX."""
        self.installation.dovecot.deliver(self.addresses()[number], raw, received_at)


@contextmanager
def watched(intake: Intake, on_commit: Callable[[], None] = lambda: None) -> Iterator[None]:
    """The first mailbox watched in a thread, as the daemon does; it has ended at the end."""
    stop = threading.Event()
    watch = Watch(
        context=intake.context,
        mailbox=intake.context.settings.mailboxes[0],
        connect=connect,
        stop=stop,
        on_commit=on_commit,
    )
    thread = threading.Thread(target=partial(watch_mailbox, watch))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()


Opening = Callable[..., Intake]


@pytest.fixture
def opened(dovecot: DovecotServer, tmp_path: Path) -> Iterator[Opening]:
    """Makes an Intake of the boxes given (one plain box if none), each with an account of its own."""
    with ExitStack() as stack:

        def open_(*boxes: Box) -> Intake:
            here = boxes or (acting(),)
            for box in here:
                dovecot.add_account(box.address)
            tables = {"intake": {"batch_size": BATCH}}
            installation = Installation(tmp_path / str(next(_numbers)), dovecot, here, tables)
            return Intake(installation, stack.enter_context(installation.opened()))

        yield open_


def acting(name: str = "service", **tables: dict[str, object]) -> Box:
    """A mailbox with an account never used before, whose mail acts however old it is."""
    account = f"{name}{next(_numbers)}@intake.example.test"
    keys = {"act_since": LONG_AGO, **tables.pop("keys", {})}
    return Box(name=name, account=account, keys=keys, **tables)


def letter(number: int, to: str = "service@example.test", body: str = "", **headers: str) -> bytes:
    """A customer's first mail, each number from another customer; headers by name with _ for -."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"customer{number}@customer{number}.example"
    message["To"] = to
    message["Subject"] = f"Inquiry {number}"
    message["Date"] = f"{datetime(2026, 9, 30, 8, 40, tzinfo=UTC):%a, %d %b %Y %H:%M:%S %z}"
    message["Message-ID"] = f"<m{number}@customer{number}.example>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(body or f"Please quote {number} pieces.")
    return message.as_bytes()
