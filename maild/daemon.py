"""The running process: a thread for each mailbox, the processor, the dispatcher and the clock.

Each waits to be woken by the one before it, so that an answer leaves at once; the clock wakes all of them
now and then, so that nothing hangs on a wake-up that was missed.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from maild.app.context import Context
from maild.app.dispatch import Dispatcher, recover
from maild.app.presence import Presence
from maild.app.process import process_pending
from maild.app.proof import settle_overdue
from maild.app.watch import Connect, Watch, watch_mailbox
from maild.imap.connect import connect as imap_connect
from maild.model.ports import Submission
from maild.scheduler import Scheduler
from maild.settings import Settings
from maild.smtp.submission import SmtpSubmission

log = logging.getLogger(__name__)

TICK_S = 5.0
SETTLE_EVERY_S = 60.0
PRESENCE_EVERY_S = 15.0
BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """How the daemon reaches servers; a test brings its own."""

    connect: Connect
    submit: Submission


def real_adapters(settings: Settings) -> Adapters:
    """IMAP and SMTP, each mailbox by its own accounts."""
    accounts = {mailbox.name: mailbox.smtp for mailbox in settings.mailboxes}
    return Adapters(connect=imap_connect, submit=SmtpSubmission(accounts=accounts))


class Daemon:
    """maild at work, until `stop`."""

    def __init__(self, context: Context, adapters: Adapters | None = None) -> None:
        self._context = context
        self._adapters = adapters or real_adapters(context.settings)
        self._presence = Presence(context)
        self._stop_threads = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._mail_is_in = asyncio.Event()
        self._mail_is_due = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask the daemon to end, from its own event loop: what is under way is finished."""
        self._stopping.set()
        self._stop_threads.set()
        self._mail_is_in.set()
        self._mail_is_due.set()

    async def run(self) -> None:
        """Work until `stop` is called.

        Raises:
            UsageError: another maild is at work on the same SQLite database.
        """
        self._loop = asyncio.get_running_loop()
        scheduler = self._scheduler()
        with self._presence:
            recover(self._context, self._presence.alive())
            scheduler.start()
            try:
                await self._work()
            finally:
                scheduler.stop()
                self._stop_threads.set()

    async def _work(self) -> None:
        mailboxes = self._context.settings.mailboxes
        self._mail_is_in.set()
        self._mail_is_due.set()
        with (
            ThreadPoolExecutor(len(mailboxes), "mailbox") as threads,
            ThreadPoolExecutor(1, "processor") as one,
        ):
            async with asyncio.TaskGroup() as group:
                for mailbox in mailboxes:
                    watch = Watch(
                        context=self._context,
                        mailbox=mailbox,
                        connect=self._adapters.connect,
                        stop=self._stop_threads,
                        on_commit=self._wake_processor,
                    )
                    group.create_task(self._in_thread(threads, partial(watch_mailbox, watch)))
                group.create_task(self._process(one))
                group.create_task(self._dispatch(group))

    async def _in_thread(self, threads: ThreadPoolExecutor, call: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(threads, call)

    def _wake_processor(self) -> None:
        """Called from a mailbox's thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._mail_is_in.set)

    async def _process(self, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            await self._mail_is_in.wait()
            self._mail_is_in.clear()
            while not self._stopping.is_set():
                try:
                    done = await loop.run_in_executor(thread, process_pending, self._context, BATCH)
                except Exception:  # supervisor: the store may be back at the next tick
                    log.exception("processing failed", extra={"event": "process.error"})
                    break
                self._mail_is_due.set()
                if not done.settled:
                    break

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        dispatcher = Dispatcher(self._context, self._adapters.submit, self._presence.owner)
        while not self._stopping.is_set():
            await self._mail_is_due.wait()
            self._mail_is_due.clear()
            try:
                await dispatcher.start_due(group, self._mail_is_due.set)
            except Exception:  # supervisor: the store may be back at the next tick
                log.exception("dispatching failed", extra={"event": "outbox.error"})

    def _scheduler(self) -> Scheduler:
        scheduler = Scheduler()
        scheduler.every(TICK_S, self._tick, "tick")
        scheduler.every(SETTLE_EVERY_S, self._off_loop(lambda: settle_overdue(self._context)), "settle")
        scheduler.every(PRESENCE_EVERY_S, self._off_loop(self._presence.beat), "presence")
        return scheduler

    async def _tick(self) -> None:
        self._mail_is_in.set()
        self._mail_is_due.set()

    def _off_loop(self, call: Callable[[], object]) -> Callable[[], Awaitable[None]]:
        async def job() -> None:
            await asyncio.to_thread(call)

        return job
