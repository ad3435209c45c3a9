"""A promise on its clock: its moments, its pauses, its proof."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core import deadlines
from maild.model.calendar import SpanMode
from maild.model.playbook import Deadline, Either, Every, Proof
from maild.model.progress import DeadlineRun, DeadlineState, Mark
from maild.rules.happening import parse_happening
from maild.rules.span import parse_span
from tests.unit.core.calendars import CHINA, at
from tests.unit.core.flows import promise, seen

START = at("2026-09-30 16:40")


def a_run(spec: Deadline, start: str = "2026-09-30 16:40") -> DeadlineRun:
    """The run of that promise as it was given."""
    event = deadlines.started(spec, 1, at(start), CHINA, "r")
    return DeadlineRun(
        name=spec.name,
        run=1,
        state=DeadlineState.RUNNING,
        started_at=event.started_at,
        due_at=event.due_at,
        next_at=event.next_at,
    )


def test_moments_in_the_order_of_time() -> None:
    spec = promise()
    named = [
        (one.name, one.at, one.is_due_time) for one in deadlines.moments(spec, a_run(spec).due_at, CHINA)
    ]
    assert named == [
        ("reminder 1", at("2026-10-08 16:00"), False),
        ("due", at("2026-10-08 18:00"), True),
        ("escalation 1", at("2026-10-08 18:00"), False),
        ("escalation 2", at("2026-10-09 18:00"), False),
    ]


def test_a_reminder_that_would_come_before_the_promise_never_does() -> None:
    spec = promise(within="1 working hour")
    run = a_run(spec, "2026-09-30 09:30")
    assert run.next_at == at("2026-09-30 10:30")
    passed, acted_on = deadlines.passing(spec, run, at("2026-09-30 10:30"), CHINA)
    assert (passed.moments, [one.name for one in acted_on]) == (
        ("due", "escalation 1"),
        ["due", "escalation 1"],
    )


def test_what_an_outage_held_up() -> None:
    spec = promise()
    passed, acted_on = deadlines.passing(spec, a_run(spec), at("2026-10-20 09:00"), CHINA)
    assert passed.moments == ("reminder 1", "due", "escalation 1", "escalation 2")
    assert [one.name for one in acted_on] == ["due", "escalation 1", "escalation 2"]
    assert (passed.next_at, passed.reason) == (
        None,
        "reminder 1, due, escalation 1, escalation 2 of first_response, due 2026-10-08 10:00 UTC",
    )


@pytest.mark.parametrize(
    ("within", "mode", "paused", "resumed", "due"),
    [
        pytest.param("1 working day", "to_close", "10-08 10:00", "10-08 17:00", "10-08 18:00", id="one day"),
        pytest.param("1 working day", "to_close", "10-08 17:00", "10-09 09:30", "10-09 18:00", id="a night"),
        pytest.param(
            "1 working day", "to_close", "09-30 17:00", "10-07 10:00", "10-08 18:00", id="a closure"
        ),
        pytest.param("1 working day", "to_hour", "10-08 10:00", "10-10 10:00", "10-10 16:40", id="to hour"),
        pytest.param("3 days", "to_close", "10-01 10:00", "10-05 11:00", "10-08 00:00", id="days"),
        pytest.param("5 hours", "to_close", "09-30 17:00", "09-30 18:30", "09-30 23:10", id="hours"),
        pytest.param("90 minutes", "to_close", "09-30 17:00", "09-30 17:01", "09-30 18:11", id="minutes"),
        pytest.param(
            "3 working hours", "to_close", "09-30 17:00", "09-30 17:10", "10-08 10:50", id="at work"
        ),
        pytest.param("3 working hours", "to_close", "09-30 17:00", "10-01 12:00", "10-08 11:40", id="feast"),
        pytest.param(
            "3 working hours", "to_close", "10-03 12:00", "10-08 08:00", "10-08 10:40", id="no work"
        ),
        pytest.param("3 working hours", "to_close", "09-30 17:00", "09-30 16:50", "10-08 10:40", id="before"),
        pytest.param("5 hours", "to_close", "09-30 18:00", "09-30 17:00", "09-30 21:40", id="hours before"),
    ],
)
def test_a_promise_is_due_later_by_as_long_as_it_stood_still(
    within: str, mode: str, paused: str, resumed: str, due: str
) -> None:
    spec = replace(promise(), within=parse_span(within, SpanMode(mode)))
    stopped = replace(a_run(spec), state=DeadlineState.PAUSED, paused_at=at(f"2026-{paused}"))
    event = deadlines.resumed(spec, stopped, at(f"2026-{resumed}"), CHINA, "r")
    assert event.due_at == at(f"2026-{due}")


def mark(text: str, when: str) -> Mark:
    return Mark(happening=parse_happening(text), at=at(when))


CALL, MAIL = seen("call_logged"), seen("sent formal_reply")
MAILED, CALLED = mark("sent formal_reply", "2026-10-08 10:00"), mark("call_logged", "2026-10-08 11:00")


@pytest.mark.parametrize(
    ("proof", "marks", "proven"),
    [
        pytest.param(MAIL, [], False, id="nothing"),
        pytest.param(MAIL, [MAILED], True, id="one thing"),
        pytest.param(MAIL, [CALLED], False, id="another"),
        pytest.param(MAIL, [mark("sent formal_reply", "2026-09-30 16:39")], False, id="before"),
        pytest.param(MAIL, [mark("sent formal_reply", "2026-09-30 16:40")], True, id="at the start"),
        pytest.param(Every(parts=(MAIL, CALL)), [MAILED], False, id="half"),
        pytest.param(Every(parts=(MAIL, CALL)), [CALLED, MAILED], True, id="both"),
        pytest.param(Either(parts=(MAIL, CALL)), [CALLED], True, id="either"),
        pytest.param(Either(parts=(MAIL, CALL)), [], False, id="neither"),
        pytest.param(seen("call_logged", 2), [CALLED, CALLED], False, id="twice a day"),
    ],
)
def test_proof(proof: Proof, marks: list[Mark], proven: bool) -> None:
    assert deadlines.is_proven(proof, marks, START, CHINA) is proven


@given(
    st.integers(0, 60 * 24 * 40), st.sampled_from(["1 working day", "2 working hours", "3 days", "5 minutes"])
)
def test_a_promise_is_next_looked_at_at_its_due_time_or_before(minutes: int, within: str) -> None:
    start = START + timedelta(minutes=minutes)
    event = deadlines.started(promise(within=within), 1, start, CHINA, "r")
    assert event.next_at is not None
    assert start < event.next_at <= event.due_at
    assert event.due_at.tzinfo is UTC
