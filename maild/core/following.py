"""How a case follows its deadlines: what starts them, keeps them, drops them, halts them, and what is due."""

from dataclasses import replace

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
from maild.model.progress import DeadlineRun, DeadlineState


def follow(course: Course, spec: Deadline, happened: Happened) -> None:
    """Whether the happening keeps, drops or starts the deadline."""
    run = course.case.progress.latest(spec.name)
    if run is not None and run.is_open:
        if _is_kept(course, spec, run, happened):
            meet(course, run, happened)
        elif happened.happening in spec.dropped_by:
            drop(course, run, str(happened.happening))
    if happened.happening in spec.starts:
        _start(course, spec, happened)


def enter_stage(course: Course, happened: Happened) -> None:
    """What the stage that was entered is to each open deadline: its end, a pause, or the end of one."""
    stage = course.case.stage
    closed = stage in course.playbook.closing_stages
    why = f"the case is in {stage}"
    for run in course.case.progress.deadlines:
        spec = course.playbook.deadline(run.name)
        if spec is None or not run.is_open:
            continue
        if closed or not spec.lives_in(stage):
            drop(course, run, why)
        elif stage in spec.paused_in and run.state is DeadlineState.RUNNING:
            course.record(
                DeadlinePaused(name=run.name, run=run.run, paused_at=happened.happened_at, reason=why)
            )
        elif stage not in spec.paused_in and run.state is DeadlineState.PAUSED:
            course.record(deadlines.resumed(spec, run, happened.happened_at, course.world.calendar, why))


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


def unmeet(course: Course, run: DeadlineRun) -> None:
    """The mail that kept a promise came back: the promise stands again."""
    spec = course.playbook.deadline(run.name)
    if spec is None:
        return
    open_again = replace(run, state=DeadlineState.RUNNING)
    next_at = deadlines.next_moment(spec, open_again, course.world.calendar)
    why = "the mail that kept it came back"
    course.record(DeadlineUnmet(name=run.name, run=run.run, next_at=next_at, reason=why))
    course.tell(f"{run.name} stands again: {why}")


def meet(course: Course, run: DeadlineRun, happened: Happened) -> None:
    """The promise is kept by what happened."""
    late = happened.happened_at > run.due_at
    course.record(
        DeadlineMet(
            name=run.name,
            run=run.run,
            met_at=happened.happened_at,
            late=late,
            effect_key=happened.effect_key,
            reason=str(happened.happening),
        )
    )
    course.tell(f"{run.name} is kept{', late' if late else ''}")
    course.happen(Happening(Occurrence.MET, run.name), happened.happened_at)


def drop(course: Course, run: DeadlineRun, why: str) -> None:
    """Nobody waits for it any more."""
    course.record(DeadlineDropped(name=run.name, run=run.run, reason=why))


def _is_kept(course: Course, spec: Deadline, run: DeadlineRun, happened: Happened) -> bool:
    marks, calendar = course.case.progress.marks, course.world.calendar
    asked_for = happened.happening in spec.met_by.happenings
    return asked_for and deadlines.is_proven(spec.met_by, marks, run.started_at, calendar)


def _start(course: Course, spec: Deadline, happened: Happened) -> None:
    before = course.case.progress.latest(spec.name)
    if not spec.lives_in(course.case.stage) or guarded(spec.unless, course.cause, course.world):
        return
    if before is not None and before.is_open:
        if spec.again is Again.KEEP:
            return
        drop(course, before, "it is given anew")
    run = before.run + 1 if before else 1
    reason = f"{happened.happening} ({spec.place})"
    started = deadlines.started(spec, run, happened.happened_at, course.world.calendar, reason)
    course.record(started)
    course.tell(f"{spec.name} is due {deadlines.local_text(course.world.calendar, started.due_at)}")


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
