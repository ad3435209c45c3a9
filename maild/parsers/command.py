"""What the first lines of a colleague's reply say is to be done: `/template NAME`, `/备注 …`, `/方案 …`.

Only leading lines count, so that a path or a fraction further down is text. A line that begins with a slash
is a command or a mistake, never text that a customer gets by accident; a path (`/home/x`) or a number behind
the slash is text all the same. What stands below the commands is for the customer, kept exactly.
"""

import re
from dataclasses import dataclass, field
from datetime import date, tzinfo

from maild.model.commands import (
    AddNote,
    AskForHelp,
    AssignTo,
    CloseCase,
    Command,
    Instructions,
    LinkCase,
    LogCall,
    Mistake,
    Reopen,
    Send,
    SetField,
    Solve,
    Undo,
    UseTemplate,
    WaitForCustomer,
)
from maild.model.moments import Moment
from maild.model.sentence import Sentence
from maild.parsers import case_number, command_mistakes, moment, plan
from maild.parsers.command_table import Entry, Takes, find
from maild.parsers.fold import folded

# Seen in practice: the key of the slash gives 、 while a Chinese keyboard is on.
_LEAD = re.compile(r" *(?P<slash>[/、]) ?(?P<word>[^\W\d_][^\s:,，。=]*)")
_INNER = re.compile(r"(?:\A|(?<=\s))[/、]")
_WHEN = re.compile(r" *(?:通话时间|来电时间|时间|日期|when|time|date) ?:")
_BREAK = re.compile(r"[\s,，;；:：]|\Z")
_MOMENT_CHARS = 40
_FIELD = re.compile(r"(?P<field>[^\s:：=＝]+)[\s:：=＝]+(?P<value>[^\s:：=＝].*)")
_EDGES = " \t:：=\u3000\u00a0"
_WITH_TEXT: dict[str, type[Solve | CloseCase | Reopen | WaitForCustomer]] = {
    "solve": Solve,
    "close": CloseCase,
    "reopen": Reopen,
    "wait": WaitForCustomer,
}
_BARE: dict[str, type[Undo | Send | AskForHelp]] = {"undo": Undo, "send": Send, "help": AskForHelp}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lead:
    """A line that begins with a slash: the command, if there is one of that name, and what stands behind "
    "it."""

    line: str
    word: str
    entry: Entry | None
    argument: str


@dataclass(slots=True, kw_only=True)
class _State:
    """What has been read, and what is left."""

    today: date
    zone: tzinfo
    lines: list[str]
    commands: list[Command] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(text: str, today: date, zone: tzinfo) -> Instructions:
    """The commands of the leading lines, and the text below them; days are read by `today`, times in `zone`.

    With `/note` nothing is left for the customer, whatever commands stand beside it.
    """
    state = _State(today=today, zone=zone, lines=text.split("\n"))
    noted: tuple[str, Entry] | None = None
    while lead := _next_lead(state.lines):
        if lead.entry and lead.entry.takes is Takes.REST:
            noted = lead.line, lead.entry
            state.notes.append(lead.argument)
        else:
            _take(state, lead)
    rest = "\n".join(state.lines)
    if noted:
        _keep_note(state, *noted, rest)
        rest = ""
    return Instructions(commands=tuple(state.commands), mistakes=tuple(state.mistakes), text=rest)


def _next_lead(lines: list[str]) -> _Lead | None:
    """The command that stands first, taken from the lines; blank lines before it or the text go."""
    while lines and not lines[0].strip():
        del lines[0]
    lead = _lead(lines[0]) if lines else None
    if lead:
        del lines[0]
    return lead


def _lead(line: str) -> _Lead | None:
    """The line as a command, None when it is text."""
    match = _LEAD.match(folded(line))
    if match is None:
        return None
    word, behind_path, _ = match["word"].partition("/")
    found = find(word)
    if found is None and (behind_path or match["slash"] == "、"):
        return None
    entry, length = found or (None, len(word))
    argument = line[match.start("word") + length :].strip(_EDGES).removeprefix("/" if behind_path else "")
    return _Lead(line=line.strip(), word=word, entry=entry, argument=argument.strip(_EDGES))


