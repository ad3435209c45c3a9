"""`maild case`: the cases there are, and one of them whole."""

import os
from typing import Annotated

import typer

from maild.app import transfer
from maild.app.correction import Correction, correct_case
from maild.app.deadlines import DeadlineView
from maild.app.opening import Surroundings, open_context
from maild.app.queries import CaseView, list_cases, show_case
from maild.cli.deadlines import in_calendar, lateness, title_of
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import local, plain, print_fields, print_json, print_table
from maild.model.case import Case, CaseTraits
from maild.model.delivery import OutboxEntry
from maild.model.mail import MessageId
from maild.model.people import SHELL

Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the journals of both cases.")]

_TOLD = (
    *("number", "stage", "name", "happening", "reason", "recipient", "state", "detail", "template", "error"),
    *("field", "old", "new", "by"),
)
"""What the journal shows of an event, in this order."""

app = typer.Typer(help="Cases: list them, show one, merge, split, move and undo.", no_args_is_help=True)


@app.command("list")
def list_(
    kind: Annotated[str | None, typer.Option(help="Only cases of this kind.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only cases in this stage.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 50,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The newest cases first."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        found = list_cases(context, SHELL, kind=kind, stage=stage, limit=limit)
    if as_json:
        for case in found:
            print_json(case)
        return
    print_table(
        ("Number", "Kind", "Stage", "Contact", "Subject", "Messages", "Opened", "Trouble"),
        (_row(case) for case in found),
    )


@app.command()
def show(
    number: Annotated[str, typer.Argument(help="The case's number, such as C-2026-00001.")],
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """One case with its messages, the mails it sent, its deadlines, and its journal."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        view = show_case(context, SHELL, number)
    if as_json:
        print_json(view)
    else:
        _print_view(view)


@app.command()
def merge(
    number: Annotated[str, typer.Argument(help="The case that ends; its number will lead to the other.")],
    into: Annotated[str, typer.Argument(help="The case that takes it over.")],
    reason: Reason = "by hand",
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Make two cases one; `maild case undo NUMBER` takes it back."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        after = transfer.merge(context, number, into, reason)
    typer.echo(f"{number} is part of {after.number} now, which has {after.message_count} messages")


@app.command()
def split(
    message_ids: Annotated[list[str], typer.Argument(metavar="MESSAGE-ID...", help="What goes on apart.")],
    reason: Reason = "by hand",
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Make some messages of a case a case of their own; nobody is told."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        after = transfer.split(context, _ids(message_ids), reason)
    typer.echo(f"{after.number} is open, with {after.message_count} message(s)")


@app.command()
def move(
    message_ids: Annotated[list[str], typer.Argument(metavar="MESSAGE-ID...", help="What is moved.")],
    to: Annotated[str, typer.Option("--to", help="The case that they belong to.")],
    reason: Reason = "by hand",
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Move messages of one case to another; `maild case undo NUMBER` takes it back."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        after = transfer.move(context, _ids(message_ids), to, reason)
    typer.echo(f"{after.number} has {after.message_count} messages now")


@app.command()
def undo(
    number: Annotated[
        str, typer.Argument(help="The case that messages were taken from, or that was merged.")
    ],
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Take back the last merge, split or move by which messages left a case."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        after = transfer.undo(context, number)
    typer.echo(f"{after.number} stands as before, with {after.message_count} messages")


@app.command("set")
def set_(
    number: Annotated[str, typer.Argument(help="The case's number.")],
    kind: Annotated[str | None, typer.Option(help="The kind that it really is.")] = None,
    priority: Annotated[str | None, typer.Option(help="low, normal, high or urgent.")] = None,
    owner: Annotated[str | None, typer.Option(help="The address of the colleague whose it is.")] = None,
    department: Annotated[str | None, typer.Option(help="The department that it belongs to.")] = None,
    party: Annotated[
        str | None, typer.Option(help="What its contact is: customer, supplier, staff, regulator, unknown.")
    ] = None,
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Set right what rules made of a case; `maild rules suggest` learns from it. Nobody is written to."""
    correction = Correction(
        case_kind=kind, priority=priority, owner=owner, department=department, party_kind=party
    )
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        after = correct_case(context, SHELL, number, correction)
    told = (
        ("kind", after.kind),
        ("priority", after.priority),
        ("stage", after.stage),
        ("owner", after.traits.owner),
        ("department", after.traits.department),
        ("contact", party),
    )
    typer.echo(f"{after.number}: {', '.join(f'{name} {value}' for name, value in told if value)}")


def _ids(written: list[str]) -> list[MessageId]:
    return [MessageId(one.strip().removeprefix("<").removesuffix(">")) for one in written]


def _row(case: Case) -> tuple[str, ...]:
    return (
        case.number,
        case.kind,
        case.stage,
        _contact(case),
        case.subject,
        str(case.message_count),
        local(case.opened_at),
        case.trouble,
    )


def _contact(case: Case) -> str:
    contact = case.contact
    return f"{contact.name} <{contact.address}>" if contact.name else contact.address


def _traits(traits: CaseTraits) -> tuple[tuple[str, str], ...]:
    """What rules and people settled beyond kind and priority; what is empty is not printed."""
    return (
        ("Owner", traits.owner),
        ("Department", traits.department),
        ("Labels", ", ".join(traits.labels)),
        ("Fields", ", ".join(f"{name}={value}" for name, value in traits.fields)),
        ("Confidential", "yes" if traits.confidential else ""),
    )


def _print_view(view: CaseView) -> None:
    case = view.case
    print_fields(
        (
            ("Case", case.number),
            ("Subject", case.subject),
            ("Kind", f"{case.kind}, priority {case.priority}"),
            ("Stage", case.stage),
            ("Contact", _contact(case)),
            *_traits(case.traits),
            ("Mailbox", case.mailbox),
            ("Opened", local(case.opened_at)),
            ("Trouble", case.trouble),
        )
    )
    print_table(
        ("When", "Way", "From", "Subject", "Joined by"),
        (
            (
                local(one.message.received_at),
                one.direction,
                one.message.author.address if one.message.author else "",
                one.message.subject,
                f"{one.join}: {one.reason}",
            )
            for one in view.messages
        ),
        title="Messages",
    )
    print_table(
        ("Mail", "State", "To", "Attempts"),
        ((mail.template, mail.state, _standing(mail), str(mail.attempts)) for mail in view.mails),
        title="Sent",
    )
    print_table(
        ("Deadline", "State", "Started", "Due", "Met", "Late"),
        map(_deadline, view.deadlines),
        title="Deadlines",
    )
    print_table(
        ("When", "Event", "What"),
        ((local(entry.at), entry.event.kind, _what(plain(entry.event))) for entry in view.journal),
        title="Journal",
    )


def _deadline(one: DeadlineView) -> tuple[str, ...]:
    met = in_calendar(one.ended_at) if one.ended_at and one.state == "met" else ""
    return (
        title_of(one),
        one.state,
        in_calendar(one.started_at),
        in_calendar(one.due_at),
        met,
        lateness(one),
    )


def _standing(mail: OutboxEntry) -> str:
    told = (f"{one.address}: {one.state} {one.reply}".rstrip() for one in mail.recipients)
    return "; ".join(told) or mail.error


def _what(event: object) -> str:
    if not isinstance(event, dict):
        return ""
    return ", ".join(_in_words(event[key]) for key in _TOLD if event.get(key))


def _in_words(value: object) -> str:
    """A happening is two words: what, and of what."""
    return " ".join(str(word) for word in value.values() if word) if isinstance(value, dict) else str(value)
