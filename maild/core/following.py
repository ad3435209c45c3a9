"""How a case follows its deadlines: what starts them, keeps them, drops them, halts them, and what is due."""

from dataclasses import replace
from datetime import datetime

from maild.core import deadlines
from maild.core.course import Course
from maild.core.deadlines import Moment
from maild.core.mails import Cause, Order, guarded
from maild.core.updating import send_update
from maild.model.events import (
    DeadlineDropped,
    DeadlineMet,
    DeadlinePaused,
    DeadlineUnmet,
    Happened,
)
from maild.model.happening import Happening, Occurrence
from maild.model.playbook import Again, Deadline, Escalation, Reminder
from maild.model.progress import DeadlineRun, DeadlineState, Mark


def follow(course: Course, spec: Deadline, happened: Happened) -> None:
    """Whether the happening, marked already if it is asked for, keeps, drops or starts the deadline."""
    run = course.case.progress.latest(spec.name)
    if run is not None and run.is_open:
        kept_by = _kept_by(course, spec, run, happened)
        if kept_by is not None:
            meet(course, spec, run, kept_by)
        elif happened.happening in spec.dropped_by:
            drop(course, run, str(happened.happening))
    if happened.happening in spec.starts:
        _start(course, spec, happened)


def enter_stage(course: Course, happened: Happened) -> None:
    """What the stage that was entered is to each open deadline: its end, a pause, or the end of one."""
    stage = course.case.stage
    closed = stage in course.playbook.closing_stages
    for run in course.case.progress.deadlines:
        spec = course.playbook.deadline(run.name)
        if spec is None or not run.is_open:
            continue
        if closed or not spec.lives_in(stage):
            drop(course, run, f"the case is in {stage}")
        elif stage in spec.paused_in and run.state is DeadlineState.RUNNING:
            _pause(course, run, happened.happened_at)
        elif stage not in spec.paused_in and run.state is DeadlineState.PAUSED:
            _resume(course, spec, run, happened.happened_at, f"the case is in {stage}")


def pass_moments(course: Course, run: DeadlineRun) -> tuple[Moment, ...]:
    """The moments of a deadline that have come, noted; before acting on one, see whether it still stands."""
    spec = course.playbook.deadline(run.name)
    if spec is None:
        drop(course, run, f"{course.playbook.name} has no {run.name} any more")
        return ()
    passed, moments = deadlines.passing(spec, run, course.now, course.world.calendar)
    course.record(passed)
    return moments


def act_on(course: Course, run: DeadlineRun, moment: Moment) -> None:
    """Send what the moment brings; what its running out brings about happens next."""
    spec = course.playbook.deadline(run.name)
    if spec is None:
        return
    course.cause = Cause(key=f"{run.name}/{run.run}/{moment.name}")
    if moment.notice is not None:
        _notify(course, spec, run, moment.notice, moment.name)
    else:
        _run_out(course, spec, run)


def unmeet(course: Course, run: DeadlineRun, effect_key: str, marks: tuple[Mark, ...]) -> None:
    """A mail came back that may have kept a promise, or a part of it; `marks` are those from before."""
    spec = course.playbook.deadline(run.name)
    if spec is None or not _rested_on(course, spec, run, effect_key, marks):
        return
    open_again = replace(run, state=DeadlineState.RUNNING)
    next_at = deadlines.next_moment(spec, open_again, course.world.calendar)
    why = "the mail that kept it came back"
    course.record(DeadlineUnmet(name=run.name, run=run.run, next_at=next_at, reason=why))
    course.tell(f"{run.name} stands again: {why}")
    _go_on(course, spec, course.standing(run), course.now)


def meet(course: Course, spec: Deadline, run: DeadlineRun, mark: Mark) -> None:
    """The promise is kept, at the instant of what made its proof whole."""
    if run.state is DeadlineState.PAUSED:
        _resume(course, spec, run, mark.at, str(mark.happening))
        run = course.standing(run)
    late = mark.at > run.due_at
    course.record(
        DeadlineMet(
            name=run.name,
            run=run.run,
            met_at=mark.at,
            late=late,
            effect_key=mark.effect_key,
            reason=str(mark.happening),
        )
    )
    course.tell(f"{run.name} is kept{', late' if late else ''}")
    course.happen(Happening(Occurrence.MET, run.name), mark.at)


