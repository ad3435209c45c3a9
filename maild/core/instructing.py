"""What a colleague says is to be done with a case, by mail or by command: all of it, or nothing.

A mistake in it is told to him, and then nothing is done: half an instruction surprises everybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from maild.core.calendar import add_span, local_date
from maild.core.course import Course
from maild.core.mails import Order
from maild.model.calendar import Span, SpanUnit, WorkingCalendar
from maild.model.case import CaseTraits
from maild.model.commands import (
    AddNote,
    AskForHelp,
    AssignTo,
    CloseCase,
    Command,
    FixPlan,
    Instructions,
    LinkCase,
    LogCall,
    PlanStep,
    Reopen,
    Send,
    SetField,
    Solve,
    Undo,
    UseTemplate,
    WaitForCustomer,
)
from maild.model.events import (
    CallLogged,
    CallOutcome,
    CaseCorrected,
    CaseSettled,
    CorrectedField,
    LineGiven,
    NoteAdded,
    PlanFixed,
)
from maild.model.happening import Happening, Occurrence
from maild.model.people import Person, Staff
from maild.model.playbook import Role
from maild.model.progress import PlannedStep
from maild.model.sentence import Sentence
from maild.model.world import World

DEFAULT_TEMPLATE = "reply"
REFUSAL_TEMPLATE = "not_sent"

_NO_TEXT = Sentence(zh="没有正文", en="there is no text in it")
_NOT_YET = Sentence(
    zh="目前还不能通过邮件关联、撤回或发送草稿", en="linking, undoing and drafts cannot be done yet"
)
_CALLS = {
    CallOutcome.REACHED: Occurrence.CALL_LOGGED,
    CallOutcome.NO_ANSWER: Occurrence.CALL_TRIED,
    CallOutcome.WAIVED: Occurrence.CALL_WAIVED,
}
_NO_ANSWER = (
    "无人接听",
    "没人接",
    "未接通",
    "打不通",
    "占线",
    "关机",
    "no answer",
    "not reached",
    "voicemail",
)
_WAIVED = ("没有电话", "无电话", "不要电话", "不需要电话", "拒绝电话", "no phone", "no number", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Instructions with who gave them and when; `message_key` and `to_template` where they came by mail."""

    by: str
    at: datetime
    instructions: Instructions
    message_key: str = ""
    to_template: str = ""


def carry_out(course: Course, given: Given, mistakes: Iterable[str] = ()) -> None:
    """Do what was said; or, where something in it is wrong, tell the colleague and do nothing."""
    said = given.instructions
    wrong = [*mistakes, *mistakes_in(said, course.world, _language(course, given.by))]
    if wrong:
        refuse(course, given, "; ".join(wrong))
        return
    for command in said.commands:
        _do(course, given, command)
    if said.text.strip():
        _pass_on(course, given, said)


def mistakes_in(said: Instructions, world: World, language: str) -> tuple[str, ...]:
    """All that cannot be done of what was said, in words; nothing at all is a mistake too."""
    wrong = [one.said for one in said.mistakes]
    wrong += [why for command in said.commands if (why := _impossible(command, world))]
    if not wrong and not said.commands and not said.text.strip():
        wrong.append(_NO_TEXT)
    return tuple(one.said_in(language) for one in wrong)


def refuse(course: Course, given: Given, why: str) -> None:
    """Tell the colleague that nothing was done, and why; who is at the machine sees it there."""
    course.tell(f"not done: {why}")
    if given.message_key:
        values = (("text", given.instructions.text), ("mistake", why))
        course.send(Order(template=REFUSAL_TEMPLATE, to=Role.AUTHOR, ordinal=0, reason=why, values=values))


def _language(course: Course, by: str) -> str:
    person = course.world.staff.person(by)
    return (person.language if person else "") or course.world.mailbox.language


def _impossible(command: Command, world: World) -> Sentence | None:
    """Why this cannot be done, or nothing."""
    match command:
        case UseTemplate() if _template(command) not in world.templates:
            known = ", ".join(world.templates)
            return Sentence(
                zh=f"没有名为 {command.name!r} 的模板；可用：{known}",
                en=f"there is no template {command.name!r}; known: {known}",
            )
        case AssignTo() if _person(command.person, world.staff) is None:
            return Sentence(
                zh=f"people.yaml 中没有 {command.person!r}", en=f"{command.person!r} is nobody in people.yaml"
            )
        case LinkCase() | Undo() | Send():
            return _NOT_YET
        case _:
            return None


def _template(command: UseTemplate) -> str:
    """The name as templates have it: people write formal-reply as well as formal_reply."""
    return command.name.strip().casefold().replace("-", "_")


