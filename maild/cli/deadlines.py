"""`maild deadlines`: what is promised and not yet kept."""

import os
from datetime import datetime
from typing import Annotated

import typer

from maild.app.deadlines import DeadlineView, ListedDeadline, list_deadlines
from maild.app.opening import Surroundings, open_context
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder, of_terminal
from maild.cli.printing import print_json, print_table
from maild.model.people import SHELL


def deadlines(
    late: Annotated[bool, typer.Option("--late", help="Only those whose time has run out.")] = False,
    owner: Annotated[
        str | None, typer.Option(help="Only of cases that this address owns; empty: of nobody's.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 200,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """What is promised and not yet kept, the first due first."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        found = list_deadlines(context, SHELL, late=late, owner=owner, limit=limit)
    if as_json:
        for each in found:
            print_json(each)
        return
    print_table(("Case", "What", "Due", "State", "Late", "Owner", "Subject"), map(_row, found))


def title_of(deadline: DeadlineView) -> str:
    """How people call it, in the terminal's language if it has a title in that."""
    title = deadline.title
    return title.get(of_terminal()) or next(iter(title.values()), deadline.name)


def in_calendar(at: datetime) -> str:
    """An instant as the case's calendar shows it."""
    return f"{at:%Y-%m-%d %H:%M %z}"


def lateness(deadline: DeadlineView) -> str:
    """`2 d 3 h`, by any clock and a minute at the least; nothing when it is not late."""
    if deadline.late_s is None:
        return ""
    minutes = max(1, deadline.late_s // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _row(one: ListedDeadline) -> tuple[str, ...]:
    return (
        one.case_number,
        title_of(one.deadline),
        in_calendar(one.deadline.due_at),
        one.deadline.state,
        lateness(one.deadline),
        one.owner,
        one.subject,
    )
