"""maild on one database with fake servers, driven step by step; it can be crashed and started again."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.dispatch import dispatch_due, recover
from maild.app.ingest import poll_folder
from maild.app.opening import Surroundings, open_context
from maild.app.pace import Pace
from maild.app.process import process_pending
from maild.app.proof import settle_overdue
from maild.app.queries import list_cases, list_outbox
from maild.app.shipped import lay_out_config
from maild.app.tick import Ticker, next_moment
from maild.app.watch import folders_of
from maild.clock import ManualClock
from maild.ids import SeededIds
from maild.model.case import Case
from maild.model.delivery import OutboxEntry, OutboxState
from maild.model.people import SHELL
from maild.rehearsal.imap import FakeImap
from maild.rehearsal.smtp import FakeSmtp
from maild.store.engine import Store
from tests.fakes.refusals import by_name

T = TypeVar("T")

START = datetime(2026, 9, 30, 8, 40, tzinfo=UTC)
SERVICE = "kefu@example.com"
Fault = Callable[[str], None]


class FaultyStore(Store):
    """A store whose writes can be made to fail: `fault` is told before each commit, and after it."""

    def __init__(self, inner: Store, fault: Fault) -> None:
        self._inner = inner
        self._fault = fault

    @property
    def dialect(self) -> str:
        return self._inner.dialect

    def write(self, fn: Callable[[Connection], T]) -> T:
        def before_commit(conn: Connection) -> T:
            result = fn(conn)
            self._fault("before commit")
            return result

        result = self._inner.write(before_commit)
        self._fault("after commit")
        return result

    def read(self, fn: Callable[[Connection], T]) -> T:
        return self._inner.read(fn)


class Rig:
    """One maild: `imap` and `smtp` outlive a crash, as the servers of the world do."""

    def __init__(self, folder: Path, *, seed: int = 1, overrides: Mapping[str, object] | None = None) -> None:
        self.config = folder / "config"
        lay_out_config(self.config)
        self.clock = ManualClock(START)
        self.imap = FakeImap()
        self.smtp = FakeSmtp(refusals=by_name)
        self.overrides = dict(overrides or {})
        self.ids = SeededIds(seed)
        self.owner = 0

    @contextmanager
    def running(self, fault: Fault = lambda _: None) -> Iterator["Running"]:
        """maild, started: attempts that the one before left open are recovered first."""
        surroundings = Surroundings(
            environ={"MAILD_SERVICE_PASSWORD": "secret"},
            overrides=self.overrides,
            clock=self.clock,
            ids=self.ids,
        )
        with open_context(self.config, surroundings) as context:
            self.owner += 1
            faulty = replace(context, store=FaultyStore(context.store, fault))
            recover(faulty, frozenset())
            yield Running(self, faulty)


class Running:
    """maild at work, one step at a time."""

    def __init__(self, rig: Rig, context: Context) -> None:
        self.rig = rig
        self.context = context
        self.pace = Pace()
        self.ticker = Ticker()

    def poll(self) -> None:
        """Read every folder of the first mailbox."""
        mailbox = self.context.settings.mailboxes[0]
        session = self.rig.imap.connect()
        for folder in folders_of(self.context, session, mailbox):
            poll_folder(self.context, session, folder, self.pace, on_commit=lambda: None)

    def process(self) -> None:
        """Settle all deliveries that can be settled now."""
        while process_pending(self.context).settled:
            pass

    def dispatch(self) -> int:
        """Try what is due, once."""
        return asyncio.run(dispatch_due(self.context, self.rig.smtp, f"run-{self.rig.owner}"))

    def work(self) -> None:
        """Everything there is to do at this moment."""
        self.poll()
        self.process()
        self.ticker.tick(self.context)
        settle_overdue(self.context)
        while self.dispatch():
            pass

    def play_until(self, end: datetime) -> None:
        """Work at each moment at which something is due, up to `end` and then."""
        self.work()
        while (moment := next_moment(self.context)) and moment <= end:
            self.rig.clock.jump(moment)
            self.work()
        self.rig.clock.jump(end)
        self.work()

    def work_until_quiet(self, *, limit: int = 60) -> None:
        """Work, moving the clock by a minute, until nothing waits in the outbox."""
        for _ in range(limit):
            self.work()
            if not self.outbox(OutboxState.QUEUED, OutboxState.SENDING, OutboxState.IN_DOUBT):
                return
            self.rig.clock.advance(timedelta(minutes=1))
        raise AssertionError(f"still waiting: {self.outbox(*OutboxState)}")

    def cases(self) -> tuple[Case, ...]:
        """All cases, newest first."""
        return list_cases(self.context, SHELL, kind=None, stage=None, limit=1000)

    def outbox(self, *states: OutboxState) -> tuple[OutboxEntry, ...]:
        """The mails in these states."""
        return list_outbox(self.context, SHELL, frozenset(states), limit=1000)


def a_mail(
    sender: str = "李雷 <li@customer.example>",
    subject: str = "询价",
    body: str = "请报价。",
    **headers: str,
) -> bytes:
    """A plain mail to the service mailbox, <m1@...>; headers are given by name with _ for -."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = SERVICE
    message["Subject"] = subject
    message["Date"] = "Wed, 30 Sep 2026 16:40:00 +0800"
    message["Message-ID"] = "<m1@customer.example>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def subject_of(raw: bytes) -> str:
    """The subject as a person reads it."""
    return str(message_from_bytes(raw, policy=policy.default)["Subject"])


def text_of(raw: bytes) -> str:
    """The plain text as a person reads it."""
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body else ""


def header_of(raw: bytes, name: str) -> str:
    """A header as a person reads it; empty when there is none."""
    return str(message_from_bytes(raw, policy=policy.default)[name] or "")
