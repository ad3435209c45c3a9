"""Coming in, and being turned away: each failure is one line that names the mailbox and the server."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from maild.errors import (
    CertificateRefused,
    ConnectionLost,
    LoginRefused,
    MaildError,
    ProtocolError,
)
from maild.imap.connect import connect
from maild.settings import ImapSettings, Secret, TlsMode
from tests.integration.imap.conftest import OnDovecot
from tests.servers.certificate import make_certificate
from tests.servers.dovecot import PASSWORD, DovecotServer
from tests.servers.program import free_port
from tests.servers.proxy import Side, TcpProxy, Trap


@pytest.fixture
def settings(on_dovecot: OnDovecot) -> ImapSettings:
    return on_dovecot.settings


@pytest.fixture
def plain(settings: ImapSettings, dovecot: DovecotServer) -> ImapSettings:
    return replace(settings, port=dovecot.imap_port, tls=TlsMode.NONE)


def turned_away(settings: ImapSettings, error: type[MaildError]) -> str:
    with pytest.raises(error) as refused:
        connect(settings, "service")
    line = str(refused.value)
    assert line.startswith(f"mailbox service: {settings.host}:{settings.port}")
    assert "\n" not in line
    assert settings.password.reveal() not in line
    return line


def can_select(settings: ImapSettings) -> bool:
    session = connect(settings, "service")
    selected = session.select("INBOX").uidvalidity > 0
    session.close()
    return selected


@pytest.mark.parametrize("mode", list(TlsMode))
def test_every_tls_mode_leads_in(settings: ImapSettings, dovecot: DovecotServer, mode: TlsMode) -> None:
    port = dovecot.imaps_port if mode is TlsMode.IMPLICIT else dovecot.imap_port
    assert can_select(replace(settings, port=port, tls=mode))


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("密码 pässword", id="not ASCII"),
        pytest.param('quo"te back\\slash', id="quotes"),
        pytest.param("p" * 200, id="long"),
    ],
)
def test_odd_passwords_are_carried(settings: ImapSettings, dovecot: DovecotServer, password: str) -> None:
    account = f"odd{len(password)}{ord(password[0])}@example.test"
    dovecot.add_account(account, password)
    assert can_select(replace(settings, username=account, password=Secret(password)))


def test_a_wrong_password_is_refused(settings: ImapSettings) -> None:
    line = turned_away(replace(settings, password=Secret("wrong")), LoginRefused)
    assert "refuses the username or password" in line


def test_an_unknown_user_is_refused(settings: ImapSettings) -> None:
    turned_away(replace(settings, username="nobody@example.test"), LoginRefused)


@pytest.mark.parametrize("mode", [TlsMode.IMPLICIT, TlsMode.STARTTLS])
def test_an_untrusted_certificate_is_refused(
    settings: ImapSettings, dovecot: DovecotServer, mode: TlsMode
) -> None:
    port = dovecot.imaps_port if mode is TlsMode.IMPLICIT else dovecot.imap_port
    line = turned_away(replace(settings, port=port, tls=mode, ca_file=None), CertificateRefused)
    assert "not trusted" in line
    assert "ca_file" in line


def test_a_certificate_of_another_authority_is_refused(settings: ImapSettings, tmp_path: Path) -> None:
    other = make_certificate(tmp_path)
    turned_away(replace(settings, ca_file=other.certificate_file), CertificateRefused)


def test_a_missing_ca_file_is_named(settings: ImapSettings, tmp_path: Path) -> None:
    line = turned_away(replace(settings, ca_file=tmp_path / "none.pem"), CertificateRefused)
    assert "none.pem" in line


def test_an_empty_ca_file_is_named(settings: ImapSettings, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    assert "empty.pem" in turned_away(replace(settings, ca_file=tmp_path / "empty.pem"), CertificateRefused)


def test_nobody_listening_is_a_lost_connection(settings: ImapSettings) -> None:
    assert "nobody listens" in turned_away(replace(settings, port=free_port()), ConnectionLost)


def test_a_host_that_does_not_exist_is_a_lost_connection(settings: ImapSettings) -> None:
    line = turned_away(replace(settings, host="no-such-host.invalid"), ConnectionLost)
    assert "cannot be found" in line


def test_tls_to_a_port_without_tls_is_told(settings: ImapSettings, dovecot: DovecotServer) -> None:
    assert "does not speak TLS" in turned_away(replace(settings, port=dovecot.imap_port), ProtocolError)


def test_no_tls_to_a_port_with_tls_is_told(settings: ImapSettings) -> None:
    line = turned_away(replace(settings, tls=TlsMode.NONE, timeout_s=0.3), ConnectionLost)
    assert "did not answer in time (check host, port, tls" in line


def test_a_server_that_stalls_is_a_lost_connection(settings: ImapSettings, on_dovecot: OnDovecot) -> None:
    on_dovecot.proxy.stall()
    assert "did not answer in time" in turned_away(replace(settings, timeout_s=0.3), ConnectionLost)


@pytest.mark.parametrize("after_bytes", [1, 200, 1200])
def test_a_line_cut_while_coming_in_is_a_lost_connection(
    settings: ImapSettings, on_dovecot: OnDovecot, after_bytes: int
) -> None:
    on_dovecot.proxy.set_trap(Trap(side=Side.SERVER, after_bytes=after_bytes, forward=False))
    turned_away(settings, ConnectionLost)


@pytest.mark.parametrize("command", [b"AUTHENTICATE", b" ID "])
def test_a_line_cut_after_a_command_is_a_lost_connection(
    plain: ImapSettings, dovecot: DovecotServer, command: bytes
) -> None:
    with TcpProxy(dovecot.imap_port) as proxy:
        proxy.set_trap(Trap(side=Side.CLIENT, needle=command))
        turned_away(replace(plain, port=proxy.port), ConnectionLost)
        assert can_select(replace(plain, port=proxy.port))


def test_neither_password_nor_body_is_logged(
    plain: ImapSettings, on_dovecot: OnDovecot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    on_dovecot.deliver(b"Subject: secret\r\n\r\nvery confidential\r\n")
    session = connect(plain, "service")
    session.select("INBOX")
    assert len(list(session.fetch(session.all_uids()))) == 1
    session.close()
    assert caplog.records == []
    assert repr(plain).count(PASSWORD) == 0
