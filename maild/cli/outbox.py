"""`maild outbox`: what waits, what is in doubt, and the word of a person that settles it."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from maild.app.opening import Surroundings, open_context
from maild.app.queries import list_outbox
from maild.app.settlement import settle_by_hand
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import local, print_json, print_table
from maild.model.delivery import OutboxState, RecipientState
from maild.model.people import SHELL

app = typer.Typer(help="Outgoing mail: list it, settle what is in doubt.", no_args_is_help=True)


class Word(StrEnum):
    """What a person can say of a mail in doubt."""

    SENT = "sent"
    REFUSED = "refused"
    RESEND = "resend"


_MEANS = {
    Word.SENT: RecipientState.SENT,
    Word.REFUSED: RecipientState.REFUSED,
    Word.RESEND: RecipientState.QUEUED,
}


@app.command("list")
def list_(
    state: Annotated[list[OutboxState] | None, typer.Option(help="Only mails in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 50,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Mails that maild sent or is to send, with what became of each recipient."""
    states = frozenset(state or OutboxState)
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        found = list_outbox(context, SHELL, states, limit=limit)
    if as_json:
        for mail in found:
            print_json(mail)
        return
    print_table(
        ("Mail", "State", "Template", "Recipients", "Attempts", "Next attempt"),
        (
            (
                mail.id,
                mail.state,
                mail.template,
                "\n".join(f"{one.address}: {one.state} {one.reply}".rstrip() for one in mail.recipients),
                str(mail.attempts),
                local(mail.next_attempt_at) if mail.state is OutboxState.QUEUED else "",
            )
            for mail in found
        ),
    )


@app.command()
def settle(
    mail: Annotated[str, typer.Argument(help="The mail's id, from `maild outbox list`.")],
    word: Annotated[Word, typer.Argument(help="What became of it, or `resend`.")],
    folder: ConfigFolder = DEFAULT_CONFIG,
) -> None:
    """Say what became of a mail in doubt: it was sent, it was refused, or it shall be sent again."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        count = settle_by_hand(context, mail, _MEANS[word])
    typer.echo(f"{mail}: {count} recipient(s) settled as {word}")
