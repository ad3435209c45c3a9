"""From the notice of a real Dovecot to the answer behind a real Postfix, with the real daemon between them.

The notice (`* n EXISTS` during IDLE, RFC 2177 §3) is timed on the line, by a proxy that maild dials instead
of Dovecot; the answer when the server behind Postfix has taken its last byte. All of it runs on loopback
with the shipped configuration; the daemon, the proxy and that last server share one process.
"""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from statistics import median
from typing import Final

from bench.maildir import DATA
from bench.part import Asked
from bench.prose import Language, Prose, seeded
from bench.report import Section
from bench.traffic import SERVICE
from bench.wire import Encoding, Transfer, message, text_part, words
from maild.app.opening import Surroundings, open_context
from maild.app.shipped import lay_out_config
from maild.clock import SystemClock, monotonic_s
from maild.daemon import Daemon, real_adapters
from tests.servers.dovecot import DovecotServer
from tests.servers.postfix import PostfixServer, PostfixSetup
from tests.servers.program import wait_until
from tests.servers.proxy import Side, TcpProxy, Trap
from tests.servers.sink import Sink

AIM_MS: Final = 150
_MAILBOX: Final = "service"  # of the shipped configuration, as its address is
_CHARSETS: Final = {Language.CHINESE: "gb18030", Language.ENGLISH: "utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One message: seconds from its delivery to the notice, and from the notice to its answer."""

    to_notice_s: float
    to_answer_s: float


@dataclass(slots=True, kw_only=True)
class Ear(Trap):
    """A trap that never springs: it hears when Dovecot goes idle, and when it gives notice next."""

    idling: bool = False
    noticed_at_s: float | None = None

    def listen(self) -> None:
        """From now on the next notice counts."""
        self.noticed_at_s = None

    def springs(self, side: Side, sent: bytes, sent_bytes: int) -> bool:
        """False; what the server said is taken note of. `sent` may repeat the end of what came before."""
        if side is not self.side:
            return False
        _, idle, since = sent.rpartition(b"+ idling\r\n")
        if idle and not since:
            self.idling = True
        elif b" EXISTS" in since and self.noticed_at_s is None:
            self.noticed_at_s = monotonic_s()
            self.idling = False
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rig:
    """The servers, and what listens in between."""

    dovecot: DovecotServer
    proxy: TcpProxy
    postfix: PostfixServer
    sink: Sink
    ear: Ear


def measure(asked: Asked) -> Section:
    """Milliseconds from notice to answer, and from delivery to answer.

    Raises: ServerMissing, naming the Debian package; TimeoutError.
    """
    with _rig() as rig:
        return _section(asyncio.run(_answered(rig, asked.answers)))


@contextmanager
def _rig() -> Iterator[_Rig]:
    with ExitStack() as stack:
        sink = stack.enter_context(Sink())
        postfix = PostfixServer.start(PostfixSetup(next_hop=f"smtp:[{sink.host}]:{sink.port}"))
        stack.callback(postfix.stop)
        dovecot = DovecotServer.start()
        stack.callback(dovecot.stop)
        proxy = stack.enter_context(TcpProxy(dovecot.imap_port))
        ear = Ear(side=Side.SERVER)
        proxy.set_trap(ear)
        yield _Rig(dovecot=dovecot, proxy=proxy, postfix=postfix, sink=sink, ear=ear)


async def _answered(rig: _Rig, count: int) -> list[Answered]:
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DATA, prefix="run-") as folder:
        config = Path(folder) / "config"
        lay_out_config(config)
        surroundings = Surroundings(
            environ={"MAILD_SERVICE_PASSWORD": rig.dovecot.add_account(SERVICE)}, overrides=_overrides(rig)
        )
        with open_context(config, surroundings) as context:
            daemon = Daemon(context, real_adapters(context.settings))
            async with asyncio.TaskGroup() as group:
                group.create_task(daemon.run())
                try:
                    return await asyncio.to_thread(_one_by_one, rig, count)
                finally:
                    daemon.stop()


def _overrides(rig: _Rig) -> dict[str, object]:
    """What of the shipped settings is different here: the servers, and nothing else."""
    mailbox = f"mailbox.{_MAILBOX}"
    return {
        f"{mailbox}.imap.host": rig.dovecot.host,
        f"{mailbox}.imap.port": rig.proxy.port,
        f"{mailbox}.imap.tls": "none",
        f"{mailbox}.smtp.host": rig.postfix.host,
        f"{mailbox}.smtp.port": rig.postfix.port,
        f"{mailbox}.smtp.tls": "none",
        f"{mailbox}.smtp.username": "",
    }


def _one_by_one(rig: _Rig, count: int) -> list[Answered]:
    return [_send(rig, number, raw) for number, raw in enumerate(_inquiries(count))]


def _send(rig: _Rig, number: int, raw: bytes) -> Answered:
    wait_until(lambda: rig.ear.idling, "maild waiting for mail")
    rig.ear.listen()
    delivered_at_s = monotonic_s()
    rig.dovecot.deliver(SERVICE, raw)
    rig.sink.wait_for(lambda taken: any(_writer(number) in mail.recipients for mail in taken))
    answered_at_s = monotonic_s()
    if rig.ear.noticed_at_s is None:
        raise TimeoutError("an answer came, and Dovecot's notice before it was not heard")
    return Answered(
        to_notice_s=rig.ear.noticed_at_s - delivered_at_s,
        to_answer_s=answered_at_s - rig.ear.noticed_at_s,
    )


def _writer(number: int) -> str:
    return f"writer{number}@customer.example"


def _inquiries(count: int) -> Iterator[bytes]:
    """First letters from so many customers, Chinese and English in turn."""
    prose, chance = Prose(1), seeded("inquiries")
    for number in range(count):
        language = list(Language)[number % len(Language)]
        encoding = Encoding(charset=_CHARSETS[language], transfer=Transfer.BASE64)
        fields = [
            ("Message-ID", f"<inquiry.{number}@customer.example>"),
            ("Date", format_datetime(SystemClock().now())),
            ("From", f"{words(prose.name(chance, language), encoding.charset)} <{_writer(number)}>"),
            ("To", SERVICE),
            ("Subject", words(prose.title(chance, language), encoding.charset)),
        ]
        text = "\n".join([*prose.paragraphs(chance, language), ""])
        yield message(fields, text_part("plain", text, encoding))


def _section(answered: Sequence[Answered]) -> Section:
    spans = {
        f"**notice to answer** (aim: at most {AIM_MS} ms)": [one.to_answer_s for one in answered],
        "delivery to notice (Dovecot's own wait)": [one.to_notice_s for one in answered],
        "delivery to answer": [one.to_notice_s + one.to_answer_s for one in answered],
    }
    return Section(
        name="latency",
        title="Answering",
        columns=("", "median", "worst"),
        rows=tuple(
            (name, f"{median(values) * 1000:.0f} ms", f"{max(values) * 1000:.0f} ms")
            for name, values in spans.items()
        ),
        note=(
            f"{len(answered)} first letters, one by one, each answered by its acknowledgement: Dovecot,"
            " `maild.daemon.Daemon` with the shipped configuration on SQLite, Postfix, and the server that"
            " Postfix hands the answer to, all on loopback. The notice is timed as its bytes go by; an answer"
            " counts once the last server has it whole, so that Postfix's queue is part of the time."
        ),
    )
