"""What a colleague says is to be done: each command, and every mistake, which undoes all of it."""

from dataclasses import replace
from datetime import date

import pytest

from maild.core.decide import decide
from maild.core.instructing import mistakes_in
from maild.model.calendar import SpanMode
from maild.model.case import Case
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
    Mistake,
    PlanStep,
    Reopen,
    Send,
    SetField,
    Solve,
    Undo,
    UseTemplate,
    WaitForCustomer,
)
from maild.model.effects import Decision
from maild.model.events import CallLogged, CallOutcome, LineGiven, NoteAdded, PlanFixed
from maild.model.facts import ColleagueAnswer, Instructed
from maild.model.mail import Address
from maild.model.moments import Moment
from maild.model.playbook import PREVIOUS, Again, Deadline, Either, Reminder, Role, Update
from maild.model.sentence import Sentence
from maild.rules.span import parse_span
from tests.unit.core.builders import LI, NOW, WORLD, a_case, an_arrival
from tests.unit.core.calendars import at
from tests.unit.core.flows import STAFF, on, opened, playbook, promise, reaction, seen
from tests.unit.core.test_answering import JOINING

HOUSE = replace(WORLD, staff=STAFF, templates=("reply", "formal_reply"))
PROGRESS = Deadline(
    name="progress",
    title=(("zh", "进度同步"), ("en", "Progress")),
    starts=on("entered solved", "reply_sent"),
    stages=frozenset({"solved"}),
    within=parse_span("3 days"),
    again=Again.RESTART,
    met_by=Either(parts=()),
    reminders=(Reminder(before=parse_span("1 working day"), to=Role.OWNER, template="ask_line"),),
    is_promise=False,
    update=Update(
        template="progress",
        otherwise="progress_pending",
        at_most=1,
        ask_template="ask_line",
        then=Role.HEAD,
        then_template="no_line",
    ),
    place="p:9:1",
)
PLAN = FixPlan(
    steps=(PlanStep(what="seal", responsible="Wang", due=Moment(text="d", on=date(2026, 10, 12))),)
)


def told(*commands: Command, text: str = "", case: Case | None = None) -> Decision:
    """What is decided when somebody says so at the command line."""
    said = Instructions(commands=commands, text=text)
    fact = Instructed(by="wang@example.com", instructions=said, said_at=NOW, key="said/1")
    flow = playbook(
        promise(starts="plan_fixed", name="formal_reply"),
        *(reaction(f"said {word}", move_to="waiting") for word in ("wait", "close", "reopen", "solve")),
    )
    return decide(case or a_case(), fact, replace(HOUSE, playbook=flow), NOW)


def test_a_text_goes_to_the_contact_by_the_template_that_was_named() -> None:
    (mail,) = told(UseTemplate(name="Formal-Reply"), text=" 免费更换。 ").effects
    assert (mail.template, mail.recipient, dict(mail.values)) == ("formal_reply", LI, {"text": "免费更换。"})
    assert (mail.answered_at, mail.about, mail.in_reply_to) == (NOW, "", None)


def test_a_plan_starts_what_waits_for_it_unless_it_stands_already() -> None:
    decision = told(PLAN)
    fixed = next(event for event in decision.events if isinstance(event, PlanFixed))
    assert (fixed.steps[0].responsible, fixed.steps[0].due_on) == ("Wang", date(2026, 10, 12))
    assert "formal_reply is due" in decision.reason
    standing = a_case()
    planned = replace(standing, progress=replace(standing.progress, plan=fixed.steps))
    assert told(PLAN, case=planned).reason.endswith("the plan stands already")


def test_the_time_limit_of_a_step_may_be_counted_in_working_days() -> None:
    step = PlanStep(what="seal", responsible="Wang", due=Moment(text="2个工作日", working_days=2))
    fixed = next(each for each in told(FixPlan(steps=(step,))).events if isinstance(each, PlanFixed))
    assert fixed.steps[0].due_on == date(2026, 10, 9)  # after National Day


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param("王经理同意周五发货", CallOutcome.REACHED, id="reached"),
        pytest.param("无人接听", CallOutcome.NO_ANSWER, id="no answer"),
        pytest.param("No Answer, twice", CallOutcome.NO_ANSWER, id="no answer, English"),
        pytest.param("客户没有电话", CallOutcome.WAIVED, id="no number"),
    ],
)
def test_a_call(text: str, outcome: CallOutcome) -> None:
    (call,) = told(LogCall(text=text)).events
    assert isinstance(call, CallLogged)
    assert (call.outcome, call.took_place_at, call.by) == (outcome, NOW, "wang@example.com")


