"""What a rehearsal tells as it goes: facts, what became of them, what went out, and what was expected."""

from dataclasses import dataclass, field
from datetime import datetime

from maild.model.events import Event
from maild.rehearsal.letters import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTold:
    """Something came from outside: mail, a call, or only time. `kind` is the step's."""

    at: datetime
    kind: str
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTold:
    """Something happened to a case; `sequence` is its place in the journal."""

    at: datetime
    case: str
    sequence: int
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectTold:
    """A mail of ours went out, and why; `key` is its effect key."""

    at: datetime
    case: str
    key: str
    template: str
    version: str
    to: tuple[str, ...]
    why: str
    letter: Letter = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTold:
    """An expectation: what was expected at which place of the file, and what there was where it failed."""

    at: datetime
    place: str
    ok: bool
    expected: str
    got: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkTold:
    """Something that maild logs and that stands in no journal: mail without a case, or trouble."""

    at: datetime
    what: str
    is_trouble: bool


Told = FactTold | EventTold | EffectTold | CheckTold | RemarkTold
