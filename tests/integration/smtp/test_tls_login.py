"""TLS and login against aiosmtpd with a certificate of its own."""

import asyncio
import ssl
from pathlib import Path

import pytest

from maild.model.delivery import Envelope, RecipientOutcome, RecipientState
from maild.settings import SmtpSettings, TlsMode
from maild.smtp.submission import deliver
from tests.integration.smtp.rigs import Commit, settings_for
from tests.servers.certificate import Certificate, make_certificate
from tests.servers.sink import Cut, Sink, SinkSetup

LOGIN = ("service@example.test", "a secret 密码")
ENVELOPE = Envelope(sender="service@example.test", recipients=("customer@example.test",))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for localhost."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def setup(certificate: Certificate, tls: TlsMode) -> SinkSetup:
    """A sink that wants TLS and a login."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate_file, certificate.key_file)
    return SinkSetup(tls=context, implicit_tls=tls is TlsMode.IMPLICIT, login=LOGIN)


def send(settings: SmtpSettings) -> RecipientOutcome:
    """The outcome of one delivery to one recipient."""
    told = deliver(settings, ENVELOPE, b"Subject: x\r\n\r\nx\r\n", mailbox="service", before_data=Commit())
    (outcome,) = asyncio.run(told)
    return outcome


private = pytest.mark.parametrize("tls", [TlsMode.IMPLICIT, TlsMode.STARTTLS])


@private
def test_sent_over_tls_after_login(certificate: Certificate, tls: TlsMode) -> None:
    with Sink(setup(certificate, tls)) as sink:
        outcome = send(settings_for(sink.port, tls=tls, ca_file=certificate.certificate_file, login=LOGIN))
    assert outcome.state is RecipientState.SENT
    assert [mail.recipients for mail in sink.taken] == [ENVELOPE.recipients]


@private
def test_a_wrong_password_waits_and_is_tried_once(certificate: Certificate, tls: TlsMode) -> None:
    with Sink(setup(certificate, tls)) as sink:
        login = (LOGIN[0], "wrong")
        outcome = send(settings_for(sink.port, tls=tls, ca_file=certificate.certificate_file, login=login))
    assert (outcome.state, outcome.code) == (RecipientState.DEFERRED, 535)
    assert outcome.reply.startswith(
        f"mailbox service, 127.0.0.1:{sink.port}: the user or password is not accepted: 535 "
    )
    assert "wrong" not in outcome.reply
    assert sink.logins == ["PLAIN"]


@private
def test_a_certificate_that_is_not_trusted_waits(certificate: Certificate, tls: TlsMode) -> None:
    with Sink(setup(certificate, tls)) as sink:
        outcome = send(settings_for(sink.port, tls=tls, login=LOGIN))
    assert (outcome.state, outcome.code) == (RecipientState.DEFERRED, 0)
    assert outcome.reply.startswith(
        f"mailbox service, 127.0.0.1:{sink.port}: the certificate is not trusted: self-signed certificate"
    )
    assert sink.logins == []


@private
def test_a_certificate_for_another_name_waits(tmp_path: Path, tls: TlsMode) -> None:
    other = make_certificate(tmp_path, names="DNS:other.example.test")
    with Sink(setup(other, tls)) as sink:
        outcome = send(settings_for(sink.port, tls=tls, ca_file=other.certificate_file, login=LOGIN))
    assert outcome.state is RecipientState.DEFERRED
    assert "the certificate is not trusted: " in outcome.reply
    assert sink.logins == []


def test_starttls_that_is_not_offered_waits_and_nothing_goes_out_in_the_clear() -> None:
    with Sink() as sink:
        outcome = send(settings_for(sink.port, tls=TlsMode.STARTTLS))
    assert outcome.state is RecipientState.DEFERRED
    assert "STARTTLS" in outcome.reply
    assert sink.taken == ()


def test_tls_to_a_port_that_speaks_plain_waits() -> None:
    with Sink() as sink:
        outcome = send(settings_for(sink.port, tls=TlsMode.IMPLICIT))
    assert outcome.state is RecipientState.DEFERRED
    assert "TLS fails, tls may be set wrong: " in outcome.reply


def test_a_ca_file_that_is_missing_waits(tmp_path: Path) -> None:
    outcome = send(settings_for(1, tls=TlsMode.IMPLICIT, ca_file=tmp_path / "none.pem"))
    assert outcome.state is RecipientState.DEFERRED
    assert "cannot be used as it is set up: " in outcome.reply


@pytest.mark.parametrize(
    ("cut", "state", "taken"),
    [
        pytest.param(Cut.CONNECT, RecipientState.DEFERRED, 0, id="connect"),
        pytest.param(Cut.BEFORE_DATA, RecipientState.DEFERRED, 0, id="before DATA"),
        pytest.param(Cut.DATA_UNTAKEN, RecipientState.IN_DOUBT, 0, id="inside DATA, not taken"),
        pytest.param(Cut.DATA_TAKEN, RecipientState.IN_DOUBT, 1, id="inside DATA, taken"),
    ],
)
def test_the_sink_cuts_where_it_is_told(cut: Cut, state: RecipientState, taken: int) -> None:
    with Sink() as sink:
        sink.cut = cut
        outcome = send(settings_for(sink.port))
    assert outcome.state is state
    assert len(sink.taken) == taken
