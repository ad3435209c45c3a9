"""The whole way with real servers on both ends, and mailboxes that cannot be read."""

from pathlib import Path

import pytest

from tests.integration.daemon.conftest import Installing, box, lines_of, wait_for_answer, working
from tests.integration.intake.conftest import letter
from tests.servers.certificate import make_certificate
from tests.servers.dovecot import DovecotServer
from tests.servers.postfix_fixtures import PostfixAndSink
from tests.servers.program import free_port, wait_until
from tests.servers.proxy import TcpProxy


def test_a_mail_from_a_client_is_answered_through_postfix(
    install: Installing, dovecot: DovecotServer, postfix: PostfixAndSink
) -> None:
    service = box("service", postfix.server.port)
    with install(service).opened() as context, working(context):
        with dovecot.client(service.address) as client:
            client.append("INBOX", letter(71, to=service.address))
        answer = wait_for_answer(postfix.sink, 71)
    assert b"In-Reply-To: <m71@customer71.example>" in answer


def test_a_wrong_password_is_told_and_tried_again_and_harms_no_other(
    install: Installing, dovecot: DovecotServer, postfix: PostfixAndSink, caplog: pytest.LogCaptureFixture
) -> None:
    broken, service = box("broken", postfix.server.port), box("service", postfix.server.port)
    installation = install(broken, service)
    dovecot.change_password(broken.address, "another")
    with installation.opened() as context, working(context):
        wait_until(lambda: bool(lines_of(caplog, "mailbox.failed", "broken")), "the line in the log")
        dovecot.deliver(service.address, letter(72))
        dovecot.deliver(broken.address, letter(73))
        wait_for_answer(postfix.sink, 72)
        dovecot.change_password(broken.address)
        wait_for_answer(postfix.sink, 73)
    lines = lines_of(caplog, "mailbox.failed", "broken")
    assert lines[0] == (
        f"mailbox broken: 127.0.0.1:{dovecot.imaps_port} refuses the username or password: "
        "[AUTHENTICATIONFAILED] Authentication failed.; check both (some hosts want an app password or "
        "authorization code, 授权码, instead); trying again"
    )
    assert set(lines) == {lines[0]}
    assert not lines_of(caplog, "mailbox.failed", "service")


def test_an_unreachable_host_is_told_and_tried_again_and_harms_no_other(
    install: Installing, dovecot: DovecotServer, postfix: PostfixAndSink, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    broken, service = (
        box("broken", postfix.server.port, imap={"port": port}),
        box("service", postfix.server.port),
    )
    with install(broken, service).opened() as context, working(context):
        wait_until(lambda: bool(lines_of(caplog, "mailbox.failed", "broken")), "the line in the log")
        dovecot.deliver(service.address, letter(74))
        dovecot.deliver(broken.address, letter(75))
        wait_for_answer(postfix.sink, 74)
        with TcpProxy(dovecot.imaps_port, port=port):
            wait_for_answer(postfix.sink, 75)
    assert lines_of(caplog, "mailbox.failed", "broken")[0] == (
        f"mailbox broken: 127.0.0.1:{port} cannot be reached, nobody listens there (check host and port) "
        "while connecting; trying again"
    )
    assert not lines_of(caplog, "mailbox.failed", "service")


def test_an_untrusted_certificate_is_told_and_tried_again_and_harms_no_other(
    install: Installing,
    dovecot: DovecotServer,
    postfix: PostfixAndSink,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    ca_file = make_certificate(tmp_path).certificate_file
    broken = box("broken", postfix.server.port, imap={"ca_file": str(ca_file)})
    service = box("service", postfix.server.port)
    with install(broken, service).opened() as context, working(context):
        wait_until(lambda: bool(lines_of(caplog, "mailbox.failed", "broken")), "the line in the log")
        dovecot.deliver(service.address, letter(76))
        dovecot.deliver(broken.address, letter(77))
        wait_for_answer(postfix.sink, 76)
        ca_file.write_bytes(dovecot.ca_file.read_bytes())
        wait_for_answer(postfix.sink, 77)
    assert lines_of(caplog, "mailbox.failed", "broken")[0] == (
        f"mailbox broken: 127.0.0.1:{dovecot.imaps_port} has a certificate that is not trusted: self-signed "
        "certificate; set ca_file to the certificate of the authority that signed it; trying again"
    )
    assert not lines_of(caplog, "mailbox.failed", "service")
