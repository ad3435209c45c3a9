"""`maild import`: old mail into the archive; safe to repeat, and nothing is sent."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from maild.app.importing import Imported, import_messages
from maild.app.opening import Surroundings, open_context
from maild.app.sources import count_messages, source_messages
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import error_console, print_json
from maild.cli.progress import progress
from maild.errors import UsageError


def import_mail(
    paths: Annotated[list[Path], typer.Argument(help="mbox files, Maildirs, folders of .eml.")],
    mailbox: Annotated[str, typer.Option(help="Whose mail it is; the first mailbox if not named.")] = "",
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Bring mail from files into the archive: threaded, searchable, never answered. Safe to repeat."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        name = mailbox or context.settings.mailboxes[0].name
        known = [one.name for one in context.settings.mailboxes]
        if name not in known:
            raise UsageError(f"there is no mailbox {name!r}; there are: {', '.join(known)}")
        raws = (source.raw for source in source_messages(paths))
        total = _last(_shown(import_messages(context, name, raws), paths))
    if as_json:
        print_json(total)
    else:
        typer.echo(
            f"{total.seen} read, {total.new} new in the archive of {name}, "
            f"{total.seen - total.new} there before, {total.quarantined} quarantined"
        )


def _last(standings: Iterable[Imported]) -> Imported:
    total = Imported(seen=0, new=0, quarantined=0)
    for standing in standings:
        total = standing
    return total


def _shown(standings: Iterable[Imported], paths: Sequence[Path]) -> Iterator[Imported]:
    """The standings, with a bar where standard error is a terminal; for it the files are counted first."""
    if not error_console().is_terminal:
        yield from standings
        return
    total = count_messages(paths)
    with progress("importing") as advance:
        advance(0, total)
        for standing in standings:
            advance(standing.seen, total)
            yield standing
