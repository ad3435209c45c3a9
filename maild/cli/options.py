"""Options that several commands share."""

import os
from pathlib import Path
from typing import Annotated

import typer

from maild.app.explain_words import Language

SETTINGS_FILE = "maild.toml"

ConfigFolder = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="MAILD_CONFIG", help="The config folder, with maild.toml in it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ToldIn = Annotated[
    Language | None,
    typer.Option("--lang", help="In Chinese or in English; as the terminal if not named."),
]

DEFAULT_CONFIG = Path("config")


def of_terminal() -> Language:
    """Chinese where the terminal is (POSIX: LC_ALL wins over LC_MESSAGES, and that over LANG)."""
    words = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, words), "").startswith("zh") else "en"
