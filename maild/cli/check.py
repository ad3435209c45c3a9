"""`maild check`: is everything in the config folder right?"""

import json
import os
from dataclasses import asdict

import typer

from maild.app.checking import Checked, calendar_warnings, check_config
from maild.cli.options import DEFAULT_CONFIG, SETTINGS_FILE, AsJson, ConfigFolder
from maild.clock import SystemClock
from maild.errors import Problem


def check(folder: ConfigFolder = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Read every file of the config folder and name each mistake with its line; exit 2 if there is one."""
    checked = check_config(folder / SETTINGS_FILE, os.environ)
    warnings = _warnings(checked)
    typer.echo(_as_json(checked, warnings) if as_json else _as_text(checked, warnings))
    if checked.problems:
        raise typer.Exit(2)


def _warnings(checked: Checked) -> tuple[Problem, ...]:
    configuration = checked.configuration
    return calendar_warnings(configuration, SystemClock().now()) if configuration else ()


def _as_json(checked: Checked, warnings: tuple[Problem, ...]) -> str:
    problems = [asdict(problem) for problem in checked.problems]
    configuration_hash = checked.configuration.hash if checked.configuration else None
    told = {
        "ok": not problems,
        "hash": configuration_hash,
        "problems": problems,
        "warnings": [asdict(warning) for warning in warnings],
    }
    return json.dumps(told, ensure_ascii=False)


def _as_text(checked: Checked, warnings: tuple[Problem, ...]) -> str:
    if checked.problems or checked.configuration is None:
        return "\n".join(str(problem) for problem in checked.problems)
    configuration = checked.configuration
    counts = (
        (len(configuration.mailboxes), "mailbox", "mailboxes"),
        (len(configuration.ruleset.rules), "rule", "rules"),
        (len(configuration.playbooks), "playbook", "playbooks"),
        (len(configuration.templates.names), "template", "templates"),
    )
    told = ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts)
    lines = [f"warning: {warning}" for warning in warnings]
    return "\n".join((*lines, f"all is well: {told}; configuration {configuration.hash[:12]}"))
