"""What a colleague's reply says is to be done, and what could not be understood of it."""

from dataclasses import dataclass

from maild.model.moments import Moment
from maild.model.sentence import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class UseTemplate:
    """The text goes out through this template."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Internal: kept on the case, never sent."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step of a plan: what, by whom, by when."""

    what: str
    responsible: str
    due: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class FixPlan:
    """The plan (方案): at least one step, each with its responsible person and time limit."""

    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solve:
    """The matter is solved; `text` says how, and may be empty."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCall:
    """A telephone call: what was said by whom, and when, where that was told; without it, just now."""

    text: str
    took_place: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """The case is closed; `text` says why, and may be empty."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """The case is open again; `text` says why, and may be empty."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTo:
    """The case is this person's now: a name, an address or a department as it was written."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetField:
    """A field of the case gets this value; both as they were written."""

    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCase:
    """The case belongs with this other one."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForCustomer:
    """Nothing can be done until the customer answers; `text` says for what, and may be empty."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The last thing that was done is taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """What was shown as a draft, or the text below, is sent now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForHelp:
    """The list of commands is asked for."""


Command = (
    UseTemplate
    | AddNote
    | FixPlan
    | Solve
    | LogCall
    | CloseCase
    | Reopen
    | AssignTo
    | SetField
    | LinkCase
    | WaitForCustomer
    | Undo
    | Send
    | AskForHelp
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A command that cannot be carried out: the line as it was written, and what would be right."""

    line: str
    said: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """A reply, read: its commands in order, its mistakes, and exactly the text that is for the customer."""

    commands: tuple[Command, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """What one line of an answer to a list says of one case; its text may go on for some lines."""

    number: str
    instructions: Instructions


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAnswer:
    """An answer to a list: lines by case number, in order, and the lines that name none."""

    answers: tuple[LineAnswer, ...] = ()
    stray: tuple[str, ...] = ()
