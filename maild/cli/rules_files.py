"""`maild rules check`, `schema` and `test`: are the files right, and do they do what they should?"""

import os
from pathlib import Path
from typing import Annotated

import typer

from maild.app.checking import Checked, check_config, schemas
from maild.app.rule_tests import run_rule_tests
from maild.cli.options import DEFAULT_CONFIG, SETTINGS_FILE, AsJson, ConfigFolder
from maild.cli.printing import print_json
from maild.cli.verdict import Exit
from maild.errors import ConfigError


def check_rules(folder: ConfigFolder = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Name each mistake with its line, and warn of what may surprise; exit 2 if there is a mistake."""
    checked = check_config(folder / SETTINGS_FILE, os.environ)
    if as_json:
        print_json({"ok": not checked.problems, "problems": checked.problems, "warnings": _warnings(checked)})
    else:
        for problem in checked.problems:
            typer.echo(problem)
        for warning in _warnings(checked):
            typer.echo(f"warning: {warning}")
        if checked.configuration:
            count = len(checked.configuration.ruleset.rules)
            typer.echo(f"{count} rules are right; configuration {checked.configuration.hash[:12]}")
    if checked.problems:
        raise typer.Exit(Exit.WRONG_CALL)


def _warnings(checked: Checked) -> tuple[object, ...]:
    return checked.configuration.warnings if checked.configuration else ()


def write_schemas(
    folder: Annotated[
        Path | None, typer.Argument(help="Where they are written; printed if not named.")
    ] = None,
) -> None:
    """The JSON Schemas of all YAML files, for editors that check while one types."""
    for name, text in schemas().items():
        if folder is None:
            typer.echo(text, nl=False)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
            typer.echo(f"wrote {folder / name}")


def try_rules(folder: ConfigFolder = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Try the tests beside the rules; exit 1 if one fails, 2 if the files are wrong. Changes nothing."""
    checked = check_config(folder / SETTINGS_FILE, os.environ)
    if checked.configuration is None:
        raise ConfigError(checked.problems)
    tried = run_rule_tests(checked.configuration, folder / "rules")
    failed = [one for one in tried if one.wrong]
    if as_json:
        print_json({"ok": not failed, "tests": tried})
    else:
        for one in failed:
            typer.echo(f"{one.place}: {one.name}")
            for line in one.wrong:
                typer.echo(f"    {line}")
        typer.echo(f"{len(tried) - len(failed)} of {len(tried)} tests are right")
    if failed:
        raise typer.Exit(Exit.NEGATIVE)
