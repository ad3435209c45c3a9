"""`maild mailbox`: is everything on the server in the ledger?"""

import os
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated

import typer

from maild.app.context import Context
from maild.app.opening import Surroundings, open_context
from maild.app.verify import Reconciliation, verify_folder
from maild.app.watch import folders_of
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import print_json, print_table
from maild.cli.verdict import Exit
from maild.daemon import real_adapters
from maild.errors import MaildError, UsageError
from maild.settings import MailboxSettings

app = typer.Typer(help="Mailboxes: hold the server against the ledger.", no_args_is_help=True)


@app.callback()
def _mailbox() -> None:
    """Mailboxes: hold the server against the ledger."""


@app.command()
def verify(
    names: Annotated[
        list[str] | None, typer.Argument(help="Mailboxes; all of them if none is named.")
    ] = None,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The server's messages against the ledger's, folder by folder; exit 1 when any is missing."""
    found: list[Reconciliation] = []
    unreachable = False
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        for mailbox in _chosen(context, names or []):
            try:
                found += _verify(context, mailbox)
            except MaildError as exc:
                unreachable = True
                typer.echo(f"maild: {exc}", err=True)
    _print(found, as_json=as_json)
    if any(not one.complete for one in found):
        raise typer.Exit(Exit.NEGATIVE)
    if unreachable:
        raise typer.Exit(Exit.UNAVAILABLE)


def _chosen(context: Context, names: Sequence[str]) -> list[MailboxSettings]:
    known = {mailbox.name: mailbox for mailbox in context.settings.mailboxes}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"there is no mailbox {unknown[0]!r}; there are: {', '.join(known)}")
    return [known[name] for name in names] or list(known.values())


def _verify(context: Context, mailbox: MailboxSettings) -> list[Reconciliation]:
    with closing(real_adapters(context.settings).connect(mailbox.imap, mailbox.name)) as session:
        return [verify_folder(context, session, one) for one in folders_of(context, session, mailbox)]


def _print(found: Sequence[Reconciliation], *, as_json: bool) -> None:
    if as_json:
        for one in found:
            print_json(one)
    elif found:
        _print_found(found)


def _print_found(found: Sequence[Reconciliation]) -> None:
    print_table(
        (
            "Mailbox",
            "Folder",
            "On server",
            "In ledger",
            "Missing",
            "Gone from server",
            "Waiting",
            "Quarantined",
        ),
        (
            (
                one.mailbox,
                one.folder,
                str(one.on_server),
                str(one.in_ledger),
                ", ".join(str(uid) for uid in one.missing[:20]) or "none",
                str(one.gone_from_server),
                str(one.unprocessed),
                str(one.quarantined),
            )
            for one in found
        ),
    )
