"""Postfix handing on to Dovecot by LMTP: one mail to two mailboxes becomes two that differ in their trace."""

import asyncio
from collections.abc import Iterator

import pytest

from maild.model.delivery import Envelope, RecipientState
from maild.smtp.submission import deliver
from tests.integration.smtp.rigs import MAILBOX, Commit, settings_for
from tests.servers.dovecot import DovecotServer
from tests.servers.postfix import PostfixServer, PostfixSetup
from tests.servers.program import wait_until

BOTH = ("lmtp-sales@example.test", "lmtp-service@example.test")


@pytest.fixture
def server(dovecot: DovecotServer) -> Iterator[PostfixServer]:
    """A Postfix in front of Dovecot, each recipient a copy of its own."""
    assert dovecot.lmtp, "install the Debian package dovecot-lmtpd"
    started = PostfixServer.start(PostfixSetup(next_hop=dovecot.lmtp, recipients_per_delivery=1))
    yield started
    started.stop()


def inbox(dovecot: DovecotServer, account: str) -> list[bytes]:
    """The raw messages in an account's INBOX."""
    with dovecot.client(account) as client:
        client.select_folder("INBOX", readonly=True)
        found = client.fetch(client.search(), ["BODY.PEEK[]"])
        return [message[b"BODY[]"] for message in found.values()]


def test_each_mailbox_gets_a_copy_of_its_own(dovecot: DovecotServer, server: PostfixServer) -> None:
    for account in BOTH:
        dovecot.add_account(account)
    envelope = Envelope(sender="customer@example.com", recipients=BOTH)
    raw = b"Message-ID: <both@example.com>\r\nDate: x\r\nFrom: c@example.com\r\n\r\nhello\r\n"
    told = deliver(settings_for(server.port), envelope, raw, mailbox=MAILBOX, before_data=Commit())
    assert [each.state for each in asyncio.run(told)] == [RecipientState.SENT, RecipientState.SENT]
    wait_until(lambda: all(inbox(dovecot, account) for account in BOTH), "both copies")
    copies = [inbox(dovecot, account) for account in BOTH]
    assert [len(each) for each in copies] == [1, 1]
    assert copies[0][0] != copies[1][0]
    for account, (copy,) in zip(BOTH, copies, strict=True):
        assert f"Delivered-To: {account}".encode() in copy
        assert copy.endswith(b"\r\n\r\nhello\r\n")
