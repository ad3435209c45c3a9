"""An IMAP mailbox in memory, as maild.model.ports.MailboxSession sees one.

Passes the contract of tests/integration/imap/test_contract.py, like the real server. The hook is called
before each call of a session and may raise: so a test cuts the line at the k-th call.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile

from maild.clock import monotonic_s
from maild.errors import ConnectionLost, NotFound, PermanentError
from maild.model.intake import FetchedMessage, FolderStatus, Uid

STOP_CHECK_S = 0.05
SENT_NAMES = ("Sent", "Sent Messages", "已发送")
NEW_MAIL_AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)

Hook = Callable[[str, int], None]
"""Given the method's name and the number of the call, counted from 1 over all sessions of a mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessage:
    """A message in a folder."""

    uid: Uid
    received_at: datetime
    raw: bytes
    flags: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class FakeFolder:
    """A folder and what it holds."""

    uidvalidity: int
    uidnext: int = 1
    messages: dict[Uid, HeldMessage] = field(default_factory=dict)

    def add(self, message: HeldMessage) -> Uid:
        uid = Uid(self.uidnext)
        self.uidnext += 1
        self.messages[uid] = replace(message, uid=uid)
        return uid


class FakeImap:
    """One mailbox: its folders, and the connections to it. For any number of threads."""

    def __init__(self, hook: Hook | None = None, *, idle: bool = True) -> None:
        self.hook = hook
        self.idle = idle
        self.calls = 0
        self.refusal: Exception | None = None  # raised by `connect`, while set
        self.changed = threading.Condition(threading.RLock())
        self._uidvalidity = 0
        self._folders: dict[str, FakeFolder] = {}
        self._sessions: list[FakeSession] = []
        for name in ("INBOX", "Sent"):
            self.create(name)

    def connect(self) -> "FakeSession":
        """A new connection, logged in."""
        with self.changed:
            self.called("connect")
            if self.refusal is not None:
                raise self.refusal
            session = FakeSession(self)
            self._sessions.append(session)
            return session

    def append(self, folder: str, raw: bytes, received_at: datetime = NEW_MAIL_AT) -> Uid:
        """Put a message into `folder`, made when missing, and wake who waits there."""
        with self.changed:
            if folder not in self._folders:
                self.create(folder)
            uid = self._folders[folder].add(HeldMessage(uid=Uid(0), received_at=received_at, raw=raw))
            self.changed.notify_all()
            return uid

    def deliver(self, raw: bytes, received_at: datetime = NEW_MAIL_AT) -> Uid:
        """Put a message into INBOX."""
        return self.append("INBOX", raw, received_at)

    def create(self, folder: str) -> None:
        """Make `folder`, with a UIDVALIDITY never used before."""
        with self.changed:
            self._uidvalidity += 1
            self._folders[folder] = FakeFolder(uidvalidity=self._uidvalidity)

    def recreate(self, folder: str) -> None:
        """Empty `folder` and give it a new UIDVALIDITY; who had it selected is disconnected."""
        with self.changed:
            self.create(folder)
            self.cut()

    def remove(self, folder: str, uid: int) -> None:
        """Let a message vanish, as when a person deletes it."""
        with self.changed:
            del self._folders[folder].messages[Uid(uid)]

    def messages(self, folder: str) -> list[HeldMessage]:
        """What `folder` holds, by UID; empty when there is no such folder."""
        with self.changed:
            held = self._folders.get(folder)
            return [held.messages[uid] for uid in sorted(held.messages)] if held else []

    def cut(self) -> None:
        """Break every connection; new ones can be made."""
        with self.changed:
            for session in self._sessions:
                session.connected = False
            self._sessions.clear()
            self.changed.notify_all()

    def folder(self, name: str) -> FakeFolder:
        """The folder itself, for a session that holds `changed`. Raises: NotFound."""
        if name not in self._folders:
            raise NotFound(f"the fake mailbox has no folder {name!r}")
        return self._folders[name]

    def names(self) -> list[str]:
        """The names of all folders."""
        return list(self._folders)

    def called(self, method: str) -> None:
        """Count a call and run the hook, which may raise."""
        self.calls += 1
        if self.hook is not None:
            self.hook(method, self.calls)


class FakeSession:
    """One connection to a FakeImap: a MailboxSession."""

    def __init__(self, server: FakeImap) -> None:
        self.connected = True
        self._server = server
        self._selected = ""
        self._readonly = True
        self._known_uidnext = 0

    def select(self, folder: str, *, readonly: bool = True) -> FolderStatus:
        with self._call("select"):
            held = self._server.folder(folder)
            self._selected, self._readonly, self._known_uidnext = folder, readonly, held.uidnext
            return FolderStatus(
                uidvalidity=held.uidvalidity, uidnext=held.uidnext, message_count=len(held.messages)
            )

    def uids_after(self, last_uid: int) -> list[Uid]:
        with self._call("uids_after"):
            held = self._held()
            self._known_uidnext = held.uidnext
            newest_first = takewhile(lambda uid: uid > last_uid, reversed(held.messages))
            return sorted(newest_first)

    def all_uids(self) -> list[Uid]:
        return self.uids_after(0)

    def fetch(self, uids: Sequence[Uid]) -> Iterator[FetchedMessage]:
        for uid in uids:
            with self._call("fetch"):
                message = self._held().messages.get(uid)
            if message is not None:
                yield FetchedMessage(uid=uid, received_at=message.received_at, raw=message.raw)

    def mark(self, uids: Sequence[Uid], flag: str) -> None:
        with self._call("mark"):
            messages = self._writable().messages
            for uid in messages.keys() & set(uids):
                messages[uid] = replace(messages[uid], flags=messages[uid].flags | {flag})

    def move(self, uids: Sequence[Uid], folder: str) -> None:
        with self._call("move"):
            source = self._writable()
            if folder not in self._server.names():
                self._server.create(folder)
            target = self._server.folder(folder)
            for uid in sorted(source.messages.keys() & set(uids)):
                target.add(source.messages.pop(uid))
            self._server.changed.notify_all()

    def wait(self, timeout_s: float, stop: threading.Event) -> bool:
        if not self._server.idle:
            stop.wait(timeout_s)
            timeout_s = 0.0
        ends_s = monotonic_s() + timeout_s
        with self._call("wait"):
            while not self._news() and not stop.is_set() and (left_s := ends_s - monotonic_s()) > 0:
                self._server.changed.wait(min(left_s, STOP_CHECK_S))
            return self._server.idle and self._news()

    def folders(self) -> list[str]:
        with self._call("folders"):
            return self._server.names()

    def find_sent(self) -> str | None:
        with self._call("find_sent"):
            return next((name for name in SENT_NAMES if name in self._server.names()), None)

    def close(self) -> None:
        self.connected = False

    @contextmanager
    def _call(self, method: str) -> Iterator[None]:
        """One call over the line: hooked, alone, and only while connected."""
        with self._server.changed:
            self._check_line()
            try:
                self._server.called(method)
            except BaseException:
                self.connected = False
                raise
            yield

    def _check_line(self) -> None:
        if not self.connected:
            raise ConnectionLost("the fake mailbox closed the connection")

    def _held(self) -> FakeFolder:
        return self._server.folder(self._selected)

    def _writable(self) -> FakeFolder:
        if self._readonly:
            raise PermanentError("the fake mailbox lets this folder only be read")
        return self._held()

    def _news(self) -> bool:
        self._check_line()
        return self._held().uidnext > self._known_uidnext
