"""How events change the progress of a case; a part of `evolve`."""

from dataclasses import replace
from typing import assert_never

from maild.model.delivery import RecipientState
from maild.model.events import (
    Change,
    DeadlineChange,
    DeadlineDropped,
    DeadlineMet,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineStarted,
    DeadlineUnmet,
    Happened,
    LineGiven,
    MailDecided,
    MailSettled,
    MomentsPassed,
    PlanFixed,
    StageMoved,
    UpdateSent,
)
from maild.model.progress import AnswerUnderWay, DeadlineRun, DeadlineState, Mark, Progress

_ANSWERS_MAX = 50
"""So many answers may be under way, or may still come back."""

_MARKS_MAX = 200
"""A case keeps the newest: a promise that waits for what came two hundred marks ago is no promise."""


def progressed(progress: Progress, event: Change, stage: str) -> Progress:
    """The progress after `event`; `stage` is the one in which the case was before."""
    match event:
        case StageMoved():
            return replace(progress, previous_stage=stage)
        case PlanFixed():
            return replace(progress, plan=event.steps)
        case LineGiven() | UpdateSent():
            return _with_line(progress, event)
        case _ if isinstance(event, MailDecided | MailSettled):
            return _with_mail(progress, event)
        case _ if isinstance(event, Happened | DeadlineChange):
            return _on_its_clock(progress, event)
        case _:
            return progress


def _with_line(progress: Progress, event: LineGiven | UpdateSent) -> Progress:
    lines, empty = dict(progress.lines), dict(progress.empty)
    if isinstance(event, LineGiven):
        lines[event.name] = event.line
        empty.pop(event.name, None)
    else:
        empty[event.name] = 0 if event.line else empty.get(event.name, 0) + 1
        lines.pop(event.name, None)
    return replace(progress, lines=tuple(lines.items()), empty=tuple(empty.items()))


def _with_mail(progress: Progress, event: MailDecided | MailSettled) -> Progress:
    return _with_answer(progress, event) if isinstance(event, MailDecided) else _settled(progress, event)


def _on_its_clock(progress: Progress, event: Happened | DeadlineChange) -> Progress:
    match event:
        case Happened():
            mark = Mark(happening=event.happening, at=event.happened_at, effect_key=event.effect_key)
            return replace(progress, marks=(*progress.marks, mark)[-_MARKS_MAX:])
        case DeadlineStarted():
            return replace(progress, deadlines=(*progress.deadlines, _started(event)))
        case _:
            return replace(progress, deadlines=tuple(_changed(run, event) for run in progress.deadlines))


def _with_answer(progress: Progress, event: MailDecided) -> Progress:
    if event.answered_at is None:
        return progress
    answer = AnswerUnderWay(effect_key=event.effect_key, answered_at=event.answered_at)
    return replace(progress, answers=(*progress.answers, answer)[-_ANSWERS_MAX:])


def _settled(progress: Progress, event: MailSettled) -> Progress:
    """A mail that came back takes its marks with it; an answer is under way until it is refused for good.

    One that left may still come back: it stays, so that a person may have it sent again.
    """
    if event.state is not RecipientState.REFUSED:
        return progress
    marks = tuple(mark for mark in progress.marks if mark.effect_key != event.effect_key)
    return replace(progress, marks=marks)


def _started(event: DeadlineStarted) -> DeadlineRun:
    return DeadlineRun(
        name=event.name,
        run=event.run,
        state=DeadlineState.RUNNING,
        started_at=event.started_at,
        due_at=event.due_at,
        next_at=event.next_at,
        is_promise=event.is_promise,
    )


def _changed(run: DeadlineRun, event: DeadlineChange) -> DeadlineRun:
    if isinstance(event, DeadlineStarted) or (run.name, run.run) != (event.name, event.run):
        return run
    match event:
        case MomentsPassed():
            return replace(run, passed=(*run.passed, *event.moments), next_at=event.next_at)
        case DeadlineMet() | DeadlineUnmet() | DeadlineDropped():
            return _ended(run, event)
        case DeadlinePaused() | DeadlineResumed():
            return _halted(run, event)
        case _:
            assert_never(event)


def _ended(run: DeadlineRun, event: DeadlineMet | DeadlineUnmet | DeadlineDropped) -> DeadlineRun:
    match event:
        case DeadlineMet():
            met_at, key = event.met_at, event.effect_key
            return replace(run, state=DeadlineState.MET, ended_at=met_at, next_at=None, met_key=key)
        case DeadlineUnmet():
            return replace(run, state=DeadlineState.RUNNING, ended_at=None, next_at=event.next_at, met_key="")
        case _:
            return replace(run, state=DeadlineState.DROPPED, next_at=None)


def _halted(run: DeadlineRun, event: DeadlinePaused | DeadlineResumed) -> DeadlineRun:
    if isinstance(event, DeadlinePaused):
        return replace(run, state=DeadlineState.PAUSED, paused_at=event.paused_at, next_at=None)
    running = replace(run, state=DeadlineState.RUNNING, paused_at=None)
    return replace(running, due_at=event.due_at, next_at=event.next_at)
