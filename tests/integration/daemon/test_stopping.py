"""It ends when asked: within three seconds, whatever it is in the middle of."""

import threading

import pytest

from maild.model.delivery import OutboxState
from maild.store import outbox
from tests.integration.daemon.conftest import STOP_LIMIT_S, Installing, box, lines_of, working
from tests.integration.intake.conftest import letter
from tests.servers.dovecot import DovecotServer
from tests.servers.postfix_fixtures import PostfixAndSink
from tests.servers.program import free_port, wait_until
from tests.servers.proxy import TcpProxy
from tests.servers.scripted import Reply, ScriptedServer


def test_during_idle(install: Installing, dovecot: DovecotServer, caplog: pytest.LogCaptureFixture) -> None:
    with install(box("service")).opened() as context, working(context) as at_work:
        wait_until(lambda: bool(lines_of(caplog, "mailbox.reading", "service")), "the mailbox read")
        assert at_work.stop() < STOP_LIMIT_S


def test_while_waiting_to_try_again(install: Installing, caplog: pytest.LogCaptureFixture) -> None:
    broken = box("broken", imap={"port": free_port()})
    with install(broken).opened() as context, working(context) as at_work:
        wait_until(lambda: len(lines_of(caplog, "mailbox.failed", "broken")) > 1, "a second try")
        assert at_work.stop() < STOP_LIMIT_S


def test_while_the_mail_server_is_silent(install: Installing, dovecot: DovecotServer) -> None:
    with TcpProxy(dovecot.imaps_port) as proxy:
        proxy.stall()
        service = box("service", imap={"port": proxy.port})
        with install(service).opened() as context, working(context) as at_work:
            wait_until(lambda: proxy.connections == 1, "a connection")
            assert at_work.stop() < STOP_LIMIT_S


def test_while_the_mail_server_falls_silent_in_idle(
    install: Installing, dovecot: DovecotServer, caplog: pytest.LogCaptureFixture
) -> None:
    with TcpProxy(dovecot.imaps_port) as proxy:
        service = box("service", imap={"port": proxy.port})
        with install(service).opened() as context, working(context) as at_work:
            wait_until(lambda: bool(lines_of(caplog, "mailbox.reading", "service")), "the mailbox read")
            proxy.stall()
            assert at_work.stop() < STOP_LIMIT_S


def test_while_a_mail_is_in_the_hands_of_a_silent_server(
    install: Installing, dovecot: DovecotServer, postfix: PostfixAndSink
) -> None:
    with TcpProxy(postfix.server.port) as proxy:
        proxy.stall()
        service = box("service", proxy.port)
        with install(service).opened() as context:
            with working(context) as at_work:
                dovecot.deliver(service.address, letter(81))
                wait_until(lambda: proxy.connections == 1, "a connection")
                assert at_work.stop() < STOP_LIMIT_S
            (mail,) = context.store.read(lambda conn: outbox.listing(conn, frozenset(OutboxState), 10))
            assert mail.state is OutboxState.QUEUED  # nothing had left: no doubt
            proxy.resume()
            with working(context):
                postfix.sink.wait_for(lambda mails: any("customer81@" in one.recipients[0] for one in mails))


def silent_in_data() -> Reply:
    """An SMTP server that takes everything and never says whether it has the mail."""
    in_data = threading.Event()

    def reply(words: bytes) -> bytes:
        if in_data.is_set():
            return b""
        if words.startswith(b"DATA"):
            in_data.set()
            return b"354 go on\r\n"
        return b"250 fine\r\n"

    return reply


def test_inside_data_the_mail_is_in_doubt(install: Installing, dovecot: DovecotServer) -> None:
    with ScriptedServer(b"220 ready\r\n", silent_in_data()) as server:
        service = box("service", server.port)
        with install(service).opened() as context:
            with working(context) as at_work:
                dovecot.deliver(service.address, letter(82))
                wait_until(lambda: b".\r\n" in server.lines, "the final dot")
                assert at_work.stop() < STOP_LIMIT_S
            (mail,) = context.store.read(lambda conn: outbox.listing(conn, frozenset(OutboxState), 10))
            assert mail.state is OutboxState.IN_DOUBT
