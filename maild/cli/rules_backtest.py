"""`maild rules backtest`: what changed rules would have made of the mail in the archive."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from maild.app.backtest import Moved, Sides, Totals, Watcher, backtest, told
from maild.app.configuration import load_configuration
from maild.app.context import Context
from maild.app.opening import Surroundings, open_context
from maild.cli.options import DEFAULT_CONFIG, SETTINGS_FILE, AsJson, ConfigFolder
from maild.cli.printing import print_json, print_table
from maild.cli.progress import progress
from maild.cli.verdict import Exit
from maild.errors import UsageError
from maild.settings import load_settings

_SPAN = re.compile(r"([0-9]{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24}


def backtest_rules(
    folder: ConfigFolder = DEFAULT_CONFIG,
    against: Annotated[
        Path | None,
        typer.Option(help="Compare with the rules of this config folder, not with what was decided then."),
    ] = None,
    since: Annotated[
        str, typer.Option(help="Only the last hours, days or weeks: 12h, 90d, 8w. All if not given.")
    ] = "",
    limit: Annotated[int, typer.Option(min=0, help="How many messages are listed at the most.")] = 50,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit 1 when any message would be treated differently.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run the rules of a config folder over the archive and show what would be different. Changes nothing."""
    span = _span(since)
    with open_context(folder, Surroundings(environ=os.environ), stores_set=False) as context:
        totals = _run(context, against, span, None if as_json else limit)
    if as_json:
        print_json(totals)
    else:
        _print_totals(totals)
    if fail_on_change and totals.changed:
        raise typer.Exit(Exit.NEGATIVE)


def _span(text: str) -> timedelta | None:
    if not text:
        return None
    found = _SPAN.fullmatch(text)
    if found is None:
        raise UsageError(f"--since {text!r} is no span of time: write 12h, 90d or 8w")
    return timedelta(hours=int(found[1]) * _HOURS[found[2]])


def _run(context: Context, against: Path | None, span: timedelta | None, limit: int | None) -> Totals:
    """The totals, after the messages that move were shown: as JSON at once, else the first as a table."""
    other = load_configuration(load_settings(against / SETTINGS_FILE, os.environ)) if against else None
    sides = Sides(changed=context.configuration, against=other)
    since: datetime | None = context.clock.now() - span if span else None
    shown: list[Moved] = []

    def on_moved(moved: Moved) -> None:
        if limit is None:
            print_json(moved)
        elif len(shown) < limit:
            shown.append(moved)

    with progress("trying") as advance:
        totals = backtest(
            context, sides, since=since, watcher=Watcher(on_moved=on_moved, on_progress=advance)
        )
    if shown:
        print_moved(shown)
        _say_rest(totals.changed - len(shown))
    return totals


def _say_rest(rest: int) -> None:
    if rest:
        typer.echo(f"... and {rest} more: --limit shows more of them, --json all")


def print_moved(moved: list[Moved]) -> None:
    """The messages that would be treated differently, each with the rules that did it."""
    print_table(
        ("Message", "Subject", "Would be", "By rule", "Before by"),
        (
            (
                one.message_id,
                one.subject,
                "\n".join(_change(one, aspect) for aspect in one.changed),
                _rules(one.after.rules),
                _rules(one.before.rules),
            )
            for one in moved
        ),
    )


def _change(moved: Moved, aspect: str) -> str:
    return f"{aspect}: {told(moved.before, aspect)} → {told(moved.after, aspect)}"


def _rules(rules: tuple[str, ...]) -> str:
    return "\n".join(rules) or "no rule"


def _print_totals(totals: Totals) -> None:
    if not totals.tested:
        typer.echo(
            "no decision to try the rules on: does this folder name the database of the running maild?"
        )
    if totals.changed:
        print_counts(totals)
    typer.echo(f"{totals.changed} of {totals.tested} messages would be treated differently.")
    if totals.homeless:
        typer.echo(f"{totals.homeless} reached a mailbox that is not in maild.toml: left out.")
    if totals.undecided:
        typer.echo(f"{totals.undecided} were archived without a decision (imported, or old): left out.")


def print_counts(totals: Totals) -> None:
    """How many messages have each value, where that would differ."""
    print_table(
        ("What", "Value", "Before", "After", "Difference"),
        (
            (one.aspect, one.value, str(one.before), str(one.after), f"{one.after - one.before:+}")
            for one in totals.counts
            if one.before != one.after
        ),
    )
