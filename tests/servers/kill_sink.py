"""A slow SMTP sink as a process of its own, for runs in which the sender is killed at any moment.

It pauses before it takes DATA, before it keeps the mail and before it says so, and what is addressed to our
own mailbox it hands on at once by LMTP. `python -m tests.servers.kill_sink --folder F --lmtp PORT --ours A`
"""

import argparse
import asyncio
import signal
import smtplib
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from maild.ids import jitter
from tests.servers.sink import Sink, SinkSetup, Taken


class KillSink(Sink):
    """The sink, with pauses of up to `slow_s`, and `ours` behind LMTP on `lmtp_port`."""

    def __init__(self, setup: SinkSetup, *, slow_s: float, lmtp_port: int, ours: str) -> None:
        super().__init__(setup)
        self._slow_s = slow_s
        self._lmtp_port = lmtp_port
        self._ours = ours

    async def pause(self) -> None:
        """As a scanner for viruses takes its time."""
        await asyncio.sleep(jitter(self._slow_s / 3, self._slow_s))

    def keep(self, mail: Taken) -> None:
        """Keep a mail, and hand on the copy to ourselves: nothing can come between."""
        super().keep(mail)
        if self._ours in mail.recipients:
            with smtplib.LMTP("127.0.0.1", self._lmtp_port, timeout=20) as lmtp:
                lmtp.sendmail(mail.sender, [self._ours], mail.raw)

    def _protocol(self) -> asyncio.BaseProtocol:
        return _SlowSmtp(_Handler(self), loop=self._loop, hostname="sink.example.test", enable_SMTPUTF8=True)


class _SlowSmtp(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 -- aiosmtpd's name
        await self.event_handler.sink.pause()
        await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, sink: KillSink) -> None:
        self.sink = sink

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        await self.sink.pause()
        assert isinstance(envelope.content, bytes)
        mail = Taken(
            sender=envelope.mail_from or "", recipients=tuple(envelope.rcpt_tos), raw=envelope.content
        )
        self.sink.keep(mail)
        await self.sink.pause()
        return "250 2.0.0 kept"


def main(arguments: list[str]) -> None:
    """Run a sink until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--lmtp", type=int, required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--slow", type=float, default=0.2)
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    setup = SinkSetup(folder=asked.folder)
    with KillSink(setup, slow_s=asked.slow, lmtp_port=asked.lmtp, ours=asked.ours) as sink:
        sys.stdout.write(f"{sink.port}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    # Blocked before the thread starts, so that it is inherited and only sigwait sees them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(sys.argv[1:])
