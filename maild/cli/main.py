"""`maild`: every command, and what each error means for the exit code.

0 done; 1 done, and the answer is no (a difference found, nothing like it, a check that failed); 2 the files
under config/ or the call are wrong; 3 a server or the database could not be used; 130 interrupted.
"""

import sys

import typer

from maild import __version__
from maild.cli import calendar, case, case_words, mailbox, outbox, quarantine, review, rules
from maild.cli.check import check
from maild.cli.deadlines import deadlines
from maild.cli.demo import demo
from maild.cli.explain import explain
from maild.cli.importing import import_mail
from maild.cli.init import init
from maild.cli.parse import parse
from maild.cli.rehearse import rehearse
from maild.cli.rules_backtest import backtest_rules
from maild.cli.rules_files import check_rules, try_rules, write_schemas
from maild.cli.rules_suggest import suggest_rules
from maild.cli.run import run as run_daemon
from maild.cli.search import search
from maild.cli.thread import thread
from maild.cli.verdict import Exit
from maild.errors import ConfigError, MaildError, NotFound, UsageError

app = typer.Typer(
    name="maild",
    help="Shared mailboxes in, answered and archived cases out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("init")(init)
app.command("check")(check)
app.command("run")(run_daemon)
app.command("demo")(demo)
app.command("import")(import_mail)
app.command("search")(search)
app.command("parse")(parse)
app.command("thread")(thread)
app.command("explain")(explain)
app.command("rehearse")(rehearse)
app.command("deadlines")(deadlines)
app.add_typer(calendar.app, name="calendar")
case_words.add_to(case.app)
app.add_typer(case.app, name="case")
app.add_typer(mailbox.app, name="mailbox")
app.add_typer(outbox.app, name="outbox")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(review.app, name="review")
app.add_typer(rules.app, name="rules")
rules.app.command("check")(check_rules)
rules.app.command("schema")(write_schemas)
rules.app.command("test")(try_rules)
rules.app.command("backtest")(backtest_rules)
rules.app.command("suggest")(suggest_rules)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"maild {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Shared mailboxes in, answered and archived cases out."""


def run(arguments: list[str] | None = None) -> None:
    """The console script: errors that are known become one clear line and an exit code."""
    try:
        app(arguments)
    except MaildError as exc:
        sys.stderr.write(f"maild: {exc}\n")
        sys.exit(_exit_code(exc))
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:  # the reader of our output (head, less) has enough
        sys.stderr.close()


def _exit_code(exc: MaildError) -> Exit:
    if isinstance(exc, ConfigError | UsageError):
        return Exit.WRONG_CALL
    return Exit.NEGATIVE if isinstance(exc, NotFound) else Exit.UNAVAILABLE
