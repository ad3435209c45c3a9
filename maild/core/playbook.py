"""What a playbook makes of what happened: reactions in the order of its file, deadlines, and what follows.

Every happening is worked through before the next: first the reactions to it, then the deadlines that it
keeps, drops or starts. What those bring about (a stage is entered, a promise is kept) happens after it.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from maild.core import deadlines
from maild.core.evolve import evolve
from maild.core.mails import Cause, Order, decided, guarded, mails_for, unsendable
from maild.model.case import Case
from maild.model.effects import Effect
from maild.model.events import (
    Change,
    DeadlineDropped,
    DeadlineMet,
    DeadlinePaused,
    DeadlineUnmet,
    Happened,
    StageMoved,
)
from maild.model.happening import Happening, Occurrence
from maild.model.playbook import Again, Deadline, Escalation, Guard, Reaction, Reminder, Role, text_in
from maild.model.progress import DeadlineRun, DeadlineState
from maild.model.world import World

_STEPS_MAX = 100
"""Here a playbook that goes in circles is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """What the playbook made of one fact, in order, and the case as it stands then."""

    case: Case
    events: tuple[Change, ...]
    effects: tuple[Effect, ...]
    reasons: tuple[str, ...]


def play(case: Case, happened: Iterable[Happened], cause: Cause, world: World, now: datetime) -> Reacted:
    """What the case's playbook does because of `happened`, which `cause` brought about."""
    course = _Course(case, cause, world, now)
    course.work(happened)
    course.send_what_a_rule_named()
    return course.reacted()


def play_time(case: Case, world: World, now: datetime) -> Reacted:
    """What has come due by `now` on the deadlines of the case, each decided as it stands now."""
    course = _Course(case, Cause(key=""), world, now)
    for run in case.progress.deadlines:
        if run.next_at is not None and run.next_at <= now:
            course.pass_moments(run)
    return course.reacted()


def play_return(case: Case, effect_key: str, world: World, now: datetime) -> Reacted:
    """A mail came back: the promises that it kept stand again."""
    course = _Course(case, Cause(key=effect_key), world, now)
    for run in case.progress.deadlines:
        if run.met_key == effect_key:
            course.unmeet(run)
    return course.reacted()


def send(case: Case, order: Order, cause: Cause, world: World, now: datetime) -> Reacted:
    """One mail that no reaction asks for."""
    course = _Course(case, cause, world, now)
    course.send(order)
    return course.reacted()


