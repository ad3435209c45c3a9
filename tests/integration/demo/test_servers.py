"""The demo's own mail servers, asked by plain clients: who gets mail, who is refused, who is told of it."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from smtplib import SMTP, SMTPAuthenticationError, SMTPRecipientsRefused

import pytest
from imapclient import IMAPClient

from maild.clock import SystemClock, monotonic_s
from maild.demo.accounts import HOST, Accounts
from maild.demo.cast import DAEMON, PASSWORD, SUN, US, WANG
from maild.demo.mailboxes import read_mailbox
from maild.demo.post import PostOffice
from maild.imap.connect import connect
from maild.settings import ImapSettings, Secret, TlsMode

LETTER = "Subject: 投诉\r\n\r\n密封面有划痕\r\n.\r\n".encode("gb18030")


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Accounts, int, int]]:
    accounts = Accounts([US.address, WANG.address, DAEMON.address], PASSWORD)
    async with accounts.serve() as imap, PostOffice(accounts, SystemClock()).serve() as smtp:
        yield accounts, imap, smtp


def send(port: int, recipient: str) -> None:
    with SMTP(HOST, port, local_hostname="localhost", timeout=10) as server:
        server.sendmail(WANG.address, recipient, LETTER, ["BODY=8BITMIME"])


def raw_inbox(port: int, address: str) -> list[bytes]:
    with IMAPClient(HOST, port, ssl=False, timeout=10) as client:
        client.login(address, PASSWORD)
        client.select_folder("INBOX")
        return [row[b"BODY[]"] for row in client.fetch(client.search(), ["BODY[]"]).values()]


@pytest.mark.parametrize(
    ("recipient", "account"),
    [
        pytest.param(US.address, US.address, id="an account"),
        pytest.param(US.address.upper(), US.address, id="in capitals"),
        pytest.param("kefu+token@example.com", US.address, id="with a plus"),
        pytest.param(SUN.address, DAEMON.address, id="an alias"),
    ],
)
def test_mail_is_delivered_byte_by_byte(recipient: str, account: str) -> None:
    async def scene() -> list[bytes]:
        async with served() as (accounts, imap, smtp):
            await asyncio.to_thread(send, smtp, recipient)
            assert accounts.delivered_to(account) == 1
            return await asyncio.to_thread(raw_inbox, imap, account)

    (raw,) = asyncio.run(scene())
    assert raw.startswith(f"Return-Path: <{WANG.address}>\r\nDelivered-To: {recipient}\r\n".encode())
    assert raw.endswith(LETTER)


@pytest.mark.parametrize(
    ("recipient", "reply"),
    [
        pytest.param("nobody@lantian.example", "5.1.1", id="no such account"),
        pytest.param("somebody@elsewhere.test", "5.7.1", id="a domain of others"),
    ],
)
def test_others_are_refused(recipient: str, reply: str) -> None:
    async def scene() -> None:
        async with served() as (_accounts, _imap, smtp):
            await asyncio.to_thread(send, smtp, recipient)

    with pytest.raises(SMTPRecipientsRefused) as refused:
        asyncio.run(scene())
    code, text = refused.value.recipients[recipient]
    assert code == 550
    assert text.startswith(reply.encode())


@pytest.mark.parametrize(
    "login",
    [
        pytest.param((WANG.address, "wrong"), id="a wrong password"),
        pytest.param(("nobody@lantian.example", PASSWORD), id="no account"),
    ],
)
def test_a_wrong_login_is_refused(login: tuple[str, str]) -> None:
    def attempt(port: int) -> None:
        with SMTP(HOST, port, local_hostname="localhost", timeout=10) as server:
            server.login(*login)

    async def scene() -> None:
        async with served() as (_accounts, _imap, smtp):
            await asyncio.to_thread(attempt, smtp)

    with pytest.raises(SMTPAuthenticationError):
        asyncio.run(scene())


def waited_s(imap: int, smtp: int) -> float:
    """How long IDLE takes to tell of mail that came between the last command and IDLE."""
    settings = ImapSettings(
        host=HOST, port=imap, tls=TlsMode.NONE, username=US.address, password=Secret(PASSWORD)
    )
    session = connect(settings, "service")
    try:
        session.select("INBOX")
        send(smtp, US.address)
        started_s = monotonic_s()
        assert session.wait(10.0, threading.Event())
        return monotonic_s() - started_s
    finally:
        session.close()


def test_idle_begins_with_the_news_that_came_before_it() -> None:
    async def scene() -> float:
        async with served() as (_accounts, imap, smtp):
            return await asyncio.to_thread(waited_s, imap, smtp)

    assert asyncio.run(scene()) < 5


def test_a_mailbox_is_read_as_its_owner_sees_it() -> None:
    async def scene() -> tuple[object, ...]:
        async with served() as (_accounts, imap, smtp):
            await asyncio.to_thread(send, smtp, US.address)
            return await asyncio.to_thread(read_mailbox, imap, US.address)

    assert len(asyncio.run(scene())) == 1
