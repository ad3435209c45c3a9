"""maild at work on servers in memory: it reads, decides and sends whatever there is to do at an instant.

No thread, no sleep and no socket: the clock jumps to what is next due.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maild.app.context import Context
from maild.app.dispatch import dispatch_due
from maild.app.ingest import Folder, poll_folder
from maild.app.pace import Pace
from maild.app.process import process_pending
from maild.app.tick import Ticker, next_moment
from maild.app.watch import folders_of
from maild.clock import ManualClock
from maild.errors import PermanentError
from maild.rehearsal.imap import FakeImap, FakeSession
from maild.rehearsal.smtp import FakeSmtp
from maild.settings import MailboxSettings

_ROUNDS_MAX = 1_000
"""So often maild finds something to do at one instant before it is said to go in circles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """A mailbox of ours, on its server."""

    settings: MailboxSettings
    server: FakeImap
    session: FakeSession
    folders: tuple[Folder, ...]  # the Sent folder, if there is one, then the inbox
    pace: Pace


class House:
    """The context at work; `heard` is called whenever something was decided or sent."""

    def __init__(self, context: Context, clock: ManualClock, runner: asyncio.Runner) -> None:
        self.context = context
        self.clock = clock
        self.smtp = FakeSmtp()
        self.heard: Callable[[], None] = lambda: None
        self._runner = runner
        self._boxes = {box.address.casefold(): _opened(context, box) for box in context.settings.mailboxes}
        self._aliases = _aliases(context)
        self._unread = list[_Box]()
        self._ticker = Ticker()
        self._copied = 0

    def deliver(self, raw: bytes, to: str, verdict: str) -> bool:
        """Put mail into the inbox of the mailbox of that address; False where it is none of ours.

        `verdict` is what its server says of the sender, where it has a name (RFC 8601).
        """
        box = self._box(to)
        if box is None:
            return False
        server = box.settings.authserv_id
        said = f"Authentication-Results: {server}; {verdict}\r\n".encode() if server and verdict else b""
        box.server.append(box.settings.inbox, said + raw, self.clock.now())
        self._unread.append(box)
        return True

    def file_as_sent(self, raw: bytes, by: str) -> bool:
        """Put mail into the Sent folder of the mailbox of that address; False where it is none of ours."""
        box = self._box(by)
        if box is None or len(box.folders) == 1:
            return False
        box.server.append(box.folders[0].name, raw, self.clock.now())
        self._unread.append(box)
        return True

    def work(self) -> None:
        """Do all there is to do now. Raises: PermanentError when that never ends."""
        for _ in range(_ROUNDS_MAX):
            self._read()
            busy = self._decide()
            self.heard()
            sent = self._send()
            self.heard()
            if not (busy or sent or self._unread):
                return
        raise PermanentError(f"at {self.clock.now()} there is always more to do: something goes in circles")

    def go_on_until(self, instant: datetime) -> None:
        """Do all there is to do until then, each at its time, and stand at `instant`, which is to come."""
        while (moment := next_moment(self.context)) and moment <= instant:
            self.clock.jump(moment)
            self.work()
        self.clock.jump(instant)

    def _read(self) -> None:
        unread, self._unread = dict.fromkeys(map(id, self._unread)), []
        for box in self._boxes.values():
            if id(box) in unread:
                for folder in box.folders:
                    poll_folder(self.context, box.session, folder, box.pace, on_commit=lambda: None)

    def _decide(self) -> int:
        while process_pending(self.context).settled:
            pass
        return self._ticker.tick(self.context)

    def _send(self) -> int:
        sent = self._runner.run(dispatch_due(self.context, self.smtp, "rehearsal"))
        for mail in self.smtp.taken[self._copied :]:
            for recipient in mail.recipients:
                self.deliver(mail.raw, recipient, "")
        self._copied = len(self.smtp.taken)
        return sent

    def _box(self, address: str) -> _Box | None:
        """The mailbox of an address or of what stands before its plus sign (RFC 5233)."""
        local, _, domain = address.casefold().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return self._boxes.get(self._aliases.get(plain, plain))


@contextmanager
def open_house(context: Context, clock: ManualClock) -> Iterator[House]:
    """maild, opened for work, with all of its mailboxes seen."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(_OnTheSpot(1))
        yield House(context, clock, runner)


class _OnTheSpot(ThreadPoolExecutor):
    """Runs what it is given at once, where it is asked: the order of things is always the same."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as exc:  # noqa: BLE001 -- whoever waits for the future gets it
            future.set_exception(exc)
        return future


def _opened(context: Context, settings: MailboxSettings) -> _Box:
    server = FakeImap()
    for name in (settings.inbox, settings.sent_folder):
        if name not in {"INBOX", "Sent", "auto", ""}:
            server.create(name)
    session = server.connect()
    folders = folders_of(context, session, settings)
    return _Box(settings=settings, server=server, session=session, folders=folders, pace=Pace())


def _aliases(context: Context) -> dict[str, str]:
    boxes = context.settings.mailboxes
    return {alias.casefold(): box.address.casefold() for box in boxes for alias in box.aliases}