class _Course:
    """The case as it goes on while one fact is worked through."""

    def __init__(self, case: Case, cause: Cause, world: World, now: datetime) -> None:
        self._case = case
        self._cause = cause
        self._world = world
        self._playbook = world.playbook
        self._now = now
        self._waiting = deque[Happened]()
        self._events = list[Change]()
        self._effects = list[Effect]()
        self._reasons = list[str]()
        self._template = cause.mail.routing.template if cause.mail else None

    def reacted(self) -> Reacted:
        """All that was done."""
        return Reacted(
            case=self._case,
            events=tuple(self._events),
            effects=tuple(self._effects),
            reasons=tuple(self._reasons),
        )

    def work(self, happened: Iterable[Happened]) -> None:
        """Work through these and all that they bring about."""
        self._waiting.extend(happened)
        for _ in range(_STEPS_MAX):
            if not self._waiting:
                return
            self._work_through(self._waiting.popleft())
        self._reasons.append(f"stopped: {self._playbook.name} goes in circles")

    def send_what_a_rule_named(self) -> None:
        """A template that a rule names, where the playbook had no mail in whose place it could go.

        Never to a machine, a colleague or ourselves.
        """
        if self._template:
            reason = f"instead of {self._playbook.name}'s own"
            order = Order(
                template=self._template, to=Role.CONTACT, ordinal=len(self._playbook.reactions), reason=reason
            )
            self.send(order, tuple(Guard))

    def pass_moments(self, run: DeadlineRun) -> None:
        """The moments of a deadline that have come."""
        spec = self._playbook.deadline(run.name)
        if spec is None:
            self._drop(run, f"{self._playbook.name} has no {run.name} any more")
            return
        passing = deadlines.passing(spec, run, self._now, self._world.calendar)
        if passing is None:
            return
        passed, moments = passing
        self._record(passed)
        for moment in moments:
            self._cause = Cause(key=f"{run.name}/{run.run}/{moment.name}")
            if moment.notice is None:
                self._reasons.append(f"{run.name} is missed")
                missed = Happening(Occurrence.MISSED, run.name)
                self.work((Happened(happening=missed, happened_at=moment.at),))
            else:
                self._notify(spec, run, moment.notice, moment.name)

    def unmeet(self, run: DeadlineRun) -> None:
        """The mail that kept a promise came back."""
        spec = self._playbook.deadline(run.name)
        if spec is None:
            return
        open_again = replace(run, state=DeadlineState.RUNNING)
        next_at = deadlines.next_moment(spec, open_again, self._now, self._world.calendar)
        why = "the mail that kept it came back"
        self._record(DeadlineUnmet(name=run.name, run=run.run, next_at=next_at, reason=why))
        self._reasons.append(f"{run.name} stands again: {why}")

    def _work_through(self, happened: Happened) -> None:
        for ordinal, reaction in enumerate(self._playbook.reactions):
            if happened.happening in reaction.on:
                self._react(ordinal, reaction, happened)
        if any(happened.happening in each.met_by.happenings for each in self._playbook.deadlines):
            self._record(happened)
        for spec in self._playbook.deadlines:
            self._follow(spec, happened)

    def _react(self, ordinal: int, reaction: Reaction, happened: Happened) -> None:
        reason = f"{happened.happening} ({reaction.place})"
        if reaction.stages and self._case.stage not in reaction.stages:
            return
        held_back = guarded(reaction.unless, self._cause, self._world)
        if held_back:
            self._reasons.append(f"no {reaction.send or reaction.move_to}: {held_back}")
            return
        if reaction.move_to:
            self._move(reaction.move_to, reason, happened.happened_at)
        if reaction.send:
            template = reaction.send
            if self._template and reaction.to is Role.CONTACT:
                template, self._template = self._template, None
            self.send(Order(template=template, to=reaction.to, ordinal=ordinal, reason=reason))

    def send(self, order: Order, guards: tuple[Guard, ...] = ()) -> None:
        """One mail, or the reason why there is none."""
        why = guarded(guards, self._cause, self._world) or unsendable(
            order, self._case, self._cause, self._world
        )
        mails = () if why else mails_for(order, self._case, self._cause, self._world, self._now)
        if not mails:
            self._reasons.append(f"no {order.template}: {why or f'people.yaml names no {order.to}'}")
        for mail in mails:
            self._effects.append(mail)
            self._record(decided(mail))
            self._reasons.append(f"sends {mail.template} to {mail.recipient.address}")

    def _notify(self, spec: Deadline, run: DeadlineRun, notice: Reminder | Escalation, moment: str) -> None:
        values = (
            ("deadline_title", text_in(spec.title, self._world.mailbox.language)),
            ("deadline_due", deadlines.local_text(self._world.calendar, run.due_at)),
        )
        reason = f"{moment} of {spec.name} ({spec.place})"
        self.send(Order(template=notice.template, to=notice.to, ordinal=0, reason=reason, values=values))

    def _move(self, stage: str, reason: str, at: datetime) -> None:
        closed = stage in self._playbook.closing_stages
        self._record(StageMoved(stage=stage, reason=reason, closed=closed))
        self._reasons.append(f"moves to {stage}")
        for run in self._case.progress.deadlines:
            self._enter(stage, run, at, closed=closed)
        self._waiting.append(Happened(happening=Happening(Occurrence.ENTERED, stage), happened_at=at))

    def _enter(self, stage: str, run: DeadlineRun, at: datetime, *, closed: bool) -> None:
        """What a stage is to a deadline: its end, a pause, the end of one, or nothing."""
        spec = self._playbook.deadline(run.name)
        if spec is None or not run.is_open:
            return
        if closed:
            self._drop(run, f"the case is in {stage}")
        elif stage in spec.paused_in and run.state is DeadlineState.RUNNING:
            why = f"the case is in {stage}"
            self._record(DeadlinePaused(name=run.name, run=run.run, paused_at=at, reason=why))
        elif stage not in spec.paused_in and run.state is DeadlineState.PAUSED:
            why = f"the case is in {stage}"
            self._record(deadlines.resumed(spec, run, at, self._world.calendar, why))

    def _follow(self, spec: Deadline, happened: Happened) -> None:
        """Whether the happening keeps, drops or starts a deadline."""
        run = self._case.progress.latest(spec.name)
        if run is not None and run.is_open:
            if self._is_kept(spec, run, happened):
                self._meet(run, happened)
            elif happened.happening in spec.dropped_by:
                self._drop(run, str(happened.happening))
        if happened.happening in spec.starts:
            self._start(spec, happened)

    def _is_kept(self, spec: Deadline, run: DeadlineRun, happened: Happened) -> bool:
        asked_for = spec.met_by.happenings
        marks = self._case.progress.marks
        return happened.happening in asked_for and deadlines.is_proven(
            spec.met_by, marks, run.started_at, self._world.calendar
        )

    def _meet(self, run: DeadlineRun, happened: Happened) -> None:
        late = happened.happened_at > run.due_at
        self._record(
            DeadlineMet(
                name=run.name,
                run=run.run,
                met_at=happened.happened_at,
                late=late,
                effect_key=happened.effect_key,
                reason=str(happened.happening),
            )
        )
        self._reasons.append(f"{run.name} is kept{', late' if late else ''}")
        met = Happening(Occurrence.MET, run.name)
        self._waiting.append(Happened(happening=met, happened_at=happened.happened_at))

    def _start(self, spec: Deadline, happened: Happened) -> None:
        before = self._case.progress.latest(spec.name)
        if spec.stages and self._case.stage not in spec.stages:
            return
        if guarded(spec.unless, self._cause, self._world):
            return
        if before is not None and before.is_open:
            if spec.again is Again.KEEP:
                return
            self._drop(before, "it is given anew")
        run = before.run + 1 if before else 1
        started = deadlines.started(
            spec, run, happened.happened_at, self._world.calendar, f"{happened.happening} ({spec.place})"
        )
        self._record(started)
        self._reasons.append(
            f"{spec.name} is due {deadlines.local_text(self._world.calendar, started.due_at)}"
        )

    def _drop(self, run: DeadlineRun, why: str) -> None:
        self._record(DeadlineDropped(name=run.name, run=run.run, reason=why))

    def _record(self, event: Change) -> None:
        self._events.append(event)
        self._case = evolve(self._case, event, self._now)
