"""Scripts for servers that no Dovecot can be made to play, and sessions with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from maild.clock import ManualClock
from maild.imap.connect import connect
from maild.model.ports import MailboxSession
from maild.settings import ImapSettings, Secret, TlsMode
from tests.servers.scripted import ScriptedServer, by_command

GREETING = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"
NOW = datetime(2024, 5, 6, tzinfo=UTC)
SELECTED = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n{tag} OK [READ-ONLY] done\r\n"

Answers = list[tuple[bytes, bytes | None]]


def settings_for(port: int, timeout_s: float = 2.0) -> ImapSettings:
    return ImapSettings(
        host="127.0.0.1",
        port=port,
        tls=TlsMode.NONE,
        username="service",
        password=Secret("secret word"),
        ca_file=None,
        timeout_s=timeout_s,
        poll_interval_s=60.0,
        idle=True,
    )


def scripted(
    answers: Answers, capability: bytes = b"IMAP4rev1", greeting: bytes = GREETING
) -> ScriptedServer:
    told = (b"CAPABILITY", b"* CAPABILITY " + capability + b"\r\n{tag} OK done\r\n")
    return ScriptedServer(greeting, by_command([told, *answers, (b"EXAMINE", SELECTED), (b"LOGOUT", None)]))


@contextmanager
def selected(
    server: ScriptedServer, timeout_s: float = 2.0, *, readonly: bool = True
) -> Iterator[MailboxSession]:
    session = connect(settings_for(server.port, timeout_s), "service", ManualClock(NOW))
    try:
        session.select("INBOX", readonly=readonly)
        yield session
    finally:
        session.close()
