"""What a playbook makes of what happened: reactions in the order of its file, deadlines, and what follows.

Every happening is worked through before the next: first the reactions to it, then the deadlines that it
keeps, drops or starts. What those bring about (a stage is entered, a promise is kept) happens after it.
"""

from collections.abc import Iterable
from datetime import datetime

from maild.core.course import Course, Reacted
from maild.core.following import act_on, enter_stage, follow, pass_moments, unmeet
from maild.core.mails import Cause, Order, guarded
from maild.model.case import Case
from maild.model.events import Happened, StageMoved
from maild.model.happening import Happening, Occurrence
from maild.model.playbook import PREVIOUS, Guard, Reaction, Role
from maild.model.progress import DeadlineState, Mark
from maild.model.world import World

_STEPS_MAX = 100
"""Here a playbook that goes in circles is stopped."""


def play(case: Case, happened: Iterable[Happened], cause: Cause, world: World, now: datetime) -> Reacted:
    """What the case's playbook does because of `happened`, which `cause` brought about."""
    course = Course(case, cause, world, now)
    course.await_all(happened)
    work(course)
    _send_what_a_rule_named(course)
    return course.reacted()


def play_time(case: Case, world: World, now: datetime) -> Reacted:
    """What has come due by `now` on the deadlines of the case, each decided as it stands now."""
    course = Course(case, Cause(key=""), world, now)
    for run in case.progress.deadlines:
        standing = course.standing(run)
        if standing.next_at is not None and standing.next_at <= now:
            for moment in pass_moments(course, standing):
                if course.standing(run).state is DeadlineState.RUNNING:
                    act_on(course, standing, moment)
                    work(course)
    return course.reacted()


def play_return(case: Case, effect_key: str, marks: tuple[Mark, ...], world: World, now: datetime) -> Reacted:
    """A mail came back: the promises that it kept stand again, unless something else kept them.

    `marks` are those from before it came back.
    """
    course = Course(case, Cause(key=effect_key), world, now)
    for run in case.progress.deadlines:
        if run.state is DeadlineState.MET and run == case.progress.latest(run.name):
            unmeet(course, run, effect_key, marks)
    work(course)
    return course.reacted()


def work(course: Course) -> None:
    """Work through all that waits, and all that it brings about."""
    for _ in range(_STEPS_MAX):
        happened = course.next_happened()
        if happened is None:
            return
        _work_through(course, happened)
    course.stop()
    course.tell(f"stopped: {course.playbook.name} goes in circles")


def _work_through(course: Course, happened: Happened) -> None:
    for ordinal, reaction in enumerate(course.playbook.reactions):
        if happened.happening in reaction.on:
            _react(course, ordinal, reaction, happened)
    if any(happened.happening in each.met_by.happenings for each in course.playbook.deadlines):
        course.record(happened)
    for spec in course.playbook.deadlines:
        follow(course, spec, happened)


def _react(course: Course, ordinal: int, reaction: Reaction, happened: Happened) -> None:
    if reaction.stages and course.case.stage not in reaction.stages:
        return
    held_back = guarded(reaction.unless, course.cause, course.world)
    if held_back:
        course.tell(f"no {reaction.send or reaction.move_to}: {held_back}")
        return
    reason = f"{happened.happening} ({reaction.place})"
    if reaction.move_to:
        _move(course, reaction.move_to, reason, happened)
    if reaction.send:
        template = reaction.send
        if course.template and reaction.to is Role.CONTACT:
            template, course.template = course.template, None
        course.send(Order(template=template, to=reaction.to, ordinal=ordinal, reason=reason))


def _move(course: Course, where: str, reason: str, happened: Happened) -> None:
    stage = course.case.progress.previous_stage or course.case.stage if where == PREVIOUS else where
    if stage == course.case.stage:
        course.tell(f"is in {stage} already")
        return
    closed = stage in course.playbook.closing_stages
    course.record(StageMoved(stage=stage, reason=reason, closed=closed))
    course.tell(f"moves to {stage}")
    enter_stage(course, happened)
    course.happen(Happening(Occurrence.ENTERED, stage), happened.happened_at)


def _send_what_a_rule_named(course: Course) -> None:
    """A template that a rule names, where the playbook had no mail in whose place it could go.

    Never to a machine, a colleague or ourselves.
    """
    if course.template:
        reason, ordinal = f"instead of {course.playbook.name}'s own", len(course.playbook.reactions)
        course.send(
            Order(template=course.template, to=Role.CONTACT, ordinal=ordinal, reason=reason), tuple(Guard)
        )