def drop(course: Course, run: DeadlineRun, why: str) -> None:
    """Nobody waits for it any more."""
    course.record(DeadlineDropped(name=run.name, run=run.run, reason=why))


def _kept_by(course: Course, spec: Deadline, run: DeadlineRun, happened: Happened) -> Mark | None:
    """What made the proof whole, if it is."""
    marks, calendar = course.case.progress.marks, course.world.calendar
    if happened.happening not in spec.met_by.happenings:
        return None
    if not deadlines.is_proven(spec.met_by, marks, run.started_at, calendar):
        return None
    return _proven_by(course, spec, run) or marks[-1]


def _proven_by(course: Course, spec: Deadline, run: DeadlineRun) -> Mark | None:
    marks = course.case.progress.marks
    return deadlines.proven_by(spec.met_by, marks, run.started_at, course.world.calendar)


def _rested_on(
    course: Course, spec: Deadline, run: DeadlineRun, effect_key: str, marks: tuple[Mark, ...]
) -> bool:
    """True for a promise that this mail kept, or that is not proven without it."""
    left, calendar = course.case.progress.marks, course.world.calendar
    return run.met_key == effect_key or (
        deadlines.is_proven(spec.met_by, marks, run.started_at, calendar)
        and not deadlines.is_proven(spec.met_by, left, run.started_at, calendar)
    )


def _go_on(course: Course, spec: Deadline, run: DeadlineRun, at: datetime) -> None:
    """What has come already may keep a promise that begins to run; its stage may stop it."""
    kept_by = _proven_by(course, spec, run)
    if kept_by is not None:
        meet(course, spec, run, kept_by)
    elif course.case.stage in spec.paused_in:
        _pause(course, run, at)


def _pause(course: Course, run: DeadlineRun, at: datetime) -> None:
    why = f"the case is in {course.case.stage}"
    course.record(DeadlinePaused(name=run.name, run=run.run, paused_at=at, reason=why))


def _resume(course: Course, spec: Deadline, run: DeadlineRun, at: datetime, why: str) -> None:
    course.record(deadlines.resumed(spec, run, at, course.world.calendar, why))


def _start(course: Course, spec: Deadline, happened: Happened) -> None:
    before = course.case.progress.latest(spec.name)
    if not spec.starts_in(course.case.stage) or guarded(spec.unless, course.cause, course.world):
        return
    if before is not None and before.is_open:
        if spec.again is Again.KEEP or happened.happened_at < before.started_at:
            return
        drop(course, before, "it is given anew")
    run = before.run + 1 if before else 1
    reason = f"{happened.happening} ({spec.place})"
    started = deadlines.started(spec, run, happened.happened_at, course.world.calendar, reason)
    course.record(started)
    course.tell(f"{spec.name} is due {deadlines.local_text(course.world.calendar, started.due_at)}")
    _go_on(course, spec, course.case.progress.deadlines[-1], happened.happened_at)


def _run_out(course: Course, spec: Deadline, run: DeadlineRun) -> None:
    """The due time came: a promise is missed, a timer has done its work, an update is sent."""
    if spec.update is not None:
        send_update(course, spec, spec.update)
        drop(course, run, "its time came")
        _start(course, spec, Happened(happening=spec.starts[0], happened_at=course.now))
    elif spec.is_promise:
        course.tell(f"{run.name} is missed")
        course.happen(Happening(Occurrence.MISSED, run.name), run.due_at)
    else:
        drop(course, run, "its time came")
        course.happen(Happening(Occurrence.ELAPSED, run.name), run.due_at)


def _notify(
    course: Course, spec: Deadline, run: DeadlineRun, notice: Reminder | Escalation, moment: str
) -> None:
    order = Order(
        template=notice.template,
        to=notice.to,
        ordinal=0,
        reason=f"{moment} of {spec.name} ({spec.place})",
        texts=(("deadline_title", spec.title),),
        values=(("deadline_due", deadlines.local_text(course.world.calendar, run.due_at)),),
    )
    course.send(order)
