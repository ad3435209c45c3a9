"""A TCP proxy on loopback that cuts, stalls or refuses on command: a bad network to order.

Works for any protocol, TLS included. A trap cuts when bytes go by that match: after the final dot of
DATA, say, and before its answer.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Self

_CHUNK_BYTES = 65536
_TAIL_BYTES = 64  # a needle may come in two pieces


class Side(StrEnum):
    """Who sends: the program under test, or the server behind the proxy."""

    CLIENT = "client"
    SERVER = "server"


@dataclass(slots=True, kw_only=True)
class Trap:
    """Cuts the connection on which `side` has sent `needle`, or `after_bytes` bytes; springs once.

    With `forward` the bytes that sprang it still reach the other end.
    """

    side: Side
    needle: bytes = b""
    after_bytes: int = 0
    forward: bool = True

    def springs(self, side: Side, sent: bytes, sent_bytes: int) -> bool:
        """Whether `side`, having sent `sent_bytes` in all that end with `sent`, has run into it."""
        if side is not self.side:
            return False
        return self.needle in sent if self.needle else sent_bytes >= self.after_bytes


class _Line:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self._client = client
        self._server = server
        self.over = threading.Event()

    def ends(self, side: Side) -> tuple[socket.socket, socket.socket]:
        """Whom to read from and whom to write to, for what `side` sends."""
        return (self._client, self._server) if side is Side.CLIENT else (self._server, self._client)

    def cut(self) -> None:
        """End it on both sides; what was passed on before still arrives."""
        self.over.set()
        for end in (self._server, self._client):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class TcpProxy:
    """Forwards 127.0.0.1:`port`, a free one if 0, to `host`:`target_port`; a context manager."""

    def __init__(self, target_port: int, host: str = "127.0.0.1", *, port: int = 0) -> None:
        self._target = (host, target_port)
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._lines: list[_Line] = []
        self._traps: list[Trap] = []
        self._flowing = threading.Event()
        self._flowing.set()
        self._refusing = False
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._spawn(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        with self._lock:
            return sum(not line.over.is_set() for line in self._lines)

    def cut(self) -> None:
        """Break every open connection; new ones are accepted."""
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            line.cut()

    def refuse(self) -> None:
        """Break every connection, and each new one right away, until `accept`."""
        self._refusing = True
        self.cut()

    def accept(self) -> None:
        """Let new connections through again."""
        self._refusing = False

    def stall(self) -> None:
        """Pass nothing on, with all connections open, until `resume`."""
        self._flowing.clear()

    def resume(self) -> None:
        """Pass on again, beginning with what was held."""
        self._flowing.set()

    def set_trap(self, trap: Trap) -> None:
        """Cut once, as `trap` says."""
        with self._lock:
            self._traps.append(trap)

    def stop(self) -> None:
        """Close everything; returns when all threads have ended."""
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._flowing.set()
        self.cut()
        for thread in self._threads:
            thread.join(10)

    def _spawn(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=f"proxy-{self.port}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self._join_up(client)

    def _join_up(self, client: socket.socket) -> None:
        try:
            if self._refusing or self._closed:
                raise ConnectionRefusedError
            server = socket.create_connection(self._target)
        except OSError:
            client.close()
            return
        line = _Line(client, server)
        with self._lock:
            self._lines.append(line)
        self._spawn(partial(self._pump, line, Side.CLIENT))
        self._spawn(partial(self._pump, line, Side.SERVER))

    def _pump(self, line: _Line, side: Side) -> None:
        source, target = line.ends(side)
        tail = b""
        sent_bytes = 0
        with suppress(OSError):
            while (data := source.recv(_CHUNK_BYTES)) and not line.over.is_set():
                self._flowing.wait()
                sent_bytes += len(data)
                trap = self._sprung(side, tail + data, sent_bytes)
                if trap is not None:
                    line.over.set()  # before passing on: no answer may slip through
                if trap is None or trap.forward:
                    target.sendall(data)
                if trap is not None:
                    break
                tail = (tail + data)[-_TAIL_BYTES:]
        line.cut()

    def _sprung(self, side: Side, sent: bytes, sent_bytes: int) -> Trap | None:
        with self._lock:
            sprung = next((trap for trap in self._traps if trap.springs(side, sent, sent_bytes)), None)
            if sprung is not None:
                self._traps.remove(sprung)
            return sprung
