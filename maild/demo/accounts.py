"""Mail accounts in memory, served over IMAP by pymap on a free loopback port.

pymap's IDLE tells of what happens while it waits, but not of what came between the last command and IDLE;
a client relies on both (RFC 2177 §3), so the folders here look before they wait.
"""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event, Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.selected import SelectedMailbox
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

HOST = "127.0.0.1"


class Accounts:
    """The accounts of one mail server, and what has been delivered to them."""

    def __init__(self, addresses: Iterable[str], password: str) -> None:
        self._config = _config()
        self._login = Login(self._config)
        self._folders = {address: _Folders() for address in addresses}
        for address, folders in self._folders.items():
            self._login.users_dict[address] = UserMetadata(self._config, address, password=password)
            self._config.set_cache[address] = (folders, FilterSet())
        self._delivered = dict.fromkeys(self._folders, 0)

    def __contains__(self, address: str) -> bool:
        return address in self._folders

    def delivered_to(self, address: str) -> int:
        """How many messages have been put into the INBOX of that account."""
        return self._delivered[address]

    async def deliver(self, address: str, raw: bytes, now: datetime) -> None:
        """Put a message into the INBOX of that account."""
        inbox = await self._folders[address].get_mailbox("INBOX")
        await inbox.append(AppendMessage(raw, now, frozenset()), recent=True)
        self._delivered[address] += 1

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[int]:
        """Answer IMAP while the context lasts; the value is the port."""
        callback = ProxyProtocolReader(ProxyProtocolVersion.NOOP.value).get_callback(
            IMAPServer(self._login, self._config)
        )
        async with await asyncio.start_server(callback, HOST, 0) as server:
            yield server.sockets[0].getsockname()[1]


class _Config(Config):
    """pymap's settings without what would ask the name service."""

    @property
    def greeting(self) -> bytes:
        return b"maild demo ready"


class _Folder(MailboxData):
    """A folder whose IDLE begins with the news that came since the last command."""

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        seen = selected.mod_sequence
        if wait_on is not None and seen is not None and seen != self._mod_sequences.highest:
            wait_on = None
        return await super().update_selected(selected, wait_on=wait_on)


class _Folders(MailboxSet):
    """An account's folders: an INBOX that is told of at once, others as clients make them."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Folder(self._content_cache, self._thread_cache)


def _config() -> _Config:
    args = Namespace(passlib_cfg=None, proxy_protocol=None)
    return _Config(
        args,
        host=HOST,
        port=0,
        tls_enabled=False,
        demo_data=False,
        demo_user="",
        demo_password="",
        hash_context=Cleartext(),
        cpu_subsystem=Subsystem.for_asyncio(),
    )
