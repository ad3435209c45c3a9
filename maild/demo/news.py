"""What the daemon is doing, told in lines that need no knowledge of it: from its log events, as they come.

The lines say what came in, which case it joined and why, and what went out. Whoever needs to wait for the
daemon waits on what has been told.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from maild.app.context import Context
from maild.app.queries import MessageView, show_mail, show_message
from maild.model.archive import ArchivedMessage
from maild.model.case import Case, JoinReason
from maild.model.delivery import OutboxEntry
from maild.model.mail import Address, AutomaticKind
from maild.model.people import SHELL

_LANGUAGES = {"zh": "Chinese", "en": "English"}


class Kind(StrEnum):
    """What a line is about."""

    IN = "in"
    CASE = "case"
    OUT = "out"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the story."""

    at: datetime
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A log record, as far as the story needs it; `name` is empty for what maild does not name."""

    at: datetime
    name: str
    text: str
    is_warning: bool
    message_key: str = ""
    outbox_id: str = ""


class Newsroom:
    """Turns events into lines, and counts what has been told."""

    def __init__(self, context: Context, tell: Callable[[Line], None]) -> None:
        self._context = context
        self._tell = tell
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._told = asyncio.Condition()
        self.readings = 0
        self.deliveries = 0
        self.mails: set[str] = set()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Within the context, hear all that maild logs, and what else is a warning; from the event loop."""
        handler = _Listener(asyncio.get_running_loop(), self._events)
        root, ours = logging.getLogger(), logging.getLogger("maild")
        server = logging.getLogger("mail.log")
        before, levels = root.handlers[:], {one: one.level for one in (ours, server)}
        root.handlers[:] = [handler]
        ours.setLevel(logging.INFO)
        server.setLevel(logging.ERROR)  # aiosmtpd warns of its own use of what it deprecated
        try:
            yield
        finally:
            root.handlers[:] = before
            for one, level in levels.items():
                one.setLevel(level)

    async def run(self) -> None:
        """Tell what is heard, until cancelled."""
        while True:
            event = await self._events.get()
            for line in await asyncio.to_thread(lines_of, self._context, event):
                self._tell(line)
            async with self._told:
                self._count(event)
                self._told.notify_all()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Return once `reached` says so; it is asked again after each event, outside the event loop."""
        async with self._told:
            while not await asyncio.to_thread(reached):
                await self._told.wait()

    def _count(self, event: Event) -> None:
        if event.name == "mailbox.reading":
            self.readings += 1
        elif event.name in {"process.decided", "process.archived", "process.quarantined"}:
            self.deliveries += 1
        elif event.name in {"outbox.sent", "outbox.refused", "outbox.in_doubt"}:
            self.mails.add(event.outbox_id)


def lines_of(context: Context, event: Event) -> tuple[Line, ...]:
    """The lines that an event is worth, in the order to be told."""
    if event.message_key:
        texts = _of_message(context, event.message_key)
    elif event.name.startswith("outbox.") and event.outbox_id:
        texts = _of_mail(context, event)
    else:
        texts = iter([(Kind.TROUBLE, event.text)] if event.is_warning else [])
    return tuple(Line(at=event.at, kind=kind, text=text) for kind, text in texts)


def _of_message(context: Context, key: str) -> Iterator[tuple[Kind, str]]:
    view = show_message(context, SHELL, key)
    machine = view.message.automatic_kind
    by_machine = "" if machine is AutomaticKind.NONE else f" (written by a machine: {machine})"
    yield Kind.IN, f"{_whom(view.message.author)}: {_subject(view.message, view.case)}{by_machine}"
    yield Kind.CASE, f"{view.reason}{_sort(view)}"
    if view.case and view.case.trouble and machine is AutomaticKind.BOUNCE:
        yield Kind.TROUBLE, f"{view.case.number} now shows: {view.case.trouble}"


def _of_mail(context: Context, event: Event) -> Iterator[tuple[Kind, str]]:
    view = show_mail(context, SHELL, event.outbox_id)
    language = _LANGUAGES.get(view.message.language, "") if view.message else ""
    subject = _subject(view.message, view.case) if view.message else ""
    what = f"{view.mail.template}{f' in {language}' if language else ''} to {_recipients(view.mail)}"
    yield Kind.OUT, f"{what}: {subject}"
    if event.is_warning:
        yield Kind.TROUBLE, f"{event.text}; its case shows it"


def _subject(message: ArchivedMessage, case: Case | None) -> str:
    """What a message is about, which is nobody's business where its case is confidential."""
    return "(confidential)" if case and case.traits.confidential else message.subject


def _sort(view: MessageView) -> str:
    """What sort of case a message opened."""
    opened = view.case and view.joined and view.joined.join is JoinReason.OPENED
    return f" [{view.case.kind}, priority {view.case.priority}]" if view.case and opened else ""


def _recipients(mail: OutboxEntry) -> str:
    return ", ".join(one.address for one in mail.recipients)


def _whom(author: Address | None) -> str:
    if author is None:
        return "nobody"
    return f"{author.name} <{author.address}>" if author.name else author.address


class _Listener(logging.Handler):
    """Passes log records on as events; called from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, events: asyncio.Queue[Event]) -> None:
        super().__init__(logging.INFO)
        self._loop = loop
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        is_warning = record.levelno >= logging.WARNING
        if not (is_warning or record.name.startswith("maild.")):
            return
        event = Event(
            at=datetime.fromtimestamp(record.created, UTC),
            name=str(getattr(record, "event", "")),
            text=record.getMessage(),
            is_warning=is_warning,
            message_key=str(getattr(record, "message_key", None) or ""),
            outbox_id=str(getattr(record, "outbox", None) or ""),
        )
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)
