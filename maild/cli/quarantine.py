"""`maild quarantine`: deliveries that could not be processed, and another try for them."""

import os
from typing import Annotated

import typer

from maild.app.opening import Surroundings, open_context
from maild.app.process import release
from maild.app.queries import list_quarantine
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import local, print_json, print_table
from maild.model.people import SHELL

app = typer.Typer(help="Quarantine: deliveries that could not be processed.", no_args_is_help=True)


@app.command("list")
def list_(folder: ConfigFolder = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """What is in quarantine, oldest first, with the error."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        found = list_quarantine(context, SHELL)
    if as_json:
        for entry in found:
            print_json(entry)
        return
    print_table(
        ("Delivery", "Mailbox", "Received", "Bytes (SHA-256)", "Error"),
        (
            (entry.id, entry.origin.mailbox, local(entry.received_at), entry.blob_sha256[:16], entry.error)
            for entry in found
        ),
    )


@app.command()
def retry(
    delivery: Annotated[str, typer.Argument(help="The delivery's id, from `maild quarantine list`.")],
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Have a delivery processed once more."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        release(context, delivery)
    typer.echo(f"{delivery} will be tried again by the running daemon, or by the next one")
