"""An SMTP server that keeps what it is given: in memory, and as files when it has a folder.

It can be told to cut the connection at a chosen moment. `python -m tests.servers.sink --port N --folder F`
runs it as a process of its own, for tests that kill things; it prints one line once it listens.
"""

import argparse
import asyncio
import json
import signal
import ssl
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

WAIT_S = 20.0


class Cut(StrEnum):
    """Where the connection ends without a word."""

    CONNECT = "connect"
    BEFORE_DATA = "before_data"  # at the first RCPT
    DATA_UNTAKEN = "data_untaken"  # inside DATA, the mail is thrown away
    DATA_TAKEN = "data_taken"  # inside DATA, the mail is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One mail as it was taken: `raw` with CRLF, dots unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkSetup:
    """How the sink behaves. With `login` it wants that user and password, after TLS only."""

    port: int = 0
    folder: Path | None = None
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    login: tuple[str, str] | None = None
    size_limit_bytes: int = 50_000_000
    utf8: bool = True


class Sink:
    """A sink in a thread of its own; use it in a `with`."""

    def __init__(self, setup: SinkSetup | None = None) -> None:
        self.setup = setup or SinkSetup()
        self.cut: Cut | None = None
        self.host = "127.0.0.1"
        self.port = 0
        self.logins: list[str] = []  # the method of every AUTH that was tried
        self._taken = read_folder(self.setup.folder) if self.setup.folder else []
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="smtp-sink", daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(WAIT_S), "the sink did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT_S)

    @property
    def taken(self) -> tuple[Taken, ...]:
        """Every mail so far, in the order of arrival."""
        with self._changed:
            return tuple(self._taken)

    def wait_for(
        self, enough: Callable[[tuple[Taken, ...]], bool], timeout_s: float = WAIT_S
    ) -> tuple[Taken, ...]:
        """The mails as soon as `enough` holds of them. Raises: AssertionError when it takes too long."""
        with self._changed:
            found = self._changed.wait_for(lambda: enough(tuple(self._taken)), timeout_s)
            assert found, f"waited {timeout_s} s; {len(self._taken)} mails came"
            return tuple(self._taken)

    def keep(self, mail: Taken) -> None:
        """Take a mail: to disk first, then to memory."""
        with self._changed:
            if self.setup.folder:
                _write(self.setup.folder, len(self._taken) + 1, mail)
            self._taken.append(mail)
            self._changed.notify_all()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        implicit = self.setup.tls if self.setup.implicit_tls else None
        listening = self._loop.create_server(self._protocol, self.host, self.setup.port, ssl=implicit)
        server = self._loop.run_until_complete(listening)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_end_all())
        self._loop.close()

    def _protocol(self) -> asyncio.BaseProtocol:
        if self.cut is Cut.CONNECT:
            return _HangUp()
        setup = self.setup
        return SMTP(
            _Handler(self),
            loop=self._loop,
            hostname="sink.example.test",
            data_size_limit=setup.size_limit_bytes,
            enable_SMTPUTF8=setup.utf8,
            tls_context=None if setup.implicit_tls else setup.tls,
            require_starttls=bool(setup.tls and not setup.implicit_tls),
            authenticator=self._check,
            auth_require_tls=not setup.implicit_tls,
        )

    def _check(self, _: SMTP, __: Session, ___: Envelope, mechanism: str, data: object) -> AuthResult:
        self.logins.append(mechanism)
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.setup.login, handled=False)


class _HangUp(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


class _Handler:
    """The hooks of aiosmtpd; their names and order of arguments are its own."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd's name
        self, _: SMTP, session: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        if self._sink.setup.login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        if self._sink.cut is Cut.BEFORE_DATA:
            _hang_up(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        assert isinstance(envelope.content, bytes)
        cut = self._sink.cut
        if cut is not Cut.DATA_UNTAKEN:
            recipients = tuple(envelope.rcpt_tos)
            self._sink.keep(Taken(sender=_sender(envelope), recipients=recipients, raw=envelope.content))
        if cut in {Cut.DATA_TAKEN, Cut.DATA_UNTAKEN}:
            _hang_up(server)
        return "250 2.0.0 kept"


def read_folder(folder: Path) -> list[Taken]:
    """The mails that a sink left in `folder`, in the order of arrival; half-written ones are left out."""
    return [_read(note) for note in sorted(folder.glob("*.json"))]


def _read(note: Path) -> Taken:
    envelope = json.loads(note.read_text(encoding="utf-8"))
    raw = note.with_suffix(".eml").read_bytes()
    return Taken(sender=envelope["sender"], recipients=tuple(envelope["recipients"]), raw=raw)


def _write(folder: Path, number: int, mail: Taken) -> None:
    """The message first, then its note by a rename: a mail counts once its note is there."""
    name = f"{number:06d}"
    (folder / f"{name}.eml").write_bytes(mail.raw)
    note = folder / f"{name}.part"
    note.write_text(json.dumps({"sender": mail.sender, "recipients": mail.recipients}), encoding="utf-8")
    note.rename(folder / f"{name}.json")


def _sender(envelope: Envelope) -> str:
    """MAIL FROM; aiosmtpd writes the null reverse-path as it came, with its brackets."""
    return (envelope.mail_from or "").removeprefix("<>")


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


async def _end_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def main(arguments: list[str]) -> None:
    """Run a sink until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--cut", type=Cut, choices=list(Cut))
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    with Sink(SinkSetup(port=asked.port, folder=asked.folder)) as sink:
        sink.cut = asked.cut
        sys.stdout.write(f"listening on {sink.host}:{sink.port}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    # Blocked before the thread starts, so that it is inherited and only sigwait sees them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(sys.argv[1:])
