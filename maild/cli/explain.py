"""`maild explain`: why a message went where it went, or where a message would go."""

import os
from pathlib import Path
from typing import Annotated

import typer

from maild.app.context import Context
from maild.app.explain import Explanation, explain_bytes, explain_message_id
from maild.app.opening import Surroundings, open_context
from maild.cli.options import DEFAULT_CONFIG, AsJson, ConfigFolder
from maild.cli.printing import print_fields, print_json, print_table
from maild.errors import NotFound
from maild.model.facts import RuleVerdict
from maild.model.mail import MessageId


def explain(
    what: Annotated[str, typer.Argument(metavar="FILE|MESSAGE-ID", help="A message in a file, or its id.")],
    mailbox: Annotated[
        str, typer.Option(help="The mailbox it would arrive in; the first if not named.")
    ] = "",
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Which case, by which rule, what is sent, and why. Changes nothing."""
    with open_context(folder, Surroundings(environ=os.environ)) as context:
        explanation = _explain(context, what, mailbox)
    if as_json:
        print_json(explanation)
    else:
        _print(explanation)


def _explain(context: Context, what: str, mailbox: str) -> Explanation:
    path = Path(what)
    if path.is_file():
        return explain_bytes(context, path.read_bytes(), mailbox or context.settings.mailboxes[0].name)
    try:
        return explain_message_id(context, MessageId(what.strip().removeprefix("<").removesuffix(">")))
    except NotFound as exc:
        raise NotFound(f"{exc}, and there is no file {what}") from exc


def _print(explanation: Explanation) -> None:
    print_fields(
        (
            ("Message", f"<{explanation.message_id}> {explanation.subject}"),
            ("This is", "what happened" if explanation.happened else "what would happen now"),
            ("Written by", explanation.automatic.replace("none", "a person", 1)),
            ("Case", explanation.case_number or "none"),
            ("Joining", explanation.joining),
            ("Rules", explanation.routing),
            ("Decision", explanation.reason),
            ("Mails", "; ".join(explanation.mails) or "none"),
            ("Files", f"configuration {explanation.config_hash[:12]}"),
        )
    )
    print_table(
        ("Rule", "Where", "Matched", "Tests"), (_rule(one) for one in explanation.trace), title="Rules tried"
    )


def _rule(verdict: RuleVerdict) -> tuple[str, ...]:
    tests = "\n".join(
        f"{'✓' if one.passed else '✗'} {one.field} {one.test} {one.expected}: {one.value}"
        for one in verdict.tests
    )
    matched = "yes" if verdict.matched else "no"
    return (verdict.rule, verdict.place, f"{matched}, and stops" if verdict.stopped else matched, tests)
