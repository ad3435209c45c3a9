"""A server behind `Submission`, real or fake, that a contract test can break at a chosen moment."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from maild.model.ports import Submission
from maild.rehearsal.smtp import Cut, FakeSmtp, Moment, at
from maild.settings import Secret, SmtpSettings, TlsMode
from maild.smtp.submission import SmtpSubmission
from tests.fakes.refusals import by_name
from tests.servers.postfix_fixtures import PostfixAndSink
from tests.servers.proxy import Side, TcpProxy, Trap

MAILBOX = "service"

TRAPS = {
    Moment.BEFORE_DATA: Trap(side=Side.CLIENT, needle=b"RCPT TO", forward=False),
    Moment.DATA_UNTAKEN: Trap(side=Side.CLIENT, needle=b"\r\n.\r\n", forward=False),
    Moment.DATA_TAKEN: Trap(side=Side.CLIENT, needle=b"\r\n.\r\n", forward=True),
}


def settings_for(
    port: int,
    *,
    tls: TlsMode = TlsMode.NONE,
    ca_file: Path | None = None,
    login: tuple[str, str] = ("", ""),
    host: str = "127.0.0.1",
    timeout_s: float = 10,
    data_timeout_s: float = 10,
) -> SmtpSettings:
    """Settings for a server of the tests."""
    return SmtpSettings(
        host=host,
        port=port,
        tls=tls,
        username=login[0],
        password=Secret(login[1]),
        ca_file=ca_file,
        timeout_s=timeout_s,
        data_timeout_s=data_timeout_s,
        helo="maild.example.test",
    )


@dataclass(slots=True)
class Commit:
    """A `before_data` that counts how often it was awaited, and can fail."""

    error: Exception | None = None
    count: int = 0

    async def __call__(self) -> None:
        """Count, then fail if told to."""
        self.count += 1
        if self.error:
            raise self.error


class Rig(Protocol):
    """What a contract test needs of either server."""

    @property
    def submission(self) -> Submission:
        """What is under test."""
        ...

    def cut_at(self, moment: Moment) -> None:
        """Lose the connection of the next delivery at `moment`."""
        ...

    def arrived(self, marker: str) -> list[bytes]:
        """The mails so far with `marker` in them."""
        ...

    def wait_for(self, marker: str) -> list[bytes]:
        """The mails with `marker` in them, once there is one."""
        ...


@dataclass(slots=True)
class FakeRig:
    """The fake in memory."""

    submission: FakeSmtp = field(default_factory=lambda: FakeSmtp(refusals=by_name))

    def cut_at(self, moment: Moment) -> None:
        """As the fake's own script."""
        self.submission.script = at(moment, Cut())

    def arrived(self, marker: str) -> list[bytes]:
        """From the fake's memory."""
        return [mail.raw for mail in self.submission.taken if marker.encode() in mail.raw]

    def wait_for(self, marker: str) -> list[bytes]:
        """Nothing to wait for."""
        found = self.arrived(marker)
        assert found
        return found


@dataclass(slots=True)
class PostfixRig:
    """A real Postfix behind a proxy that cuts."""

    postfix: PostfixAndSink
    proxy: TcpProxy

    @property
    def submission(self) -> Submission:
        """The real one."""
        return SmtpSubmission(accounts={MAILBOX: settings_for(self.proxy.port)})

    def cut_at(self, moment: Moment) -> None:
        """By the proxy."""
        if moment is Moment.CONNECT:
            self.proxy.refuse()
        else:
            self.proxy.set_trap(TRAPS[moment])

    def arrived(self, marker: str) -> list[bytes]:
        """What the sink behind Postfix has got."""
        return [mail.raw for mail in self.postfix.sink.taken if marker.encode() in mail.raw]

    def wait_for(self, marker: str) -> list[bytes]:
        """Until the sink behind Postfix has it."""
        self.postfix.sink.wait_for(lambda mails: any(marker.encode() in mail.raw for mail in mails))
        return self.arrived(marker)
