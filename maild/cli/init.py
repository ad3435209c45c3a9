"""`maild init`: a config folder to start from."""

from pathlib import Path
from typing import Annotated

import typer

from maild.app.shipped import lay_out_config
from maild.cli.options import DEFAULT_CONFIG, SETTINGS_FILE

Folder = Annotated[Path, typer.Argument(help="Where the config folder is written.")]


def init(folder: Folder = DEFAULT_CONFIG) -> None:
    """Write a commented config folder and a new key file; nothing that is there is overwritten."""
    for path in lay_out_config(folder):
        typer.echo(f"wrote {path}")
    typer.echo(
        f"\nNext:\n"
        f"  1. Put your company, mailbox and servers into {folder / SETTINGS_FILE}.\n"
        f"  2. Set the password:  export MAILD_SERVICE_PASSWORD=...\n"
        f"  3. maild check --config {folder}\n"
        f"  4. maild run --config {folder}"
    )
