"""How commands print: rich tables for people, JSON for programs, both from the same values."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime

from rich.console import Console
from rich.table import Table

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


def plain(value: object) -> Plain:
    """A value as JSON has it: dataclasses by field, instants in ISO 8601, sets sorted, bytes left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name.rstrip("_"): plain(getattr(value, field.name))
            for field in fields(value)
            if not isinstance(getattr(value, field.name), bytes)
        }
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(one) for one in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if isinstance(value, int | float | bool | None) else str(value)


def print_json(value: object) -> None:
    """One line of JSON, at once; a lone surrogate from broken mail is escaped."""
    line = json.dumps(plain(value), ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """A table as wide as the terminal; where there is none, as wide as it needs."""
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for position, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=position == 0)  # the first is what one copies
    for row in rows:
        table.add_row(*(printable(cell) for cell in row))
    if title or table.row_count:
        console().print(table if table.row_count else f"{title}: none")
    else:
        error_console().print("none")


def print_fields(pairs: Iterable[tuple[str, str]], *, title: str = "") -> None:
    """Names and values, one pair a line; empty values are left out."""
    table = Table(title=title or None, title_justify="left", show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            table.add_row(name, printable(value))
    console().print(table)


def console() -> Console:
    """The terminal; markup in mail is not ours to follow."""
    return Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 160)


def error_console() -> Console:
    """Where progress is shown: standard error, so that output can be piped."""
    return Console(stderr=True, markup=False, highlight=False)


def printable(text: str) -> str:
    """Text from a mail without what would steer the terminal (ECMA-48 control characters); lines stay."""
    return "".join(" " if unicodedata.category(one) == "Cc" and one != "\n" else one for one in text)


def local(at: datetime) -> str:
    """An instant in the time zone of this machine."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
