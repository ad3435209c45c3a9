"""`maild calendar add`, `subtract` and `show`: when something is due, and why."""

from pathlib import Path
from typing import Annotated

import typer

from maild.app.working_time import Counting, DaysInYear, count, open_calendar, year_of
from maild.cli.options import DEFAULT_CONFIG, SETTINGS_FILE, AsJson, ConfigFolder, ToldIn, of_terminal
from maild.cli.printing import print_fields, print_json, print_table
from maild.clock import SystemClock
from maild.model.calendar import SpanMode

app = typer.Typer(no_args_is_help=True, help="Working days: when something is due, and why.")

At = Annotated[
    str, typer.Argument(help="An instant such as 2026-09-30T16:40+08:00; without a zone in the calendar's.")
]
SpanText = Annotated[str, typer.Argument(help="Such as '1 working day', '4 hours', '2个工作日'.")]
Name = Annotated[str, typer.Option("--calendar", help="Which calendar; that of the settings if not named.")]
ToHour = Annotated[
    bool, typer.Option("--to-hour", help="To the same hour, instead of to the end of the last day.")
]


@app.command()
def add(
    at: At,
    span: SpanText,
    name: Name = "",
    to_hour: ToHour = False,
    language: ToldIn = None,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """When something is due that is promised at an instant within a span, and why."""
    asked = Counting(at=at, span=span, mode=_mode(to_hour), back=False, language=language or of_terminal())
    _answer(folder, name, asked, as_json)


@app.command()
def subtract(
    at: At,
    span: SpanText,
    name: Name = "",
    to_hour: ToHour = False,
    language: ToldIn = None,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The instant that lies a span before another, such as when to remind of it, and why."""
    asked = Counting(at=at, span=span, mode=_mode(to_hour), back=True, language=language or of_terminal())
    _answer(folder, name, asked, as_json)


@app.command()
def show(
    year: Annotated[int, typer.Option(help="Which year; this one if not named.")] = 0,
    name: Name = "",
    language: ToldIn = None,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The holidays, make-up working days and closures of a year."""
    calendar = open_calendar(folder / SETTINGS_FILE, name)
    found = year_of(calendar, year or SystemClock().now().year, language or of_terminal())
    if as_json:
        print_json(found)
        return
    title = f"{found.calendar}, {found.year}, {found.zone}"
    print_table(("From", "To", "Days", "What", "Name"), map(_row, found.days), title=title)
    if not found.official:
        typer.echo(f"the official calendar of {found.year} is not known: days may still change")


def _mode(to_hour: bool) -> SpanMode:
    return SpanMode.TO_HOUR if to_hour else SpanMode.TO_CLOSE


def _answer(folder: Path, name: str, asked: Counting, as_json: bool) -> None:
    answer = count(open_calendar(folder / SETTINGS_FILE, name), asked)
    if as_json:
        print_json(answer)
    else:
        print_fields((("Due", f"{answer.due:%Y-%m-%d %H:%M %z}"), ("Why", answer.explain)))


def _row(days: DaysInYear) -> tuple[str, str, str, str, str]:
    length = (days.last - days.first).days + 1
    return f"{days.first:%Y-%m-%d %a}", f"{days.last:%Y-%m-%d %a}", str(length), days.kind, days.name
