"""`maild explain`: why a message went where it went, or where a message would go."""

import os
from pathlib import Path
from typing import Annotated

import typer

from maild.app.context import Context
from maild.app.explain import Explanation, explain_bytes, explain_message_id
from maild.app.explain_words import Language, headings, in_words, rule_row
from maild.app.opening import Surroundings, open_context
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder, ToldIn, of_terminal
from maild.cli.printing import print_fields, print_json, print_table
from maild.errors import NotFound
from maild.model.mail import MessageId
from maild.model.people import SHELL


def explain(
    what: Annotated[str, typer.Argument(metavar="FILE|MESSAGE-ID", help="A message in a file, or its id.")],
    mailbox: Annotated[
        str, typer.Option(help="The mailbox it would arrive in; the first if not named.")
    ] = "",
    language: ToldIn = None,
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Which case, by which rule, what is sent, and why. Changes nothing."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        explanation = _explain(context, what, mailbox)
    if as_json:
        print_json(explanation)
    else:
        _print(explanation, language or of_terminal())


def _explain(context: Context, what: str, mailbox: str) -> Explanation:
    path = Path(what)
    if path.is_file():
        return explain_bytes(context, SHELL, path.read_bytes(), mailbox or context.settings.mailboxes[0].name)
    try:
        return explain_message_id(context, SHELL, MessageId(what.strip().removeprefix("<").removesuffix(">")))
    except NotFound as exc:
        raise NotFound(f"{exc}, and there is no file {what}") from exc


def _print(explanation: Explanation, language: Language) -> None:
    print_fields(in_words(explanation, language))
    title, columns = headings(language)
    print_table(columns, (rule_row(one, language) for one in explanation.trace), title=title)
