"""How the demo looks in a terminal: the story line by line, the checks as a table, how to connect."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.text import Text

from maild.cli.printing import console, print_fields, print_json, print_table, printable
from maild.demo.cast import PASSWORD, US, WANG, YOU
from maild.demo.checks import Check
from maild.demo.news import Kind, Line
from maild.demo.run import Connections, Demo, check_once, stay_up

_TAGS = {
    Kind.IN: ("in  ", "cyan"),
    Kind.CASE: ("case", "default"),
    Kind.OUT: ("out ", "green"),
    Kind.TROUBLE: ("!   ", "bold red"),
}

_INTRODUCTION = f"""\
maild reads the mailbox {US.address} over IMAP, opens cases, and answers by SMTP.
Here customers and suppliers write to it. Their mail servers are on this machine, and nothing leaves it.
in: a mail that maild fetched   case: what became of it, and why   out: what maild sent"""

_COMMANDS = """
In a second terminal: send a mail, and read the answer

python3 -c 'import smtplib; smtplib.SMTP("{to.host}", {to.smtp_port}).sendmail("{you.address}", \
"{us.address}", "From: {you.address}\\nTo: {us.address}\\nSubject: A question\\n\\nWhen can you deliver?")'

python3 -c 'import imaplib; box = imaplib.IMAP4("{to.host}", {to.imap_port}); box.login("{you.address}", \
"{password}"); box.select(); print(box.fetch("*", "(BODY[])")[1][0][1].decode())'

And look into the archive

export MAILD_CONFIG={to.config} MAILD_SERVICE_PASSWORD={password}
{maild} case list
{maild} search 投诉
"""


def show_checks(tried: Path | None, *, as_json: bool) -> bool:
    """True when, after the scenario, all is as it should be; what is not is named."""
    if as_json:
        checks = check_once(Demo(tell=lambda _: None, config=tried))
        rows = [{"what": one.what, "expected": one.expected, "got": one.got, "ok": one.ok} for one in checks]
        print_json({"ok": all(one.ok for one in checks), "checks": rows})
    else:
        typer.echo(_INTRODUCTION)
        checks = check_once(Demo(tell=_tell, config=tried))
        _summarise(checks)
    return all(one.ok for one in checks)


def show_live(tried: Path | None) -> None:
    """The scenario as it goes, then whatever a person sends, until Ctrl-C."""
    typer.echo(_INTRODUCTION)
    stay_up(Demo(tell=_tell, config=tried), _invite)
    typer.echo("\nThe demo has ended; its folder is gone.")


def _tell(line: Line) -> None:
    tag, style = _TAGS[line.kind]
    told = Text.assemble(
        (f"{line.at.astimezone():%H:%M:%S} ", "dim"), (f"{tag}  ", style), (printable(line.text), style)
    )
    if line.kind is Kind.IN:
        typer.echo()
    console().print(told, soft_wrap=True)


def _summarise(checks: Sequence[Check]) -> None:
    wrong = [one for one in checks if not one.ok]
    typer.echo()
    print_table(
        ("", "What", "Expected", "Got"),
        (
            ("ok" if one.ok else "NOT", one.what, one.expected, "the same" if one.ok else one.got)
            for one in checks
        ),
    )
    for one in wrong:
        typer.echo(f"NOT as it should be: {one.what}: expected {one.expected!r}, got {one.got!r}")
    typer.echo(f"{len(checks) - len(wrong)} of {len(checks)} checks are right.")


def _invite(to: Connections) -> None:
    """How to write to the demo, read the answer, and look into the archive."""
    typer.echo("\nNow you. The demo stays up until Ctrl-C.\n")
    print_fields(
        (
            ("Write to", US.address),
            (
                "Your account",
                f"{YOU.address}, password {PASSWORD}; {WANG.address} and the others have the same",
            ),
            ("IMAP", f"{to.host} port {to.imap_port}, no encryption, plain password"),
            ("SMTP", f"{to.host} port {to.smtp_port}, no encryption, plain password or none"),
        ),
        title="With a mail program",
    )
    typer.echo(_COMMANDS.format(to=to, us=US, you=YOU, password=PASSWORD, maild=_maild()))


def _maild() -> str:
    """This command as it was called."""
    called = Path(sys.argv[0])
    return os.path.relpath(called) if called.name == "maild" else "maild"
