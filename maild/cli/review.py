"""`maild review`: mail that no rule has decided."""

import os
from typing import Annotated

import typer

from maild.app.opening import Surroundings, open_context
from maild.app.review import finish_review, list_review, open_from_review
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import local, print_json, print_table
from maild.model.people import SHELL

app = typer.Typer(
    help="Mail that no rule has decided: list it, open a case with it, say that it is done.",
    no_args_is_help=True,
)


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 50,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """What waits for a person, oldest first."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        found = list_review(context, SHELL, limit=limit)
    if as_json:
        for entry in found:
            print_json(entry)
        return
    print_table(
        ("Message", "Received", "From", "Subject", "Because"),
        (
            (
                one.message.key,
                local(one.message.received_at),
                one.message.author.address if one.message.author else "",
                one.message.subject,
                one.reason,
            )
            for one in found
        ),
    )


@app.command("open")
def open_(
    message: Annotated[str, typer.Argument(help="The message, as `maild review list` names it.")],
    kind: Annotated[
        str | None, typer.Option(help="The kind of the case; what the rules in force say if not named.")
    ] = None,
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Open a case with a message that waits; its playbook runs, so that it may be answered now."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        opened = open_from_review(context, SHELL, message, kind)
    typer.echo(opened.reason)


@app.command()
def done(
    message: Annotated[str, typer.Argument(help="The message, as `maild review list` names it.")],
    said: Annotated[str, typer.Option("--note", help="What was done with it.")] = "done",
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Take a message out of the queue."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        finish_review(context, message, said)
