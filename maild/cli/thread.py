"""`maild thread`: which messages in files belong together."""

from pathlib import Path
from typing import Annotated

import typer

from maild.app.threading import thread_paths
from maild.cli.options import AsJson
from maild.cli.printing import print_json, print_table
from maild.errors import UsageError


def thread(
    paths: Annotated[list[Path], typer.Argument(help="Files (.eml, mbox) and folders (Maildir too).")],
    as_json: AsJson = False,
) -> None:
    """Group messages into threads, each with the reason; no archive is read or changed."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
    found = thread_paths(paths)
    if as_json:
        for one in found:
            print_json(one)
        return
    rows = sorted(found, key=lambda one: one.thread)
    print_table(("Thread", "Message", "Because"), ((one.thread, one.message_id, one.reason) for one in rows))
