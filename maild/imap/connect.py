"""A mailbox session from its settings: TLS by mode, certificate checked, logged in, introduced.

RFC 8314 §3 (TLS), RFC 9051 §6.2 (login), RFC 4616 (PLAIN), RFC 2971 (ID). What goes wrong is one line
of maild.errors that names the mailbox; trying again is left to the caller.
"""

import ssl
from imaplib import IMAP4

from maild import __version__
from maild.clock import Clock, SystemClock
from maild.errors import CertificateRefused, LoginRefused, ProtocolError
from maild.imap.failures import Place, at_border, is_refusal
from maild.imap.session import ImapSession
from maild.imap.wire import Wire
from maild.model.ports import MailboxSession
from maild.settings import ImapSettings, TlsMode


def connect(settings: ImapSettings, mailbox: str, clock: Clock | None = None) -> MailboxSession:
    """A session of `mailbox`, logged in, no folder selected yet; errors name the mailbox.

    Raises: ConnectionLost, LoginRefused, CertificateRefused, ProtocolError, TemporaryError.
    """
    place = Place(mailbox=mailbox, host=settings.host, port=settings.port)
    trust = _trust(settings, place)
    with at_border(place, "connecting"):
        wire = _dial(settings, trust)
    try:
        with at_border(place, "logging in"):
            _open(wire, settings, place, trust)
    except BaseException:
        wire.drop()
        raise
    return ImapSession(wire, place, idle=settings.idle, clock=clock or SystemClock())


def _trust(settings: ImapSettings, place: Place) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as exc:
        raise CertificateRefused(
            f"{place}: ca_file {settings.ca_file} cannot be used ({exc.strerror}): name a file in PEM form"
        ) from exc


def _dial(settings: ImapSettings, trust: ssl.SSLContext) -> Wire:
    return Wire(
        settings.host,
        settings.port,
        ssl=settings.tls is TlsMode.IMPLICIT,
        ssl_context=trust,
        timeout=settings.timeout_s,
    )


def _open(wire: Wire, settings: ImapSettings, place: Place, trust: ssl.SSLContext) -> None:
    if settings.tls is TlsMode.STARTTLS:
        if not wire.has_capability("STARTTLS"):
            raise ProtocolError(f'{place} does not offer STARTTLS: set tls = "implicit", with its own port')
        wire.starttls(trust)
    # RFC 9051 §6.2.3: LOGIN must not be tried where LOGINDISABLED is shown.
    if wire.has_capability("LOGINDISABLED"):
        raise LoginRefused(f'{place} takes no password without TLS: set tls = "starttls" or "implicit"')
    _log_in(wire, settings.username, settings.password.reveal())
    _introduce(wire)


def _log_in(wire: Wire, username: str, password: str) -> None:
    """Log in by PLAIN where it is offered, or where LOGIN cannot carry the characters."""
    either = username + password
    if wire.has_capability("AUTH=PLAIN") or not (either.isascii() and either.isprintable()):
        answer = f"\0{username}\0{password}".encode()  # RFC 4616 §2: UTF-8
        wire.sasl_login("PLAIN", lambda _challenge: answer)
    else:
        wire.login(_quoted(username), password)


def _quoted(username: str) -> str:
    """A quoted string of RFC 9051 §4.3; imaplib quotes the password, but not the username."""
    return '"' + username.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _introduce(wire: Wire) -> None:
    """Say who we are (RFC 2971 §3.1). Seen in practice: 163, 126 and yeah.net refuse SELECT before it."""
    if not wire.has_capability("ID"):
        return
    try:
        wire.id_({"name": "maild", "version": __version__})
    except IMAP4.error as exc:
        if not is_refusal(exc):
            raise
