"""`maild search`: the archive, by what its messages say."""

import os
from typing import Annotated

import typer

from maild.app.opening import Surroundings, open_context
from maild.app.queries import search_messages
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import local, print_json, print_table
from maild.model.people import SHELL


def search(
    query: Annotated[
        list[str],
        typer.Argument(
            help='Words (Chinese too), "phrases", -word, OR, ( ), from: to: subject: case: kind: stage: '
            "has:attachment filename: before:2026-01-31 after:2026-01-01"
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 20,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Messages that match, newest first; exit 1 when there are none."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        found = search_messages(context, SHELL, " ".join(query), limit=limit)
    if as_json:
        for one in found:
            print_json(one)
    elif found:
        print_table(
            ("Received", "Case", "From", "Subject", "Beginning"),
            (
                (
                    local(one.hit.message.received_at),
                    one.hit.case_number or "",
                    one.hit.message.author.address if one.hit.message.author else "",
                    one.hit.message.subject,
                    one.snippet,
                )
                for one in found
            ),
        )
    else:
        typer.echo("nothing found", err=True)
    if not found:
        raise typer.Exit(1)
