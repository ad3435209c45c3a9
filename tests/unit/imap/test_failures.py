"""What the libraries raise, and the one line that becomes of it."""

import ssl
from imaplib import IMAP4

import pytest
from imapclient.exceptions import InvalidCriteriaError, LoginError

from maild.errors import (
    CertificateRefused,
    ConnectionLost,
    LoginRefused,
    MaildError,
    PermanentError,
    ProtocolError,
    TemporaryError,
)
from maild.imap.failures import Place, at_border, is_refusal, one_line, translate

PLACE = Place(mailbox="service", host="imap.example.com", port=993)


def not_verified(message: str) -> ssl.SSLCertVerificationError:
    exc = ssl.SSLCertVerificationError(1, "certificate verify failed")
    exc.verify_message = message
    return exc


def tls_reason(reason: str) -> ssl.SSLError:
    exc = ssl.SSLError(1, reason)
    exc.reason = reason
    return exc


def login_after(cause: Exception) -> LoginError:
    exc = LoginError(str(cause))
    exc.__context__ = cause
    return exc


@pytest.mark.parametrize(
    ("exc", "error", "words"),
    [
        pytest.param(
            not_verified("self-signed certificate"), CertificateRefused, "set ca_file", id="self-signed"
        ),
        pytest.param(
            not_verified("Hostname mismatch, certificate is not valid for 'imap.example.com'."),
            CertificateRefused,
            "'imap.example.com'; set host",
            id="other name",
        ),
        pytest.param(
            not_verified("certificate has expired"), CertificateRefused, "administrator", id="expired"
        ),
        pytest.param(tls_reason("WRONG_VERSION_NUMBER"), ProtocolError, "does not speak TLS", id="no TLS"),
        pytest.param(ssl.SSLEOFError(8, "EOF"), ConnectionLost, "broke off", id="TLS cut"),
        pytest.param(ConnectionResetError(104, "reset"), ConnectionLost, "reset", id="reset"),
        pytest.param(TimeoutError("timed out"), ConnectionLost, "timeout_s", id="timeout"),
        pytest.param(IMAP4.abort("socket error: EOF"), ConnectionLost, "closed", id="closed"),
        pytest.param(IMAP4.abort("unexpected response: b'x'"), ProtocolError, "IMAP", id="nonsense"),
        pytest.param(IMAP4.readonly("x is not writable"), PermanentError, "only be read", id="read-only"),
        pytest.param(LoginError("b'LOGIN Failed'"), LoginRefused, ": LOGIN Failed;", id="login"),
        pytest.param(LoginError("[INUSE] busy"), TemporaryError, "just now", id="login later"),
        pytest.param(login_after(IMAP4.abort("EOF")), ConnectionLost, "closed", id="login cut"),
        pytest.param(IMAP4.error("store failed: [NOPERM] no"), PermanentError, ": [NOPERM] no", id="NOPERM"),
        pytest.param(IMAP4.error("store failed: later"), TemporaryError, "later", id="NO"),
        pytest.param(IMAP4.error("UID command error: BAD [b'what']"), ProtocolError, ": what", id="BAD"),
        pytest.param(IMAP4.error(b"* BYE busy"), TemporaryError, "* BYE busy", id="BYE"),
        pytest.param(InvalidCriteriaError("bad search"), ProtocolError, "bad search", id="criteria"),
        pytest.param(ValueError("not a number"), ProtocolError, "not a number", id="unreadable"),
        pytest.param(ValueError(), ProtocolError, "ValueError", id="without a word"),
        pytest.param(ValueError("a\r\nb"), ProtocolError, "a b", id="two lines"),
    ],
)
def test_translate(exc: Exception, error: type[MaildError], words: str) -> None:
    translated = translate(exc, PLACE, "searching")
    assert type(translated) is error
    assert str(translated).startswith("mailbox service: imap.example.com:993 ")
    assert words in str(translated)
    assert "\n" not in str(translated)


@pytest.mark.parametrize(
    ("exc", "refused"),
    [
        pytest.param(IMAP4.error("fetch failed: no"), True, id="NO"),
        pytest.param(IMAP4.error("UID command error: BAD [b'x']"), True, id="BAD"),
        pytest.param(IMAP4.abort("fetch failed: EOF"), False, id="abort"),
        pytest.param(IMAP4.error("command: UID => got more than 1000000 bytes"), False, id="endless line"),
        pytest.param(OSError("fetch failed: no"), False, id="socket"),
    ],
)
def test_is_refusal(exc: Exception, refused: bool) -> None:
    assert is_refusal(exc) is refused


def test_a_long_answer_is_cut() -> None:
    assert len(one_line(ValueError("x" * 5000))) == 200


def test_our_own_errors_pass_the_border() -> None:
    with pytest.raises(LoginRefused, match="as it was"), at_border(PLACE, "selecting"):
        raise LoginRefused("as it was")


def test_the_cause_is_kept() -> None:
    with pytest.raises(ConnectionLost) as raised, at_border(PLACE, "selecting"):
        raise IMAP4.abort("EOF")
    assert isinstance(raised.value.__cause__, IMAP4.abort)


def test_a_refusal_can_be_let_out() -> None:
    with pytest.raises(IMAP4.error, match="no"), at_border(PLACE, "fetching", but_refusals=True):
        raise IMAP4.error("fetch failed: no")
