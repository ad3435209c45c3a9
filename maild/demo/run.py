"""The demo as a whole: servers, the daemon, the scenario, and then either the checks or a person.

Everything is in one event loop and below one temporary folder, which is gone at the end.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory

from maild.app.opening import Surroundings, open_context
from maild.app.shipped import lay_out_config
from maild.app.trial import naming
from maild.clock import SystemClock
from maild.daemon import Daemon
from maild.demo.accounts import HOST, Accounts
from maild.demo.cast import ACCOUNTS, MAILBOX, PASSWORD
from maild.demo.checks import Check, check_all
from maild.demo.news import Line, Newsroom
from maild.demo.play import Stage, play
from maild.demo.post import PostOffice
from maild.errors import UsageError

LIMIT_S = 60
"""How long the scenario may take; it takes some seconds."""

_REPLACEABLE = ("rules", "playbooks", "templates", "calendars")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What is played: `config` is a folder whose rules, playbooks and templates are tried, if any."""

    tell: Callable[[Line], None]
    config: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """How a person reaches the demo that stays up."""

    host: str
    imap_port: int
    smtp_port: int
    config: Path


def check_once(demo: Demo) -> tuple[Check, ...]:
    """The checks after the scenario; the first says whether it came to its end within LIMIT_S.

    Raises:
        ConfigError: the rules, playbooks or templates that were to be tried are wrong.
    """
    return asyncio.run(_check_once(demo))


def stay_up(demo: Demo, on_ready: Callable[[Connections], None]) -> None:
    """Play the scenario, call `on_ready`, and serve until SIGINT or SIGTERM.

    Raises:
        ConfigError: the rules, playbooks or templates that were to be tried are wrong.
    """
    asyncio.run(_stay_up(demo, on_ready))


async def _check_once(demo: Demo) -> tuple[Check, ...]:
    expected = f"played within {LIMIT_S} s"
    async with _staged(demo) as (stage, _):
        try:
            async with asyncio.timeout(LIMIT_S):
                await play(stage)
            got = expected
        except TimeoutError:
            got = "the daemon did not settle everything in time"
        checks = await asyncio.to_thread(check_all, stage)
    return (Check(what="scenario", expected=expected, got=got), *checks)


async def _stay_up(demo: Demo, on_ready: Callable[[Connections], None]) -> None:
    async with _staged(demo) as (stage, config):
        stopped = asyncio.create_task(_stop_signal().wait())
        playing = asyncio.create_task(play(stage))
        await asyncio.wait((playing, stopped), return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            playing.result()
            on_ready(
                Connections(host=HOST, imap_port=stage.imap_port, smtp_port=stage.smtp_port, config=config)
            )
            await stopped
        playing.cancel()


def _stop_signal() -> asyncio.Event:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    return stopped


@asynccontextmanager
async def _staged(demo: Demo) -> AsyncIterator[tuple[Stage, Path]]:
    """The servers and the daemon, at work while the context lasts."""
    clock = SystemClock()
    accounts = Accounts([person.address for person in ACCOUNTS], PASSWORD)
    with TemporaryDirectory(prefix="maild-demo-") as folder:
        config = _lay_out(Path(folder) / "config", demo.config)
        async with accounts.serve() as imap_port, PostOffice(accounts, clock).serve() as smtp_port:
            surroundings = Surroundings(environ={}, overrides=_overrides(imap_port, smtp_port), clock=clock)
            with naming(demo.config or config, config), open_context(config, surroundings) as context:
                news = Newsroom(context, demo.tell)
                stage = Stage(
                    imap_port=imap_port, smtp_port=smtp_port, accounts=accounts, context=context, news=news
                )
                async with _at_work(stage):
                    yield stage, config


@asynccontextmanager
async def _at_work(stage: Stage) -> AsyncIterator[None]:
    daemon = Daemon(stage.context)
    with stage.news.listening():
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(stage.news.run())
            working = group.create_task(daemon.run())
            try:
                yield
            finally:
                daemon.stop()
                await working
                telling.cancel()


def _lay_out(config: Path, tried: Path | None) -> Path:
    """The shipped configuration in `config`, with the rules, playbooks and templates of `tried` instead."""
    lay_out_config(config)
    if tried is None:
        return config
    present = [name for name in _REPLACEABLE if (tried / name).is_dir()]
    if not present:
        raise UsageError(f"{tried}: there is no folder {', '.join(_REPLACEABLE[:-1])} or {_REPLACEABLE[-1]}")
    for name in present:
        rmtree(config / name)
        copytree(tried / name, config / name)
    return config


def _overrides(imap_port: int, smtp_port: int) -> dict[str, object]:
    """What of the shipped settings is different here: the servers, and nothing else."""
    servers: dict[str, dict[str, object]] = {
        "imap": {"port": imap_port},
        "smtp": {"port": smtp_port, "helo": "localhost"},
    }
    common = {"host": HOST, "tls": "none", "password": PASSWORD}
    return {
        f"mailbox.{MAILBOX}.{protocol}.{key}": value
        for protocol, own in servers.items()
        for key, value in (common | own).items()
    }
