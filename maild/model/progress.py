"""How far a case has come by its playbook: its deadlines, what happened, and which answers are under way."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from maild.model.happening import Happening


class DeadlineState(StrEnum):
    """How a deadline stands; whether it is late is told by its due time."""

    RUNNING = "running"
    PAUSED = "paused"  # its clock stands still
    MET = "met"  # kept, in time or late
    DROPPED = "dropped"  # nobody waits for it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRun:
    """One run of a deadline on a case: `run` counts the starts of that name, from 1.

    `passed` are the moments that have been acted on, `next_at` is when the next one comes (None: none does).
    `met_key` is the effect key of the mail that kept it.
    """

    name: str
    run: int
    state: DeadlineState
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    next_at: datetime | None = None
    passed: tuple[str, ...] = ()
    paused_at: datetime | None = None
    met_key: str = ""
    is_promise: bool = True

    @property
    def is_open(self) -> bool:
        """True while somebody still has to keep it."""
        return self.state in {DeadlineState.RUNNING, DeadlineState.PAUSED}

    def is_late(self, now: datetime) -> bool:
        """True when it was kept after its due time, or that has gone by and it is not kept."""
        if self.state in {DeadlineState.RUNNING, DeadlineState.MET}:
            return (self.ended_at or now) > self.due_at
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A happening that a deadline waits for came; by which mail, if by one."""

    happening: Happening
    at: datetime
    effect_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUnderWay:
    """A mail that carries a colleague's answer, and when that reached us: it counts from then."""

    effect_key: str
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step of the plan (方案): what is done, by whom, by which day."""

    what: str
    responsible: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The runs in the order of their starts, the marks in the order of time."""

    deadlines: tuple[DeadlineRun, ...] = ()
    marks: tuple[Mark, ...] = ()
    answers: tuple[AnswerUnderWay, ...] = ()
    plan: tuple[PlannedStep, ...] = ()
    previous_stage: str = ""
    lines: tuple[tuple[str, str], ...] = ()  # (update, what the owner wants said)
    empty: tuple[tuple[str, int], ...] = ()  # (update, how often in a row it went without a line)

    def latest(self, name: str) -> DeadlineRun | None:
        """The last run of the deadline of that name."""
        return next((each for each in reversed(self.deadlines) if each.name == name), None)

    def run(self, name: str, run: int) -> DeadlineRun | None:
        """That run of the deadline of that name."""
        return next((each for each in self.deadlines if (each.name, each.run) == (name, run)), None)

    def line(self, name: str) -> str:
        """What the owner wants said in the next update of that name."""
        return dict(self.lines).get(name, "")

    def empty_updates(self, name: str) -> int:
        """How often in a row the update of that name went without a line."""
        return dict(self.empty).get(name, 0)

    def answered_at(self, effect_key: str) -> datetime | None:
        """When the answer reached us that the mail of that key carries, if it carries one."""
        return next((each.answered_at for each in self.answers if each.effect_key == effect_key), None)

    def next_at(self) -> datetime | None:
        """When something is next to be looked at."""
        moments = [each.next_at for each in self.deadlines if each.next_at is not None]
        return min(moments, default=None)


NO_PROGRESS = Progress()
