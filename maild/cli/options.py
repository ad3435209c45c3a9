"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

SETTINGS_FILE = "maild.toml"

ConfigFolder = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="MAILD_CONFIG", help="The config folder, with maild.toml in it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

DEFAULT_CONFIG = Path("config")
