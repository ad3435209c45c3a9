"""`maild run`: the daemon, until Ctrl-C or SIGTERM."""

import asyncio
import os
import signal

from maild.app.opening import Surroundings, open_context
from maild.cli.logs import set_up_logging
from maild.cli.options import DEFAULT_CONFIG, ConfigFolder
from maild.daemon import Daemon


def run(folder: ConfigFolder = DEFAULT_CONFIG) -> None:
    """Read the mailboxes, open and answer cases, send what is due, until told to stop; SIGHUP reloads."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        set_up_logging(context.settings.log_level, context.settings.log_format)
        asyncio.run(_serve(Daemon(context)))


async def _serve(daemon: Daemon) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, daemon.stop)
    loop.add_signal_handler(signal.SIGHUP, daemon.reload)
    await daemon.run()
