"""`maild rules suggest`: what people's corrections call for, each with its reasons, ready to copy."""

import os
from typing import Annotated

import typer

from maild.app.opening import Surroundings, open_context
from maild.app.separate import Demands
from maild.app.suggest import Suggestion, suggest
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import print_fields, print_json, printable
from maild.cli.rules_backtest import print_moved

_SHOWN = 5  # messages of each list; --json has all


def suggest_rules(
    support: Annotated[
        int, typer.Option(min=1, help="How many corrected messages a rule must catch at the least.")
    ] = 3,
    precision: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="In what part of its messages it must be right.")
    ] = 0.9,
    proposals: Annotated[
        int, typer.Option(min=1, help="How many at the most for one kind, owner or other thing to settle.")
    ] = 5,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Propose rules and list entries from what people set right. Changes nothing: you copy what you like."""
    demands = Demands(support=support, precision=precision, proposals=proposals)
    with open_context(folder, Surroundings(environ=os.environ), stores_set=False) as context:
        suggestions = suggest(context, demands)
    for one in suggestions:
        if as_json:
            print_json(one)
        else:
            _print(one)
    if not suggestions and not as_json:
        typer.echo(f"nothing to suggest: no condition catches {support} corrected messages and little else")


def _print(one: Suggestion) -> None:
    print_fields(
        (
            ("Suggestion", f"{one.settles} {one.value}, when {one.condition}"),
            ("Precision", f"{one.precision:.0%}: right for {one.right} of the {one.hits} messages it hits"),
            ("Recall", f"{one.recall:.0%}: {one.caught} of {one.corrected} corrected messages"),
            ("Drawn from", _sources(one)),
            ("Would change", f"{len(one.would_change)} messages"),
            ("Put into", one.file),
        )
    )
    if one.would_change:
        print_moved(list(one.would_change[:_SHOWN]))
    typer.echo(f"\n{printable(one.rule)}")


def _sources(one: Suggestion) -> str:
    told = [f"{source.case_number} {source.subject}" for source in one.drawn_from[:_SHOWN]]
    rest = len(one.drawn_from) - len(told)
    return "\n".join([*told, *([f"... and {rest} more"] if rest else [])])