def _pass_on(course: Course, given: Given, said: Instructions) -> None:
    """The text: as the line of an update that was asked for, else to the contact."""
    for spec in course.playbook.deadlines:
        if spec.update is not None and given.to_template == spec.update.ask_template:
            course.record(LineGiven(name=spec.name, line=said.text.strip(), by=given.by))
            course.tell(f"{spec.name} will say so")
            return
    named = (_template(one) for one in said.commands if isinstance(one, UseTemplate))
    template = next(named, DEFAULT_TEMPLATE)
    order = Order(
        template=template,
        to=Role.CONTACT,
        ordinal=0,
        reason=f"what {given.by} wrote",
        values=(("text", said.text.strip()),),
        about=given.message_key,
        answered_at=given.at,
    )
    course.send(order)


def _do(course: Course, given: Given, command: Command) -> None:
    match command:
        case UseTemplate() | LinkCase() | Undo() | Send():
            return  # goes with the text, or was refused
        case AskForHelp():
            course.send(Order(template="commands", to=Role.AUTHOR, ordinal=1, reason="asked for"))
        case AddNote():
            course.record(NoteAdded(text=command.text, by=given.by))
            course.tell("noted")
        case FixPlan():
            _fix_plan(course, given, command)
        case LogCall():
            _log_call(course, given, command)
        case Solve() | CloseCase() | Reopen() | WaitForCustomer():
            _say(course, given, command)
        case AssignTo() | SetField():
            _settle(course, given, command)
        case _:
            assert_never(command)


def _say(course: Course, given: Given, command: Solve | CloseCase | Reopen | WaitForCustomer) -> None:
    words = {Solve: "solve", CloseCase: "close", Reopen: "reopen", WaitForCustomer: "wait"}
    if command.text:
        course.record(NoteAdded(text=command.text, by=given.by))
    word = words[type(command)]
    course.tell(f"{given.by} says {word}")
    course.happen(Happening(Occurrence.SAID, word), given.at)


def _fix_plan(course: Course, given: Given, command: FixPlan) -> None:
    """A plan that says the same as the one before starts nothing anew."""
    steps = tuple(_step(one, given.at, course.world.calendar) for one in command.steps)
    if steps == course.case.progress.plan:
        course.tell("the plan stands already")
        return
    course.record(PlanFixed(steps=steps, by=given.by))
    course.tell(f"a plan of {len(steps)} step(s)")
    course.happen(Happening(Occurrence.PLAN_FIXED), given.at)


def _step(step: PlanStep, at: datetime, calendar: WorkingCalendar) -> PlannedStep:
    due = step.due
    if due.on is not None:
        due_on = due.on
    else:
        span = Span(count=due.working_days or 1, unit=SpanUnit.WORKING_DAYS)
        due_on = local_date(calendar, add_span(calendar, at, span))
    return PlannedStep(what=step.what, responsible=step.responsible, due_on=due_on)


def _log_call(course: Course, given: Given, command: LogCall) -> None:
    took_place_at = command.took_place.at if command.took_place and command.took_place.at else given.at
    outcome = _outcome(command.text)
    course.record(CallLogged(text=command.text, outcome=outcome, took_place_at=took_place_at, by=given.by))
    course.tell(f"a call: {outcome}")
    course.happen(Happening(_CALLS[outcome]), took_place_at)


def _outcome(text: str) -> CallOutcome:
    """What became of the call, by what was written of it: somebody was reached unless it says otherwise."""
    folded = text.casefold()
    if any(word in folded for word in _WAIVED):
        return CallOutcome.WAIVED
    return CallOutcome.NO_ANSWER if any(word in folded for word in _NO_ANSWER) else CallOutcome.REACHED


def _settle(course: Course, given: Given, command: AssignTo | SetField) -> None:
    if isinstance(command, SetField):
        traits = replace(CaseTraits(), fields=((command.field, command.value),))
        course.record(CaseSettled(priority="", traits=traits, reason=f"{given.by} says so"))
        course.tell(f"{command.field} is {command.value}")
        return
    person = _person(command.person, course.world.staff)
    new = person.address if person else ""
    old = course.case.traits.owner
    course.record(CaseCorrected(field=CorrectedField.OWNER, old=old, new=new, by=given.by))
    course.tell(f"it is {new}'s now")


def _person(word: str, staff: Staff) -> Person | None:
    """The colleague of that name or address."""
    key = word.strip().casefold()
    return next((each for each in staff.people if key in {each.address, each.name.casefold()}), None)
