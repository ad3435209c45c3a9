"""`maild rehearse`: a scenario played on a moved clock, before its playbook goes live."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, assert_never
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from maild.app.trial import scenario_in
from maild.app.working_time import open_calendar
from maild.cli.options import DEFAULT_CONFIG, SETTINGS_FILE, AsJson, ConfigFolder
from maild.cli.printing import console, print_json, printable
from maild.cli.verdict import Exit
from maild.rehearsal.play import rehearse as play
from maild.rehearsal.told import CheckTold, EffectTold, EventTold, FactTold, RemarkTold, Told
from maild.rehearsal.words import in_words, why


def rehearse(
    file: Annotated[
        Path, typer.Argument(metavar="SCENARIO", help="A scenario, such as those in config/rehearsals.")
    ],
    folder: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Play a scenario with servers in memory; exit 1 if something is not as expected. Changes nothing."""
    scenario = scenario_in(file)
    if as_json:
        held = play(scenario, folder, lambda told: print_json(as_plain(told)))
        print_json({"type": "end", "ok": held})
    else:
        screen = _Screen(ZoneInfo(open_calendar(folder / SETTINGS_FILE, "").zone))
        held = play(scenario, folder, screen.show)
        screen.conclude()
    if not held:
        raise typer.Exit(Exit.NEGATIVE)


class _Screen:
    """The story line by line, in the time of the calendar."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._checks = self._failed = 0

    def show(self, told: Told) -> None:
        """Print what is told, if it is worth a line."""
        match told:
            case FactTold():
                typer.echo()
                who = f"{told.who}: " if told.who else ""
                self._line(told.at, f"{told.kind:5}", f"{who}{told.what}", "cyan")
            case EventTold():
                if words := in_words(told.event, self._local):
                    self._line(told.at, "     ", f"{told.case} {words}", "default", why(told.event))
            case EffectTold():
                text = f"{told.template} to {', '.join(told.to)}: {told.letter.subject}"
                self._line(told.at, "sent ", text, "green", told.why)
            case CheckTold():
                self._check(told)
            case RemarkTold():
                self._line(told.at, "!    " if told.is_trouble else "     ", told.what, "bold red")
            case other:
                assert_never(other)

    def conclude(self) -> None:
        """Print how many expectations held."""
        typer.echo(f"\n{self._checks - self._failed} of {self._checks} expectations held.")

    def _check(self, told: CheckTold) -> None:
        self._checks += 1
        if told.ok:
            self._line(told.at, "ok   ", told.expected, "dim")
            return
        self._failed += 1
        self._line(told.at, "NOT  ", f"{told.place}: expected {told.expected}", "bold red")
        for each in told.got:
            self._line(told.at, "     ", f"  {each}", "red")

    def _line(self, at: datetime, tag: str, text: str, style: str, reason: str = "") -> None:
        because = f"  ({printable(reason)})" if reason else ""
        line = Text.assemble(
            (f"{self._local(at)} ", "dim"), (f"{tag} {printable(text)}", style), (because, "dim")
        )
        console().print(line, soft_wrap=True)

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %a %H:%M}"


def as_plain(told: Told) -> dict[str, object]:
    """What is told, as one line of JSON has it."""
    match told:
        case FactTold():
            return {"type": "fact", "at": told.at, "kind": told.kind, "who": told.who, "what": told.what}
        case EventTold():
            head = {"type": "event", "at": told.at, "case": told.case, "sequence": told.sequence}
            return head | {"event": told.event}
        case EffectTold():
            return _effect(told)
        case CheckTold():
            head = {"type": "check", "at": told.at, "place": told.place, "ok": told.ok}
            return head | {"expected": told.expected, "got": told.got}
        case RemarkTold():
            return {"type": "trouble" if told.is_trouble else "remark", "at": told.at, "what": told.what}
        case other:
            assert_never(other)


def _effect(told: EffectTold) -> dict[str, object]:
    return {
        "type": "effect",
        "at": told.at,
        "case": told.case,
        "key": told.key,
        "template": told.template,
        "version": told.version,
        "to": told.to,
        "subject": told.letter.subject,
        "message_id": told.letter.message_id,
        "text": told.letter.text,
        "why": told.why,
    }
