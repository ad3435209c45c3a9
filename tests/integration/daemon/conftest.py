"""The real daemon in a thread of the test's process, and what goes on around it."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from maild.app.context import Context
from maild.clock import monotonic_s
from maild.daemon import Daemon
from tests.servers.dovecot import DovecotServer
from tests.servers.installation import LONG_AGO, Box, Installation
from tests.servers.program import wait_until
from tests.servers.sink import Sink

STOP_LIMIT_S = 3.0

_numbers = count(1)


class Working:
    """A daemon at work in a thread of its own."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._loop: asyncio.AbstractEventLoop | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="daemon")
        self._thread.start()
        wait_until(lambda: self._loop is not None, "the daemon's event loop")

    def stop(self) -> float:
        """Ask it to end, as SIGTERM does; the seconds until it had. Raises: what it ended with."""
        began_s = monotonic_s()
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._daemon.stop)
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self._error is not None:
            raise self._error
        return monotonic_s() - began_s

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as exc:  # noqa: BLE001 -- it is raised again by `stop`
            self._error = exc

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._daemon.run()


@contextmanager
def working(context: Context) -> Iterator[Working]:
    """The daemon with its real adapters; it has ended, in time, at the end."""
    at_work = Working(Daemon(context))
    try:
        yield at_work
    finally:
        took_s = at_work.stop()
    assert took_s < STOP_LIMIT_S


Installing = Callable[..., Installation]


@pytest.fixture
def install(dovecot: DovecotServer, tmp_path: Path) -> Installing:
    """Makes an installation of the boxes given, each with an account of its own."""

    def install_(*boxes: Box, **tables: dict[str, object]) -> Installation:
        for box in boxes:
            dovecot.add_account(box.address)
        return Installation(tmp_path / str(next(_numbers)), dovecot, boxes, tables)

    return install_


@pytest.fixture(autouse=True)
def _log_all(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "maild")


def box(name: str, smtp_port: int = 1, **tables: dict[str, object]) -> Box:
    """A mailbox with an account never used before, that answers by `smtp_port`."""
    return Box(
        name=name,
        account=f"{name}{next(_numbers)}@daemon.example.test",
        keys={"act_since": LONG_AGO, **tables.get("keys", {})},
        imap=tables.get("imap", {}),
        smtp={"port": smtp_port, **tables.get("smtp", {})},
    )


def wait_for_answer(sink: Sink, customer: int) -> bytes:
    """The one mail to that customer (of `letter`), as soon as the sink has it."""
    address = f"customer{customer}@customer{customer}.example"
    taken = sink.wait_for(lambda mails: any(address in mail.recipients for mail in mails))
    (answer,) = (mail.raw for mail in taken if address in mail.recipients)
    return answer


def lines_of(caplog: pytest.LogCaptureFixture, event: str, mailbox: str) -> list[str]:
    """What was logged of one event in one mailbox."""
    return [
        record.getMessage()
        for record in caplog.records
        if (record.__dict__.get("event"), record.__dict__.get("mailbox")) == (event, mailbox)
    ]
