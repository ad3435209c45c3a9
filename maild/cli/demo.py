"""`maild demo`: the main job, live, against mail servers that come with it (the extra `maild[demo]`)."""

from pathlib import Path
from typing import Annotated

import typer

from maild.cli.options import AsJson
from maild.cli.verdict import Exit
from maild.errors import UsageError

_SERVERS = frozenset({"pymap", "aiosmtpd", "pysasl", "proxyprotocol"})


def demo(
    once: Annotated[bool, typer.Option("--once", help="Play, check, print a summary, and stop.")] = False,
    tried: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Try the rules, playbooks and templates of this config folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Customers and suppliers write, maild answers; then write to it yourself. All on this machine."""
    if as_json and not once:
        raise UsageError("--json needs --once: without it the demo goes on until Ctrl-C")
    try:
        from maild.cli.demo_screen import show_checks, show_live  # noqa: PLC0415 -- needs the extra
    except ModuleNotFoundError as exc:
        if (exc.name or "").partition(".")[0] not in _SERVERS:
            raise
        raise UsageError(
            f"the demo's mail servers are not installed ({exc.name}): pip install 'maild[demo]'"
        ) from exc
    if not once:
        show_live(tried)
    elif not show_checks(tried, as_json=as_json):
        raise typer.Exit(Exit.NEGATIVE)
