"""A server that says what it is told: for answers that no real server can be made to give.

Speaks lines on a loopback port, one connection after the other, each by the next script.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

Reply = Callable[[bytes], bytes | None]
"""The answer to one line of the client; None closes the connection. `{tag}` becomes the line's first word."""


class ScriptedServer:
    """Greets, then answers each line by `reply`; a context manager. `lines` is what clients said."""

    def __init__(self, greeting: bytes, reply: Reply) -> None:
        self._greeting = greeting
        self._reply = reply
        self.lines: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._line: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name=f"scripted-{self.port}", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        for end in (self._listener, self._line):
            if end is not None:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self._thread.join(10)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._line, _address = self._listener.accept()
                with self._line, suppress(OSError):
                    self._converse(self._line)

    def _converse(self, line: socket.socket) -> None:
        line.sendall(self._greeting)
        with line.makefile("rb") as said:
            for words in said:
                self.lines.append(words)
                answer = self._reply(words)
                if answer is None:
                    return
                line.sendall(answer.replace(b"{tag}", words.split(b" ")[0].strip()))


def by_command(answers: Sequence[tuple[bytes, bytes | None]]) -> Reply:
    """Each line is answered by the first entry whose words it contains, else with OK."""

    def reply(words: bytes) -> bytes | None:
        found = (answer for key, answer in answers if key in words)
        return next(found, b"{tag} OK done\r\n")

    return reply
