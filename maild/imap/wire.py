"""imapclient, with what it lacks for waiting: no notice of new mail gets lost between two commands.

A server tells of new messages (EXISTS, RFC 9051 §7.4.1) once, in answer to whatever command comes
next; imapclient drops what it did not ask for. Decides nothing and translates no error: that is left
to session and failures.
"""

import logging
import socket
from contextlib import suppress
from typing import Any

from imapclient import IMAPClient

# Its DEBUG log holds message bodies, and the password of AUTHENTICATE in base64.
logging.getLogger("imapclient").setLevel(logging.CRITICAL + 1)

FAREWELL_S = 2.0


class Wire(IMAPClient):  # type: ignore[misc]  # imapclient ships no types
    """One connection; times come back aware, as the server gave them."""

    def __init__(self, host: str, port: int, **options: Any) -> None:
        super().__init__(host, port, **options)
        # A command and its line end go out as two packets: without this the second waits for the server's
        # acknowledgement of the first (RFC 896), some 40 ms each time.
        self.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.normalise_times = False
        self._heard = False
        self._buffer_read = True
        self._woken = False
        self._begun = b""
        self._read_on = self._imap.readline
        self._imap.readline = self._read_line

    def forget_news(self) -> None:
        """From now on only later notices are news; what piled up unasked is thrown away."""
        self._heard = False
        for unasked in ("EXISTS", "RECENT", "EXPUNGE", "FETCH"):
            self._imap.response(unasked)

    def has_news(self) -> bool:
        """Whether the server told of new messages since `forget_news`, in answer to any command."""
        return self._heard or "EXISTS" in self._imap.untagged_responses

    def idle(self) -> None:
        """Enter IDLE (RFC 2177 §3), taking what the server says before its "+" as news, not as an error."""
        tag = self._idle_tag = self._imap._command("IDLE")  # noqa: SLF001 -- imapclient's own way to it
        while self._imap._get_response() is not None:  # noqa: SLF001 -- the same
            if self._imap.tagged_commands[tag]:
                typ, data = self._imap.tagged_commands.pop(tag)
                self._checkok("idle", typ, data)
        self._buffer_read = False

    def listen(self, timeout_s: float) -> bool:
        """Whether the line is as it should be, after news or `timeout_s` of silence.

        False when the socket woke up with nothing to read: the other end may be gone, which
        `idle_check` passes over in silence and `idle_done` finds out.
        """
        self._woken = False
        notices = self.idle_check(timeout=timeout_s)
        self._heard = self._heard or any(b"EXISTS" in notice[1:2] for notice in notices)
        return bool(notices) or not self._woken

    def hurry(self) -> None:
        """From now on wait for no answer longer than two seconds."""
        with suppress(OSError):
            self.socket().settimeout(FAREWELL_S)

    def drop(self) -> None:
        """Close the connection without a word."""
        with suppress(OSError):
            self.shutdown()

    def _read_line(self) -> bytes:
        """The next line; while `idle_check` must not block, nothing until the whole of it is here.

        Seen in practice: a notice in two packets. imaplib takes half a line for a broken connection, and
        over TLS a reader that may not block forgets the half that it has read.
        """
        if self.socket().gettimeout() != 0:
            whole: bytes = self._begun + self._read_on()
            self._begun = b""
            return whole
        here: bytes = self._imap.file.peek()
        self._begun += self._imap.file.read(here.find(b"\n") + 1 or len(here))
        if not self._begun.endswith(b"\n"):
            return b""
        line, self._begun = self._begun, b""
        return line

    def _poll_socket(self, sock: socket.socket, timeout: float | None = None) -> list[Any]:
        """Events on the socket; the first time in an IDLE, the reader's buffer counts as one.

        Seen in practice: "+ idling" and "* 7 EXISTS" come in one packet, so that the socket stays
        silent while the notice lies in the buffer.
        """
        if not self._buffer_read:
            self._buffer_read = True
            return [sock]
        events: list[Any] = super()._poll_socket(sock, timeout)
        self._woken = bool(events)
        return events
