"""The border: what imapclient, imaplib, ssl and the socket raise becomes one line of maild.errors.

Each line names the mailbox, the host, what is wrong and what to do. A refusal (NO) is judged by its
response code (RFC 5530 §3, RFC 9051 §7.1); one without a code may be lifted later, so it is temporary.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from socket import gaierror

from imapclient.exceptions import (
    LoginError,
)

from maild.errors import (
    CertificateRefused,
    ConnectionLost,
    LoginRefused,
    MaildError,
    PermanentError,
    ProtocolError,
    TemporaryError,
)

# imapclient meets an answer it did not expect with whatever Python raises on the way.
_STUMBLES = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
FOREIGN = (IMAP4.error, OSError, *_STUMBLES)

_TEMPORARY_CODES = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "EXPUNGEISSUED"}
_PERMANENT_CODES = {"NOPERM", "CANNOT", "OVERQUOTA", "NONEXISTENT", "TRYCREATE", "READ-ONLY"}
# In the words of imapclient (NO), of imaplib (BAD), and of a server that turns away at once (BYE).
_REFUSAL = re.compile(r"\S+ failed: |\S+ command error: BAD |b['\"]\* BYE ")
_NO_TLS_THERE = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNSUPPORTED_PROTOCOL", "HTTP_REQUEST"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which mailbox on which server an error is about."""

    mailbox: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"mailbox {self.mailbox}: {self.host}:{self.port}"


@contextmanager
def at_border(place: Place, doing: str, *, but_refusals: bool = False) -> Iterator[None]:
    """Lets nothing out but errors of maild; `doing` completes "... while <doing>".

    `but_refusals` lets the server's NO to a command out as it is, for a caller that has another way.
    """
    try:
        yield
    except FOREIGN as exc:
        if but_refusals and is_refusal(exc):
            raise
        raise translate(exc, place, doing) from exc


def is_refusal(exc: BaseException) -> bool:
    """Whether the server said NO or BAD to one command, and the connection is as good as before."""
    return type(exc) is IMAP4.error and _REFUSAL.match(str(exc)) is not None


def translate(exc: BaseException, place: Place, doing: str) -> MaildError:
    """The error of maild that `exc` amounts to."""
    match exc:
        case ssl.SSLError():
            return _tls_failure(exc, place)
        case OSError():
            return ConnectionLost(f"{place} {_network_trouble(exc)} while {doing}")
        case LoginError():
            return _login_failure(exc, place)
        case IMAP4.abort():
            return _broken_off(exc, place, doing)
        case IMAP4.error() if is_refusal(exc):
            return _refusal(exc, place, doing)
        case _:
            return ProtocolError(f"{place} answers against the protocol while {doing}: {one_line(exc)}")


def one_line(exc: BaseException) -> str:
    """What the server said, without imaplib's wrapping, at most 200 characters."""
    wrapped = re.search(r"\bb(['\"])(.*)\1", str(exc), re.DOTALL)
    said = wrapped[2] if wrapped else re.sub(r"^\S+ failed: ", "", str(exc))
    return " ".join(said.split())[:200] or type(exc).__name__


def _tls_failure(exc: ssl.SSLError, place: Place) -> MaildError:
    if isinstance(exc, ssl.SSLCertVerificationError):
        said = exc.verify_message.rstrip(".")
        return CertificateRefused(f"{place} has a certificate that is not trusted: {said}; {_remedy(said)}")
    if getattr(exc, "reason", None) in _NO_TLS_THERE:  # missing where Python itself raised it
        return ProtocolError(f'{place} does not speak TLS there: set tls = "starttls", or another port')
    return ConnectionLost(f"{place} broke off the TLS connection: {one_line(exc)}")


def _remedy(verify_message: str) -> str:
    if "valid for" in verify_message:
        return "set host to a name that stands in the certificate"
    if "expired" in verify_message:
        return "the server's administrator must renew it"
    return "set ca_file to the certificate of the authority that signed it"


def _login_failure(exc: IMAP4.error, place: Place) -> MaildError:
    # imapclient makes a LoginError of everything, even of a connection that broke.
    if isinstance(exc.__context__, IMAP4.abort):
        return ConnectionLost(f"{place} closed the connection while logging in: {one_line(exc)}")
    if _code(exc) in _TEMPORARY_CODES:
        return TemporaryError(f"{place} cannot log anybody in just now: {one_line(exc)}")
    return LoginRefused(
        f"{place} refuses the username or password: {one_line(exc)}; check both "
        "(some hosts want an app password or authorization code, 授权码, instead)"
    )


def _broken_off(exc: IMAP4.abort, place: Place, doing: str) -> MaildError:
    if isinstance(exc, IMAP4.readonly):
        return PermanentError(f"{place} lets this folder only be read while {doing}: ask for write access")
    if "unexpected" in str(exc):
        return ProtocolError(
            f"{place} does not speak IMAP while {doing}: {one_line(exc)}; check host and port"
        )
    return ConnectionLost(f"{place} closed the connection while {doing}: {one_line(exc)}")


def _network_trouble(exc: OSError) -> str:
    match exc:
        case gaierror():
            return "has a host name that cannot be found (check host)"
        case ConnectionRefusedError():
            return "cannot be reached, nobody listens there (check host and port)"
        case TimeoutError():
            return "did not answer in time (check host, port, tls and timeout_s)"
        case _:
            return f"broke the connection ({one_line(exc)})"


def _refusal(exc: IMAP4.error, place: Place, doing: str) -> MaildError:
    line = f"{place} says no while {doing}: {one_line(exc)}"
    if " command error: BAD " in str(exc):
        return ProtocolError(line)
    return PermanentError(line) if _code(exc) in _PERMANENT_CODES else TemporaryError(line)


def _code(exc: BaseException) -> str:
    found = re.search(r"\[([A-Z-]+)", str(exc))
    return found[1] if found else ""
