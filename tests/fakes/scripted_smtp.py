"""An SMTP server on the test's own event loop that answers each command as it is told, however odd."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

HANG_UP = "hang up"
SILENCE = "silence"
CLOSE_AFTER = "close after "  # followed by the answer

GOOD = {
    "GREETING": "220 scripted.example.test",
    "EHLO": "250-scripted.example.test\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250 SMTPUTF8",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


class ScriptedSmtp:
    """Answers the n-th use of a verb with the n-th of its answers, the last one again and again."""

    def __init__(self, answers: Mapping[str, str | Sequence[str]]) -> None:
        self._answers: dict[str, deque[str]] = defaultdict(lambda: deque(["250 OK"]))
        for verb, told in {**GOOD, **answers}.items():
            self._answers[verb] = deque([told] if isinstance(told, str) else told)
        self.host = "127.0.0.1"
        self.port = 0
        self.commands: list[str] = []
        self.message = b""
        self.finished = asyncio.Event()  # a connection has ended, and both sides know

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ScriptedSmtp"]:
        """Serve on a free port of the loopback while the block runs."""
        server = await asyncio.start_server(self._serve, self.host, 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def gone(self) -> None:
        """Wait until a connection has ended. Raises: TimeoutError when none does."""
        await asyncio.wait_for(self.finished.wait(), 10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await self._talk(reader, writer)
            writer.write_eof()
            await reader.read()  # ends when the client has closed too: it knows by then
        writer.close()
        self.finished.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        going_on = await self._answer("GREETING", writer)
        while going_on and (line := await reader.readline()):
            command = line.decode().rstrip("\r\n")
            self.commands.append(command)
            verb = command.split(" ")[0]
            going_on = await self._answer(verb, writer)
            if verb == "DATA" and going_on and self._last == GOOD["DATA"]:
                self.message = await reader.readuntil(b"\r\n.\r\n")
                going_on = await self._answer("DOT", writer)

    async def _answer(self, verb: str, writer: asyncio.StreamWriter) -> bool:
        answers = self._answers[verb]
        self._last = answers.popleft() if len(answers) > 1 else answers[0]
        if self._last == HANG_UP:
            return False
        if self._last != SILENCE:
            writer.write(self._last.removeprefix(CLOSE_AFTER).encode("utf-8", "surrogateescape") + b"\r\n")
            await writer.drain()
        return not self._last.startswith(CLOSE_AFTER)
