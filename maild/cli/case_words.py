"""`maild case reply`, `plan`, `log-call` and the like: what a colleague may also write by mail."""

import os
from collections.abc import Callable
from typing import Annotated

import typer

from maild.app.instruct import instruct
from maild.app.opening import Surroundings, open_context
from maild.cli.options import DEFAULT_CONFIG, ConfigFolder
from maild.model.people import SHELL

Number = Annotated[str, typer.Argument(help="The case's number, such as C-2026-00001.")]
Text = Annotated[str, typer.Argument(help="What is said; several lines if need be.")]
Why = Annotated[str, typer.Argument(help="Why, or how; kept on the case.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands into `maild case`."""
    for name, function in _COMMANDS.items():
        app.command(name)(function)


def reply(
    number: Number,
    text: Text,
    template: Annotated[str | None, typer.Option(help="The template that carries it.")] = None,
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Answer the contact in the name of the company."""
    named = f"/template {template}\n\n" if template else ""
    _say(folder, number, named + text)


def plan(
    number: Number,
    step: Annotated[str, typer.Option(help="What is done.")],
    responsible: Annotated[str, typer.Option(help="By whom.")],
    due: Annotated[str, typer.Option(help="By when, such as 2026-10-12 or 3 working days.")],
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Fix the plan of the case; the formal reply is due from then on."""
    _say(folder, number, f"/plan\nSteps: {step}\nResponsible: {responsible}\nDue: {due}")


def log_call(number: Number, text: Text, folder: ConfigFolder = DEFAULT_CONFIG) -> None:
    """Write down a telephone call: with whom, what was said, or that nobody answered."""
    _say(folder, number, f"/call {text}")


def note(number: Number, text: Text, folder: ConfigFolder = DEFAULT_CONFIG) -> None:
    """Keep something on the case for the house alone."""
    _say(folder, number, f"/note {text}")


def assign(
    number: Number,
    person: Annotated[str, typer.Argument(help="A colleague, by name or address.")],
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Make the case a colleague's."""
    _say(folder, number, f"/assign {person}")


def solve(number: Number, text: Why = "", folder: ConfigFolder = DEFAULT_CONFIG) -> None:
    """Say that the matter is solved."""
    _say(folder, number, f"/solve {text}")


def wait(number: Number, text: Why = "", folder: ConfigFolder = DEFAULT_CONFIG) -> None:
    """Say that nothing can be done until the contact answers."""
    _say(folder, number, f"/wait {text}")


def close(number: Number, text: Why = "", folder: ConfigFolder = DEFAULT_CONFIG) -> None:
    """Close the case."""
    _say(folder, number, f"/close {text}")


def reopen(number: Number, text: Why = "", folder: ConfigFolder = DEFAULT_CONFIG) -> None:
    """Open a case again that is solved or closed."""
    _say(folder, number, f"/reopen {text}")


def _say(folder: ConfigFolder, number: str, text: str) -> None:
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        typer.echo(instruct(context, SHELL, number, text))


_COMMANDS: dict[str, Callable[..., None]] = {
    "reply": reply,
    "plan": plan,
    "log-call": log_call,
    "note": note,
    "assign": assign,
    "solve": solve,
    "wait": wait,
    "close": close,
    "reopen": reopen,
}
