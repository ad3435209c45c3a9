"""docs/cli.md has a section for each command, a row for each option and argument, and every exit code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from maild.cli.main import app
from maild.cli.verdict import Exit

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
SECTIONS: dict[str, str] = dict(
    re.findall(r"^## `(maild[a-z -]*)`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
)

Command = Any
"""A command of typer's own copy of click, which it does not export."""


def _commands(command: Command, name: str) -> Iterator[tuple[str, Command]]:
    """Every command that does something, by its full name; a group only when it has options."""
    inner = getattr(command, "commands", {})
    if not inner or _parameters(command):
        yield name, command
    for word, each in inner.items():
        yield from _commands(each, f"{name} {word}")


def _parameters(command: Command) -> set[frozenset[str]]:
    """The spellings of each option, and the name of each argument, as the page writes them."""
    return {_spellings(each) for each in command.params if each.name != "help"}


def _spellings(parameter: Any) -> frozenset[str]:
    if parameter.param_type_name == "option":
        return frozenset(parameter.opts)
    return frozenset({parameter.metavar or parameter.name.upper()})


def _rows(section: str) -> set[frozenset[str]]:
    """What stands in the first cells of the table of arguments and options."""
    found = re.search(r"^\| (?:argument|option).*\n\|[-|]+\|\n((?:\|.*\n)+)", section, re.MULTILINE)
    cells = re.findall(r"^\| (.*?) \| \S", found[1], re.MULTILINE) if found else []
    return {frozenset(word.replace("\\|", "|") for word in re.findall(r"`([^`]+)`", cell)) for cell in cells}


COMMANDS = dict(_commands(typer.main.get_command(app), "maild"))


def test_each_command_has_its_section() -> None:
    assert list(SECTIONS) == list(COMMANDS)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_option_and_argument_has_its_row(name: str) -> None:
    assert _rows(SECTIONS[name]) == _parameters(COMMANDS[name])


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "maild"])
def test_each_command_is_listed_and_shown(name: str) -> None:
    assert f"| [`{name}`](#{name.replace(' ', '-')}) |" in PAGE
    assert f"\n$ {name}" in SECTIONS[name]


def test_the_exit_codes_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| (\d+) \| `([a-z_]+)` \| \S", PAGE, re.MULTILINE)
    assert [(int(code), name.upper()) for code, name in rows] == [(code.value, code.name) for code in Exit]