def test_a_call_counts_from_when_it_took_place() -> None:
    when = Moment(text="今天下午3点", on=date(2026, 9, 30), at=at("2026-09-30 15:00"))
    (call,) = told(LogCall(text="同意", took_place=when)).events
    assert isinstance(call, CallLogged)
    assert call.took_place_at == at("2026-09-30 15:00")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param(Solve(text="replaced"), "says solve, moves to waiting", id="solve"),
        pytest.param(CloseCase(), "says close, moves to waiting", id="close"),
        pytest.param(Reopen(), "says reopen, moves to waiting", id="reopen"),
        pytest.param(WaitForCustomer(), "says wait, moves to waiting", id="wait"),
        pytest.param(AssignTo(person="王芳"), "it is wang@example.com's now", id="assign by name"),
        pytest.param(AssignTo(person="CHEN@example.com"), "it is chen@example.com's now", id="by address"),
        pytest.param(SetField(field="batch", value="A12"), "batch is A12", id="field"),
        pytest.param(AddNote(text="n"), "noted", id="note"),
        pytest.param(AskForHelp(), "no commands: people.yaml names no author", id="help, not by mail"),
    ],
)
def test_each_command_says_what_it_did(command: Command, reason: str) -> None:
    assert told(command).reason.endswith(reason)


def test_why_it_is_solved_is_kept() -> None:
    notes = [event for event in told(Solve(text="replaced")).events if isinstance(event, NoteAdded)]
    assert [note.text for note in notes] == ["replaced"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param(Instructions(), "there is no text in it", id="nothing"),
        pytest.param(
            Instructions(commands=(UseTemplate(name="x"),)), "there is no template 'x'", id="template"
        ),
        pytest.param(
            Instructions(commands=(AssignTo(person="x"),)), "'x' is nobody in people.yaml", id="who"
        ),
        pytest.param(Instructions(commands=(LinkCase(number="C"),)), "linking, undoing", id="link"),
        pytest.param(Instructions(commands=(Undo(),)), "linking, undoing", id="undo"),
        pytest.param(Instructions(commands=(Send(),)), "linking, undoing", id="send"),
        pytest.param(
            Instructions(mistakes=(Mistake(line="/x", said=Sentence(zh="没有这个指令", en="no such")),)),
            "no such",
            id="unreadable",
        ),
    ],
)
def test_what_cannot_be_done(said: Instructions, why: str) -> None:
    (mistake,) = mistakes_in(said, HOUSE, "en")
    assert mistake.startswith(why)


def test_a_mistake_undoes_all_of_it_and_is_told_in_the_language_of_the_colleague() -> None:
    wrong = Mistake(line="/x", said=Sentence(zh="没有这个指令", en="no such command"))
    said = Instructions(commands=(PLAN,), mistakes=(wrong,), text="x")
    answer = ColleagueAnswer(by="chen@example.com", instructions=said)
    fact = an_arrival(author=Address(address="chen@example.com"), joining=JOINING, answer=answer)
    decision = decide(a_case(), fact, HOUSE, NOW)
    (mail,) = decision.effects
    assert (mail.template, mail.language, dict(mail.values)["mistake"]) == (
        "not_sent",
        "en",
        "no such command",
    )
    assert not [event for event in decision.events if isinstance(event, PlanFixed)]


def test_an_answer_to_a_question_for_a_line_is_that_line() -> None:
    said = Instructions(text=" 已发货 ")
    answer = ColleagueAnswer(by="wang@example.com", instructions=said, to_template="ask_line")
    fact = an_arrival(author=Address(address="wang@example.com"), joining=JOINING, answer=answer)
    decision = decide(a_case(), fact, replace(HOUSE, playbook=playbook(PROGRESS)), NOW)
    assert decision.effects == ()
    assert LineGiven(name="progress", line="已发货", by="wang@example.com") in decision.events
    assert decision.reason.endswith("progress will say so")


def test_an_update_is_sent_before_a_closure_and_begins_again() -> None:
    told = opened(PROGRESS, reaction("case_opened", move_to="solved"))
    assert told.run("progress").due_at == at("2026-09-30 18:00")
    told.tick("2026-09-30 18:00")
    assert told.sent() == [("progress_pending", LI.address)]
    assert told.run("progress").due_at == at("2026-10-08 18:00")
    told.tick("2026-10-08 18:00")
    assert told.sent()[1:] == [("no_line", "chen@example.com")]


def test_a_timer_waits_for_the_office_and_is_never_late() -> None:
    timer = Deadline(
        name="wait",
        title=(("en", "wait"),),
        starts=on("case_opened"),
        within=replace(parse_span("1 day"), mode=SpanMode.TO_HOUR),
        met_by=Either(parts=()),
        is_promise=False,
        place="p:1:1",
    )
    told = opened(timer, reaction("elapsed wait", send="waiting_reminder"))
    assert told.run("wait").due_at == at("2026-10-08 09:00")
    told.tick("2026-10-08 09:00")
    assert told.sent() == [("waiting_reminder", LI.address)]
    assert not told.run("wait").is_late(at("2026-10-30 09:00"))


def test_a_stage_may_be_the_one_before() -> None:
    told = opened(
        promise(stages=frozenset({"open"}), met_by=seen("call_logged")),
        reaction("said wait", move_to="waiting"),
        reaction("contact_wrote", move_to=PREVIOUS),
    )
    told.comes("said wait", "2026-09-30 17:00")
    assert (told.case.stage, told.run().is_open) == ("waiting", False)
    told.comes("contact_wrote", "2026-09-30 17:10")
    assert told.case.stage == "open"
