"""What a playbook makes of happenings: reactions in order, promises started, kept, paused, dropped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.course import Course
from maild.core.evolve import fold
from maild.core.mails import Cause, Order
from maild.core.playbook import play
from maild.model.calendar import SpanMode
from maild.model.delivery import RecipientState
from maild.model.events import DeadlineMet, Happened, StageMoved
from maild.model.happening import Happening, Occurrence
from maild.model.playbook import Again, Deadline, Either, Every, Guard, Reaction, Role
from maild.model.progress import DeadlineState
from maild.rules.span import parse_span
from tests.unit.core.builders import MACHINE, WORLD, a_case, an_arrival
from tests.unit.core.calendars import at
from tests.unit.core.flows import (
    AT_ONCE,
    LATER,
    STAFF,
    Story,
    on,
    opened,
    playbook,
    promise,
    reaction,
    seen,
    story,
)

WEDNESDAY = "2026-09-30 16:40"
DUE = at("2026-10-08 18:00")
DESK, HEAD, LEADER = "wang@example.com", "chen@example.com", "zhao@example.com"


def test_a_promise_is_given_reminded_of_missed_and_escalated() -> None:
    told = opened(promise())
    assert (told.run().due_at, told.run().next_at) == (DUE, at("2026-10-08 16:00"))
    assert told.reasons == ["first_response is due 2026-10-08 18:00"]
    assert told.tick("2026-10-08 15:59").sent() == []
    assert told.tick("2026-10-08 16:00").sent() == [("reminder", DESK)]
    assert told.tick("2026-10-08 18:00").sent()[1:] == [("escalation", HEAD)]
    assert told.run().is_late(at("2026-10-08 18:01"))
    assert told.tick("2026-10-09 18:00").sent()[2:] == [("escalation", LEADER)]
    assert told.run().next_at is None
    assert told.tick("2027-01-01 09:00").reasons[-1] == "C-2026-00007: nothing is due"


def test_a_promise_is_named_in_the_language_of_whom_the_mail_is_for() -> None:
    told = opened(promise()).tick("2026-10-09 18:00")
    assert [(mail.language, dict(mail.values)) for mail in told.mails] == [
        ("en", {"deadline_title": "First response", "deadline_due": "2026-10-08 18:00"}),
        ("zh", {"deadline_title": "初步响应", "deadline_due": "2026-10-08 18:00"}),
    ]


@pytest.mark.parametrize(
    ("when", "late"),
    [
        pytest.param("2026-10-08 18:00", False, id="at the due time"),
        pytest.param("2026-10-08 18:01", True, id="after it"),
    ],
)
def test_a_promise_is_kept_in_time_or_late(when: str, late: bool) -> None:
    told = opened(promise()).comes("reply_sent", when, key="mail-1")
    assert (told.run().state, told.run().ended_at, told.run().met_key) == (
        DeadlineState.MET,
        at(when),
        "mail-1",
    )
    assert told.run().is_late(at("2026-10-30 09:00")) is late
    assert told.reasons[-1] == f"first_response is kept{', late' if late else ''}"
    assert told.tick("2026-10-30 18:00").sent() == []


def test_what_came_before_the_promise_does_not_keep_it() -> None:
    told = story(promise()).comes("reply_sent", "2026-09-30 16:00").comes("case_opened", WEDNESDAY)
    assert told.run().state is DeadlineState.RUNNING
    assert told.comes("reply_sent", "2026-09-30 16:39").run().state is DeadlineState.RUNNING


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_they_come_to_us_the_promise_is_kept(order: tuple[int, ...]) -> None:
    coming = [
        ("case_opened", WEDNESDAY),
        ("reply_sent", "2026-09-30 17:00"),
        ("call_logged", "2026-09-30 17:30"),
    ]
    told = story(promise(met_by=Every(parts=(seen("reply_sent"), seen("call_logged")))))
    for index in order:
        told.comes(*coming[index])
    assert (told.run().state, told.run().ended_at) == (DeadlineState.MET, at("2026-09-30 17:30"))


def test_what_both_keeps_and_starts_a_promise_gives_the_next_one() -> None:
    progress = promise(name="progress", starts="reply_sent", within="3 days", met_by=seen("reply_sent"))
    told = story(progress).comes("reply_sent", "2026-09-30 16:00").comes("reply_sent", "2026-10-01 10:00")
    first, second = told.case.progress.deadlines
    assert (first.state, second.state, second.run) == (DeadlineState.MET, DeadlineState.RUNNING, 2)
    assert second.due_at == at("2026-10-05 00:00")


def test_an_older_one_that_comes_after_does_not_start_the_clock_anew() -> None:
    plan = promise(name="plan", starts="said plan", again=Again.RESTART)
    told = story(plan).comes("said plan", "2026-10-08 10:00").comes("said plan", "2026-09-30 10:00")
    (run,) = told.case.progress.deadlines
    assert run.started_at == at("2026-10-08 10:00")


@pytest.mark.parametrize(
    ("again", "runs"),
    [
        pytest.param(Again.KEEP, [(1, DeadlineState.RUNNING)], id="the first stands"),
        pytest.param(
            Again.RESTART, [(1, DeadlineState.DROPPED), (2, DeadlineState.RUNNING)], id="given anew"
        ),
    ],
)
def test_what_starts_it_once_more(again: Again, runs: list[tuple[int, DeadlineState]]) -> None:
    told = story(promise(starts="contact_wrote", again=again))
    told.comes("contact_wrote", WEDNESDAY).comes("contact_wrote", "2026-10-08 10:00")
    assert [(run.run, run.state) for run in told.case.progress.deadlines] == runs


def test_it_starts_in_its_stages_only_and_not_for_a_machine() -> None:
    told = opened(promise(stages=frozenset({"solved"})))
    assert told.case.progress.deadlines == ()
    guarded = replace(WORLD, playbook=playbook(promise(unless=(Guard.AUTOMATIC,))))
    happened = Happened(happening=Happening(Occurrence.CASE_OPENED), happened_at=at(WEDNESDAY))
    cause = Cause(key="k", mail=an_arrival(automatic=MACHINE))
    assert play(a_case(), (happened,), cause, guarded, at(WEDNESDAY)).events == ()


def test_it_is_dropped_when_nobody_waits_any_more() -> None:
    told = opened(promise(dropped_by=on("contact_thanked"))).comes("contact_thanked", "2026-09-30 17:00")
    assert (told.run().state, told.run().next_at) == (DeadlineState.DROPPED, None)
    assert told.comes("contact_thanked", "2026-09-30 17:10").kinds().count("deadline_dropped") == 1


def test_both_a_call_and_a_mail() -> None:
    proof = Every(
        parts=(seen("sent formal_reply"), Either(parts=(seen("call_logged"), seen("call_tried", 2))))
    )
    told = opened(promise(met_by=proof, within="4 working days"))
    told.comes("sent formal_reply", "2026-10-08 10:00").comes("call_tried", "2026-10-08 11:00")
    assert told.comes("call_tried", "2026-10-08 17:00").run().state is DeadlineState.RUNNING
    assert told.comes("call_tried", "2026-10-11 11:00").run().state is DeadlineState.RUNNING  # a Sunday
    assert told.comes("call_tried", "2026-10-12 09:00").run().ended_at == at("2026-10-12 09:00")


def test_a_promise_kept_makes_another() -> None:
    told = opened(promise(), promise(name="formal_reply", starts="met first_response"))
    assert told.comes("reply_sent", "2026-09-30 17:00").run("formal_reply").started_at == at(
        "2026-09-30 17:00"
    )


def test_a_reaction_needs_its_stage_and_none_of_its_guards() -> None:
    told = opened(
        reaction("case_opened", send="a", stages=frozenset({"solved"})),
        reaction("case_opened", send="b", to=Role.DESK, stages=frozenset({"open"})),
    )
    assert told.sent() == [("b", DESK)]


def test_nobody_to_write_to_is_told() -> None:
    nobody = replace(WORLD, playbook=playbook(reaction("case_opened", send="b", to=Role.HEAD)))
    happened = Happened(happening=Happening(Occurrence.CASE_OPENED), happened_at=at(WEDNESDAY))
    assert play(a_case(), (happened,), Cause(key="k"), nobody, at(WEDNESDAY)).reasons == (
        "no b: people.yaml names no head",
    )
    order = Order(template="b", to=Role.AUTHOR, ordinal=0, reason="r")
    course = Course(a_case(), Cause(key="k"), nobody, at(WEDNESDAY))
    course.send(order)
    assert course.reacted().effects == ()


WAITING = promise(paused_in=frozenset({"waiting"}))
TO_WAIT = reaction("said wait", move_to="waiting")
GO_ON = reaction("contact_wrote", move_to="open")


def test_its_clock_stands_still_while_the_case_waits() -> None:
    told = opened(WAITING, TO_WAIT, GO_ON).comes("said wait", "2026-10-08 10:00")
    assert (told.run().state, told.run().next_at) == (DeadlineState.PAUSED, None)
    assert told.tick("2026-10-12 18:00").sent() == []
    told.comes("contact_wrote", "2026-10-13 10:00")
    assert (told.run().state, told.run().due_at) == (DeadlineState.RUNNING, at("2026-10-13 18:00"))
    assert told.tick("2026-10-13 18:00").sent() == [("escalation", HEAD)]


def test_what_comes_due_in_a_short_pause_is_not_forgotten() -> None:
    told = opened(WAITING, TO_WAIT, GO_ON).comes("said wait", "2026-10-08 15:00")
    told.comes("contact_wrote", "2026-10-08 19:00")  # the same working day: due as it was
    assert (told.run().due_at, told.tick("2026-10-08 19:00").sent()) == (DUE, [("escalation", HEAD)])


def test_a_promise_given_while_the_case_waits_waits_too() -> None:
    told = story(replace(WAITING, starts=on("said plan")), TO_WAIT, GO_ON)
    told.comes("said wait", "2026-10-08 10:00").comes("said plan", "2026-10-08 11:00")
    assert told.run().state is DeadlineState.PAUSED
    assert told.comes("contact_wrote", "2026-10-09 10:00").run().state is DeadlineState.RUNNING


def test_a_promise_kept_while_its_clock_stands_still_is_not_late() -> None:
    told = opened(WAITING, TO_WAIT).comes("said wait", "2026-10-08 10:00")
    told.comes("reply_sent", "2026-10-13 10:00")
    assert (told.run().state, told.run().is_late(at("2026-10-14 10:00"))) == (DeadlineState.MET, False)


def test_moving_on_among_stages_that_pause_changes_nothing() -> None:
    both = promise(paused_in=frozenset({"waiting", "solved"}))
    told = opened(both, TO_WAIT, reaction("said solve", move_to="solved"))
    told.comes("said wait", "2026-10-08 10:00").comes("said solve", "2026-10-08 11:00")
    assert told.kinds().count("deadline_paused") == 1


def test_a_case_that_closes_promises_nothing_more() -> None:
    other = promise(name="answer", starts="said plan")
    told = opened(WAITING, other, TO_WAIT, reaction("said close", move_to="closed"))
    told.comes("said wait", "2026-10-08 10:00").comes("said close", "2026-10-08 11:00")
    assert (told.run().state, told.case.closed_at) == (DeadlineState.DROPPED, at("2026-10-08 11:00"))
    assert told.tick("2026-10-30 10:00").sent() == []


def test_a_case_that_closes_when_a_promise_is_missed_escalates_nothing() -> None:
    other = promise(name="answer")
    told = opened(promise(), other, reaction("missed first_response", move_to="closed"))
    assert told.tick("2026-10-30 18:00").sent() == []
    assert {run.state for run in told.case.progress.deadlines} == {DeadlineState.DROPPED}
    assert told.case.progress.next_at() is None


def test_what_is_done_when_a_promise_is_missed() -> None:
    told = opened(promise(), reaction("missed first_response", send="sorry"))
    told.tick("2026-10-08 18:00")
    assert told.sent() == [("sorry", "Li@Customer.example"), ("escalation", HEAD)]
    assert "first_response is missed" in told.reasons[-1]


def test_a_mail_that_comes_back_makes_the_promise_stand_again() -> None:
    told = opened(promise()).comes("reply_sent", "2026-10-08 10:00", key="mail-1")
    told.settled("mail-1", "2026-10-08 17:00")
    assert (told.run().state, told.run().met_key, told.run().ended_at) == (DeadlineState.RUNNING, "", None)
    assert told.tick("2026-10-08 17:00").sent() == [("reminder", DESK)]
    assert told.tick("2026-10-08 18:00").sent()[1:] == [("escalation", HEAD)]


def test_a_mail_that_comes_back_after_the_due_time_is_missed_at_once() -> None:
    told = opened(promise(escalations=(promise().escalations[0],)))
    told.comes("reply_sent", "2026-10-08 17:59", key="mail-1").settled("mail-1", "2026-10-12 09:00")
    assert told.tick("2026-10-12 09:00").sent() == [("escalation", HEAD)]


def test_another_mail_that_comes_back_changes_nothing() -> None:
    told = opened(promise()).comes("reply_sent", "2026-10-08 10:00", key="mail-1")
    told.comes("reply_sent", "2026-10-08 11:00", key="mail-2").settled("mail-2", "2026-10-08 17:00")
    assert told.run().state is DeadlineState.MET


def test_what_else_keeps_it_counts_when_a_mail_comes_back() -> None:
    told = opened(promise(met_by=Either(parts=(seen("reply_sent"), seen("call_logged")))))
    told.comes("reply_sent", "2026-10-08 10:00", key="mail-1").comes("call_logged", "2026-10-08 11:00")
    told.settled("mail-1", "2026-10-08 17:00")
    assert (told.run().state, told.run().ended_at) == (DeadlineState.MET, at("2026-10-08 11:00"))


def test_what_follows_when_something_else_kept_it() -> None:
    proof = Either(parts=(seen("reply_sent"), seen("call_logged")))
    told = opened(promise(met_by=proof), GO_ON, reaction("met first_response", move_to="solved", send="a"))
    told.comes("reply_sent", "2026-10-08 10:00", key="mail-1").comes("call_logged", "2026-10-08 11:00")
    told.comes("contact_wrote", "2026-10-08 12:00").settled("mail-1", "2026-10-08 17:00")
    assert (told.case.stage, len(told.mails)) == ("solved", 2)


def test_one_half_of_a_proof_that_comes_back() -> None:
    told = opened(promise(met_by=Every(parts=(seen("sent formal_reply"), seen("call_logged")))))
    told.comes("sent formal_reply", "2026-10-08 10:00", key="mail-1").comes("call_logged", "2026-10-08 11:00")
    assert told.settled("mail-1", "2026-10-08 17:00").run().state is DeadlineState.RUNNING
    told.comes("sent formal_reply", "2026-10-08 17:30", key="mail-2")
    assert told.run().ended_at == at("2026-10-08 17:30")


def test_a_promise_that_was_given_anew_does_not_stand_twice() -> None:
    told = story(promise(starts="contact_wrote")).comes("contact_wrote", WEDNESDAY)
    told.comes("reply_sent", "2026-09-30 17:00", key="mail-1").comes("contact_wrote", "2026-10-08 10:00")
    told.settled("mail-1", "2026-10-08 17:00")
    assert [run.state for run in told.case.progress.deadlines] == [DeadlineState.MET, DeadlineState.RUNNING]


def test_a_mail_that_comes_back_while_the_case_waits() -> None:
    told = opened(WAITING, TO_WAIT, GO_ON).comes("reply_sent", "2026-10-08 10:00", key="mail-1")
    told.comes("said wait", "2026-10-08 11:00").settled("mail-1", "2026-10-08 17:00")
    assert told.run().state is DeadlineState.PAUSED


def test_a_promise_that_the_playbook_has_no_more_ends() -> None:
    told = opened(promise(), TO_WAIT).comes("reply_sent", "2026-10-08 10:00", key="mail-1")
    told.world = replace(told.world, playbook=playbook(TO_WAIT))
    assert told.settled("mail-1", "2026-10-08 11:00").run().state is DeadlineState.MET
    running = opened(promise(), TO_WAIT)
    running.world = replace(running.world, playbook=playbook(TO_WAIT))
    assert running.comes("said wait", "2026-10-08 10:00").run().state is DeadlineState.RUNNING
    assert running.tick("2026-10-08 16:00").run().state is DeadlineState.DROPPED


def test_a_moment_that_moved_is_looked_at_again_only_then() -> None:
    told = opened(promise())
    later = replace(
        promise(), reminders=(replace(promise().reminders[0], before=parse_span("1 working hour")),)
    )
    told.world = replace(told.world, playbook=playbook(later))
    told.tick("2026-10-08 16:00")
    assert (told.sent(), told.run().next_at) == ([], at("2026-10-08 17:00"))
    assert told.tick("2026-10-08 17:00").sent() == [("reminder", DESK)]


def test_one_reaction_sends_one_mail_whatever_else_follows() -> None:
    twice = Reaction(on=on("case_opened", "entered solved"), unless=(), send="a", move_to=None, place="p:1")
    told = opened(twice, reaction("case_opened", move_to="solved"))
    assert told.sent() == [("a", "Li@Customer.example")]


def test_a_stage_is_entered_only_from_another() -> None:
    told = story(reaction("contact_wrote", move_to="open"), reaction("entered open", send="a"))
    assert told.comes("contact_wrote", WEDNESDAY).kinds() == []
    closing = story(reaction("contact_wrote", move_to="closed"))
    closing.comes("contact_wrote", WEDNESDAY).comes("contact_wrote", "2026-10-08 10:00")
    assert closing.case.closed_at == at(WEDNESDAY)


def test_a_playbook_that_goes_in_circles_is_stopped() -> None:
    told = story(
        reaction("entered waiting", move_to="solved"),
        reaction("entered solved", move_to="waiting"),
        reaction("contact_wrote", move_to="waiting"),
    )
    told.comes("contact_wrote", WEDNESDAY)
    assert told.reasons[-1] == "stopped: customer goes in circles"
    assert sum(isinstance(event, StageMoved) for event, _ in told.journal) == 100


TEXTS = ("case_opened", "contact_wrote", "reply_sent", "entered waiting", "entered open", "met a", "missed b")
STAGES = st.sampled_from(["open", "waiting", "solved", "closed"])


@st.composite
def flows(draw: st.DrawFn) -> tuple[Deadline | Reaction, ...]:
    """Playbooks as somebody may write them in a hurry."""
    texts = st.sampled_from(TEXTS)
    reactions = draw(
        st.lists(st.builds(lambda text, stage: reaction(text, move_to=stage), texts, STAGES), max_size=5)
    )
    deadlines = [
        promise(
            name=name,
            starts=draw(texts),
            met_by=seen(draw(texts)),
            dropped_by=on(draw(texts)),
            again=draw(st.sampled_from(Again)),
            paused_in=frozenset(draw(st.sets(STAGES, max_size=2))),
        )
        for name in ("a", "b")
    ]
    return (*reactions, *deadlines)


@given(flows(), st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 40)), max_size=8))
def test_play_always_ends_and_the_journal_folds_into_the_case(
    parts: tuple[Deadline | Reaction, ...], coming: list[tuple[str, int]]
) -> None:
    told = story(*parts)
    for text, hours in coming:
        told.comes(text, at(WEDNESDAY) + timedelta(hours=hours)).tick(
            at(WEDNESDAY) + timedelta(hours=2 * hours)
        )
    assert fold(told.journal) == told.case
    for run in told.case.progress.deadlines:
        assert (run.next_at is None) or run.state is DeadlineState.RUNNING
    newest = [told.case.progress.latest(run.name) for run in told.case.progress.deadlines]
    assert {run for run in told.case.progress.deadlines if run.is_open} <= set(newest)


@given(st.lists(st.integers(0, 24 * 30 * 60), max_size=25))
def test_whatever_the_jumps_of_the_clock_each_moment_acts_once(jumps: list[int]) -> None:
    told = opened(promise())
    start = datetime(2026, 9, 30, 9, 0, tzinfo=UTC)
    for minutes in jumps:
        now, before = start + timedelta(minutes=minutes), len(told.mails)
        told.tick(now)
        assert now < told.run().due_at or all(mail.template != "reminder" for mail in told.mails[before:])
    told.tick(start + timedelta(days=60))
    assert told.sent().count(("escalation", HEAD)) == told.sent().count(("escalation", LEADER)) == 1
    assert told.sent().count(("reminder", DESK)) <= 1
    assert sorted(told.run().passed) == ["due", "escalation 1", "escalation 2", "reminder 1"]


SPANS = st.sampled_from(
    ["1 working day", "3 working days", "3 working hours", "2 days", "5 hours", "90 minutes"]
)


@given(SPANS, st.sampled_from(SpanMode), st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_clock_that_stood_still_is_never_due_earlier(
    within: str, mode: SpanMode, paused: int, resumed: int
) -> None:
    told = opened(replace(WAITING, within=parse_span(within, mode)), TO_WAIT, GO_ON)
    before = told.run().due_at
    told.comes("said wait", at(WEDNESDAY) + timedelta(minutes=paused))
    told.comes("contact_wrote", at(WEDNESDAY) + timedelta(minutes=resumed))
    assert told.run().state is DeadlineState.RUNNING
    assert told.run().due_at >= before


def test_kept_events_say_by_which_mail() -> None:
    told = opened(promise(escalations=(LATER,))).comes("reply_sent", "2026-10-08 10:00", key="mail-1")
    (met,) = [event for event, _ in told.journal if isinstance(event, DeadlineMet)]
    assert (met.effect_key, met.reason, met.late) == ("mail-1", "reply_sent", False)
    told.settled("mail-1", "2026-10-08 11:00", state=RecipientState.SENT)
    assert isinstance(told, Story)
    assert STAFF.person(DESK) is not None


def test_who_is_meant_twice_is_told_once() -> None:
    both = replace(AT_ONCE, to=Role.OWNER), replace(AT_ONCE, to=Role.DESK)
    told = opened(promise(reminders=(), escalations=both)).tick("2026-10-08 18:00")
    assert told.sent() == [("escalation", DESK)]
