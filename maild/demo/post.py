"""The demo's SMTP server (aiosmtpd): the mail server of everybody's domain at once, on a free loopback port.

Mail to an account goes into its INBOX; a local address without one is refused with 550 5.1.1 (RFC 3463 §3.2),
an address elsewhere with 550 5.7.1: nothing ever leaves this machine.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import format_datetime

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from maild.clock import Clock
from maild.demo.accounts import HOST, Accounts
from maild.demo.cast import ALIASES, DOMAINS, PASSWORD

_HOSTNAME = "mail.demo.example"


class PostOffice:
    """Takes mail in, and puts it into accounts."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[int]:
        """Answer SMTP while the context lasts; the value is the port."""
        async with await asyncio.get_running_loop().create_server(self._session, HOST, 0) as server:
            yield server.sockets[0].getsockname()[1]

    def _session(self) -> SMTP:
        return SMTP(
            self,
            hostname=_HOSTNAME,
            ident="maild demo",
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        good = (
            isinstance(data, LoginPassword)
            and data.login.decode("utf-8", "replace") in self._accounts
            and data.password == PASSWORD.encode()
        )
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd names it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The answer to RCPT TO."""
        if address.rpartition("@")[2].casefold() not in DOMAINS:
            return f"550 5.7.1 <{address}>: this server delivers to the demo's own domains only"
        if _account(address) not in self._accounts:
            return f"550 5.1.1 <{address}>: no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 -- aiosmtpd names it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Deliver to every recipient, each copy with its own trace (RFC 5321 §4.4)."""
        now = self._clock.now()
        received = f"from {session.host_name} by {_HOSTNAME} with ESMTP; {format_datetime(now)}"
        for address in envelope.rcpt_tos:
            trace = (
                f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {address}\r\nReceived: {received}\r\n"
            )
            content = envelope.original_content or b""
            await self._accounts.deliver(_account(address), trace.encode() + content, now)
        return "250 2.0.0 delivered"


def _account(address: str) -> str:
    """The account that mail to an address goes to: aliases followed, kefu+anything@ is kefu@ (RFC 5233)."""
    local, _, domain = address.casefold().rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    return ALIASES.get(plain, plain)
