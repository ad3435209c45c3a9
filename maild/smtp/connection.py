"""A connection that is ready to take mail: dialled, private (RFC 3207, RFC 8314), logged in (RFC 4954).

Turns every way in which that can fail into one clear line that names the mailbox and the host.
The mail itself is submission.py's business.
"""

import asyncio
import socket
import ssl

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPNotSupported, SMTPResponseException

from maild.errors import CertificateRefused, ConnectionLost, LoginRefused, MaildError, ProtocolError
from maild.settings import SmtpSettings, TlsMode


async def connect(settings: SmtpSettings, mailbox: str) -> SMTP:
    """A client after EHLO, TLS and login; the caller ends it with `hang_up`.

    Raises: ConnectionLost, CertificateRefused, LoginRefused, ProtocolError; the text of each is one line
    that begins with the mailbox and the host.
    """
    try:
        client = _client(settings, await _tls_context(settings))
    except (OSError, ValueError) as mistake:  # an unreadable ca_file (ssl.SSLError is an OSError), a bad helo
        raise ProtocolError(
            _line(settings, mailbox, f"cannot be used as it is set up: {mistake}")
        ) from mistake
    try:
        await _open(client, settings, mailbox)
    except BaseException:
        hang_up(client)
        raise
    return client


def hang_up(client: SMTP) -> None:
    """End the connection at once; may be repeated.

    A polite end of TLS would wait up to 30 s for a server that has already said its last word.
    """
    if isinstance(client.transport, asyncio.Transport):
        client.transport.abort()
    client.close()


async def _open(client: SMTP, settings: SmtpSettings, mailbox: str) -> None:
    try:
        await client.connect()
        if settings.tls is TlsMode.STARTTLS:
            await client.starttls()
        await client.ehlo()
        if settings.username:
            await _login(client, settings)
    except (SMTPException, OSError, ValueError) as failure:
        raise _translated(failure, settings, mailbox) from failure


async def _tls_context(settings: SmtpSettings) -> ssl.SSLContext | None:
    if settings.tls is TlsMode.NONE:
        return None
    # Reading the trusted certificates takes tens of milliseconds: not on the event loop.
    return await asyncio.to_thread(ssl.create_default_context, cafile=settings.ca_file)


def _client(settings: SmtpSettings, tls_context: ssl.SSLContext | None) -> SMTP:
    return SMTP(
        hostname=settings.host,
        port=settings.port,
        timeout=settings.timeout_s,
        local_hostname=settings.helo or _own_name(),
        use_tls=settings.tls is TlsMode.IMPLICIT,
        start_tls=False,  # done by hand above: never by chance, never left out
        tls_context=tls_context,
    )


def _own_name() -> str:
    """This machine's full name, else an address literal (RFC 5321 §4.1.4); no DNS is asked."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


async def _login(client: SMTP, settings: SmtpSettings) -> None:
    """Log in with one method only: aiosmtplib's own login tries a wrong password again with each method."""
    password = settings.password.reveal() if settings.password else ""
    methods = client.server_auth_methods
    if not methods:
        raise SMTPNotSupported("it offers no login; is tls set right?")
    if settings.tls is TlsMode.NONE and "cram-md5" in methods:
        await client.auth_crammd5(settings.username, password)  # no password in the clear if it can be helped
    elif "plain" in methods or "login" not in methods:
        await client.auth_plain(settings.username, password)
    else:
        await client.auth_login(settings.username, password)


def _translated(failure: Exception, settings: SmtpSettings, mailbox: str) -> MaildError:
    kind, what = _meaning(failure)
    return kind(_line(settings, mailbox, what))


def _meaning(failure: Exception) -> tuple[type[MaildError], str]:
    cause = failure if isinstance(failure, ssl.SSLError) else failure.__cause__
    match failure:
        case SMTPAuthenticationError(code=code) if code >= 500:
            return LoginRefused, f"the user or password is not accepted: {_said(failure)}"
        case SMTPResponseException():
            return ConnectionLost, f"does not take mail now: {_said(failure)}"
        case _ if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateRefused, f"the certificate is not trusted: {cause.verify_message}"
        case _ if isinstance(cause, ssl.SSLError):
            return ProtocolError, f"TLS fails, tls may be set wrong: {cause.reason}"
        case OSError():  # aiosmtplib's lost connections and time-outs are OSErrors too
            return ConnectionLost, f"cannot be reached: {str(failure) or type(failure).__name__}"
        case _:
            return ProtocolError, f"cannot be used as it is set up: {failure}"


def _said(failure: SMTPResponseException) -> str:
    return f"{failure.code} {' '.join(failure.message.split())}"


def _line(settings: SmtpSettings, mailbox: str, what: str) -> str:
    return f"mailbox {mailbox}, {settings.host}:{settings.port}: {what}"