def _take(state: _State, lead: _Lead) -> None:
    """Carry the command out into `commands`, or what is wrong with it into `mistakes`."""
    argument = _without_next_command(state, lead)
    match lead.entry:
        case None:
            written = lead.line.lstrip("/／ ")[: len(lead.word)]
            outcome: Command | tuple[Sentence, ...] = (command_mistakes.unknown(written, lead.word),)
        case Entry(takes=Takes.PLAN):
            outcome = _plan(state, argument)
        case Entry(takes=Takes.PARAGRAPH) as entry:
            outcome = _call(state, entry, argument)
        case Entry(takes=Takes.NOTHING) as entry:
            more = argument.strip("。.!！")
            outcome = (command_mistakes.superfluous(entry, more),) if more else _BARE[entry.key]()
        case Entry(takes=Takes.TEXT) as entry:
            outcome = _WITH_TEXT[entry.key](text=argument)
        case entry:
            outcome = _with_word(entry, argument)
    if isinstance(outcome, tuple):
        state.mistakes += (Mistake(line=lead.line, said=said) for said in outcome)
    else:
        state.commands.append(outcome)


def _without_next_command(state: _State, lead: _Lead) -> str:
    """The argument up to another command on the same line, which is put back as a line of its own.

    In a text only one that follows at once counts: `/solve /close`, but not `/solve see /help`.
    """
    if lead.entry is None or lead.entry.takes in {Takes.PLAN, Takes.PARAGRAPH}:
        return lead.argument
    for slash in _INNER.finditer(folded(lead.argument)):
        if slash.start() and lead.entry.takes is Takes.TEXT:
            break
        following = _lead(lead.argument[slash.start() :])
        if following and following.entry:
            state.lines.insert(0, lead.argument[slash.start() :])
            return lead.argument[: slash.start()].strip(_EDGES)
    return lead.argument


def _keep_note(state: _State, line: str, entry: Entry, rest: str) -> None:
    text = "\n".join(each for each in (*state.notes, rest) if each.strip()).strip()
    if text:
        state.commands.append(AddNote(text=text))
    else:
        state.mistakes.append(Mistake(line=line, said=command_mistakes.incomplete(entry)))


def _plan(state: _State, argument: str) -> Command | tuple[Sentence, ...]:
    lines = [argument, *state.lines]
    below = lines[1:]
    end = next((number for number, line in enumerate(below) if _lead(line)), len(below))
    length = plan.length(lines[: end + 1])
    state.lines = below[max(length - 1, 0) :]
    return plan.read(lines[:length], state.today, state.zone)


def _call(state: _State, entry: Entry, argument: str) -> Command | tuple[Sentence, ...]:
    """A call takes its whole paragraph, so that no record of it goes to the customer by accident."""
    below = state.lines
    end = next((n for n, line in enumerate(below) if not line.strip() or _lead(line)), len(below))
    said = [line for line in (argument, *below[:end]) if line.strip()]
    state.lines = below[end:]
    took_place, said = _call_moment(state, said)
    text = "\n".join(said).strip()
    if not text:
        return (command_mistakes.incomplete(entry),)
    if took_place and not took_place.on:
        return (command_mistakes.unread_moment(took_place.text),)
    if took_place and took_place.on and took_place.on > state.today:
        return (command_mistakes.future_call(took_place.text),)
    return LogCall(text=text, took_place=took_place)


def _call_moment(state: _State, said: list[str]) -> tuple[Moment | None, list[str]]:
    """When it took place, by a line `时间: …` or at the very beginning, and the lines without that."""
    for number, line in enumerate(said):
        if label := _WHEN.match(folded(line)):
            written = moment.read(line[label.end() :], state.today, state.zone)
            return written, said[:number] + said[number + 1 :]
    for end in _ends(said[0]) if said else ():
        beginning = moment.read(said[0][:end], state.today, state.zone)
        if beginning.on:
            return beginning, [said[0][end:].strip(_EDGES + ",，;；"), *said[1:]]
    return None, said


def _ends(line: str) -> list[int]:
    """Where a date at the beginning of a line may end, the longest first."""
    return [match.start() for match in _BREAK.finditer(line[:_MOMENT_CHARS])][::-1]


def _with_word(entry: Entry, argument: str) -> Command | tuple[Sentence, ...]:
    if not argument:
        return (command_mistakes.incomplete(entry),)
    match entry.key:
        case "template":
            return UseTemplate(name=argument)
        case "assign":
            return AssignTo(person=argument)
        case "link":
            number = case_number.read(argument)
            return LinkCase(number=number) if number else (command_mistakes.no_case_number(argument),)
        case _:
            parts = _FIELD.match(argument)
            if parts is None:
                return (command_mistakes.incomplete(entry),)
            return SetField(field=parts["field"], value=parts["value"].strip())
