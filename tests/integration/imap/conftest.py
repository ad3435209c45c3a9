"""The mailbox under contract: in memory, or on a real Dovecot behind a proxy that can break the line."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Protocol

import pytest

from maild.imap.connect import connect
from maild.model.ports import MailboxSession
from maild.rehearsal.imap import FakeImap
from maild.settings import ImapSettings, Secret, TlsMode
from tests.servers.dovecot import PASSWORD, DovecotServer
from tests.servers.proxy import TcpProxy

_numbers = count(1)


class MailboxUnderTest(Protocol):
    """What the contract needs to do to a mailbox from the side."""

    def connect(self) -> MailboxSession: ...

    def deliver(self, raw: bytes, received_at: datetime | None = None) -> None: ...

    def append(self, folder: str, raw: bytes) -> None: ...

    def remove(self, folder: str, uid: int) -> None: ...

    def recreate(self, folder: str) -> None: ...

    def flags(self, folder: str) -> dict[int, frozenset[str]]: ...

    def bodies(self, folder: str) -> list[bytes]: ...

    def cut(self) -> None: ...


class InMemory:
    """FakeImap."""

    def __init__(self) -> None:
        self.server = FakeImap()
        self.connect = self.server.connect
        self.remove = self.server.remove
        self.recreate = self.server.recreate
        self.cut = self.server.cut

    def deliver(self, raw: bytes, received_at: datetime | None = None) -> None:
        if received_at is None:
            self.server.deliver(raw)
        else:
            self.server.deliver(raw, received_at)

    def append(self, folder: str, raw: bytes) -> None:
        self.server.append(folder, raw)

    def flags(self, folder: str) -> dict[int, frozenset[str]]:
        return {message.uid: message.flags for message in self.server.messages(folder)}

    def bodies(self, folder: str) -> list[bytes]:
        return [message.raw for message in self.server.messages(folder)]


class OnDovecot:
    """An account of its own on a real server, by implicit TLS through a proxy."""

    def __init__(self, dovecot: DovecotServer, proxy: TcpProxy, *, idle: bool = True) -> None:
        self.dovecot = dovecot
        self.proxy = proxy
        self.account = f"account{next(_numbers)}@example.test"
        dovecot.add_account(self.account)
        self.settings = ImapSettings(
            host="127.0.0.1",
            port=proxy.port,
            tls=TlsMode.IMPLICIT,
            username=self.account,
            password=Secret(PASSWORD),
            ca_file=dovecot.ca_file,
            timeout_s=10.0,
            poll_interval_s=60.0,
            idle=idle,
        )
        self.cut = proxy.cut

    def connect(self) -> MailboxSession:
        return connect(self.settings, "service")

    def deliver(self, raw: bytes, received_at: datetime | None = None) -> None:
        self.dovecot.deliver(self.account, raw, received_at)

    def append(self, folder: str, raw: bytes) -> None:
        self.dovecot.append(self.account, folder, raw)

    def remove(self, folder: str, uid: int) -> None:
        with self.dovecot.client(self.account) as client:
            client.select_folder(folder)
            client.delete_messages([uid])
            client.uid_expunge([uid])

    def recreate(self, folder: str) -> None:
        with self.dovecot.client(self.account) as client:
            client.delete_folder(folder)
            client.create_folder(folder)

    def flags(self, folder: str) -> dict[int, frozenset[str]]:
        with self.dovecot.client(self.account) as client:
            client.select_folder(folder, readonly=True)
            rows = client.get_flags(client.search())
        return {uid: frozenset(flag.decode() for flag in flags) - {"\\Recent"} for uid, flags in rows.items()}

    def bodies(self, folder: str) -> list[bytes]:
        with self.dovecot.client(self.account) as client:
            client.select_folder(folder, readonly=True)
            rows = client.fetch(client.search(), ["BODY.PEEK[]"])
        return [rows[uid][b"BODY[]"] for uid in sorted(rows)]


@pytest.fixture
def on_dovecot(dovecot: DovecotServer) -> Iterator[OnDovecot]:
    """A fresh account on Dovecot."""
    with TcpProxy(dovecot.imaps_port) as proxy:
        yield OnDovecot(dovecot, proxy)


@pytest.fixture(params=["fake", "dovecot"])
def mailbox(request: pytest.FixtureRequest) -> MailboxUnderTest:
    """A fresh mailbox with an empty INBOX and a folder Sent."""
    if request.param == "fake":
        return InMemory()
    on_dovecot: OnDovecot = request.getfixturevalue("on_dovecot")
    return on_dovecot


@pytest.fixture
def session(mailbox: MailboxUnderTest) -> Iterator[MailboxSession]:
    """A connection to `mailbox`."""
    connected = mailbox.connect()
    yield connected
    connected.close()
