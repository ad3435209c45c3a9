"""The running process: a thread for each mailbox, the processor, the dispatcher and the clock.

Each waits to be woken by the one before it, so that an answer leaves at once; the clock wakes all of them
now and then, so that nothing hangs on a wake-up that was missed. A stop waits for no server: what does not
end soon is left as a crash would leave it, and taken up at the next start (docs/architecture.md, "Once").
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from maild.app.context import Context
from maild.app.dispatch import Dispatcher, recover
from maild.app.presence import Presence
from maild.app.process import Processed, process_pending
from maild.app.proof import settle_overdue
from maild.app.reload import Live, changes
from maild.app.tick import Ticker
from maild.app.watch import Connect, Watch, watch_mailbox
from maild.imap.connect import connect as imap_connect
from maild.model.ports import Submission
from maild.scheduler import Scheduler
from maild.settings import MailboxSettings, Settings
from maild.smtp.submission import SmtpSubmission

log = logging.getLogger(__name__)

TICK_S = 5.0
SETTLE_EVERY_S = 60.0
PRESENCE_EVERY_S = 15.0
LOOK_AHEAD_EVERY_S = 3600.0
BATCH = 50
GRACE_S = 1.5
"""How long a stop waits for servers to answer: a person at the terminal waits with it."""


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
        self._live = Live(context)
        self._adapters = adapters or real_adapters(context.settings)
        self._presence = Presence(context)
        self._ticker = Ticker()
        self._stop_threads = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._mail_is_in = asyncio.Event()
        self._mail_is_due = asyncio.Event()
        self._stopping = asyncio.Event()
        self._files_changed = asyncio.Event()

    def stop(self) -> None:
        """Ask the daemon to end, from its own event loop; what is under way has a moment to finish."""
        self._stopping.set()
        self._stop_threads.set()
        self._mail_is_in.set()
        self._mail_is_due.set()
        self._files_changed.set()

    def reload(self) -> None:
        """Ask for the configuration to be read anew, from the daemon's own event loop (SIGHUP)."""
        self._files_changed.set()

    async def run(self) -> None:
        """Work until `stop` is called.

        Raises:
            UsageError: another maild is at work on the same SQLite database.
        """
        self._loop = asyncio.get_running_loop()
        scheduler = self._scheduler()
        with self._presence:
            recover(self._context, self._presence.alive())
            self._live.look_ahead()
            scheduler.start()
            try:
                await self._work()
            finally:
                scheduler.stop()
                self._stop_threads.set()

    async def _work(self) -> None:
        self._mail_is_in.set()
        self._mail_is_due.set()
        with ThreadPoolExecutor(1, "processor") as one:
            async with asyncio.TaskGroup() as group:
                for mailbox in self._context.settings.mailboxes:
                    group.create_task(self._watch(mailbox))
                group.create_task(self._process(one))
                group.create_task(self._reload())
                group.create_task(self._watch_files())
                group.create_task(self._dispatch(group))

    async def _watch(self, mailbox: MailboxSettings) -> None:
        """Watch a mailbox in a thread, which is left behind if its server keeps it waiting at the end."""
        watch = Watch(
            context=self._context,
            mailbox=mailbox,
            connect=self._adapters.connect,
            stop=self._stop_threads,
            on_commit=self._wake_processor,
        )
        thread = asyncio.wrap_future(_in_thread(partial(watch_mailbox, watch), f"mailbox-{mailbox.name}"))
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait((thread, stopping), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait((thread,), timeout=GRACE_S)
        if thread.done():
            thread.result()

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
                    done = await loop.run_in_executor(thread, self._decide)
                except Exception:  # supervisor: the store may be back at the next tick
                    log.exception("processing failed", extra={"event": "process.error"})
                    break
                self._mail_is_due.set()
                if not done.settled:
                    break

    def _decide(self) -> Processed:
        """In the processor's thread: what has come in, then what has come due."""
        context = self._live.context
        done = process_pending(context, BATCH)
        self._ticker.tick(context)
        return done

    async def _reload(self) -> None:
        while True:
            await self._files_changed.wait()
            self._files_changed.clear()
            if self._stopping.is_set():
                return
            try:
                await asyncio.to_thread(self._live.reload)
            except Exception:  # supervisor: the set before it stays in force
                log.exception("reloading failed", extra={"event": "config.error"})

    async def _watch_files(self) -> None:
        """Without this (no inotify, a folder on a network) SIGHUP still reloads."""
        try:
            async for _ in changes(self._context.settings.folder, self._stopping):
                self._files_changed.set()
        except Exception:  # supervisor: the daemon goes on without watching
            log.exception("the config folder is not watched", extra={"event": "config.unwatched"})

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        dispatcher = Dispatcher(self._context, self._adapters.submit, self._presence.owner)
        while not self._stopping.is_set():
            await self._mail_is_due.wait()
            self._mail_is_due.clear()
            try:
                dispatcher.use(self._live.context)
                await dispatcher.start_due(group, self._mail_is_due.set)
            except Exception:  # supervisor: the store may be back at the next tick
                log.exception("dispatching failed", extra={"event": "outbox.error"})
        await dispatcher.finish(GRACE_S)

    def _scheduler(self) -> Scheduler:
        scheduler = Scheduler()
        scheduler.every(TICK_S, self._tick, "tick")
        settle_every_s = min(SETTLE_EVERY_S, self._context.settings.outbox.settle_after_s)
        scheduler.every(settle_every_s, self._off_loop(self._settle), "settle")
        scheduler.every(LOOK_AHEAD_EVERY_S, self._off_loop(self._live.look_ahead), "look ahead")
        scheduler.every(PRESENCE_EVERY_S, self._off_loop(self._presence.beat), "presence")
        return scheduler

    def _settle(self) -> None:
        """Take up what dead processes and missing proof have left lying."""
        context = self._live.context
        recover(context, self._presence.alive())
        settle_overdue(context)

    async def _tick(self) -> None:
        self._mail_is_in.set()
        self._mail_is_due.set()

    def _off_loop(self, call: Callable[[], object]) -> Callable[[], Awaitable[None]]:
        async def job() -> None:
            await asyncio.to_thread(call)

        return job


def _in_thread(call: Callable[[], None], name: str) -> Future[None]:
    """`call` at work in a thread that does not keep the process from ending."""
    future: Future[None] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            call()
            future.set_result(None)
        except BaseException as exc:  # noqa: BLE001 -- whoever waits for the future gets it
            future.set_exception(exc)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
