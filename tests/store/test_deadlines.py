"""Deadlines as rows: they follow the progress of their case, and can be asked for."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from maild.model.case import Case, CaseId, CaseTraits
from maild.model.events import DeadlineDropped
from maild.model.happening import Happening, Occurrence
from maild.model.people import SHELL, Viewer
from maild.model.progress import AnswerUnderWay, DeadlineRun, DeadlineState, Mark, Progress
from maild.store import cases, deadlines
from maild.store.deadlines import Asked
from maild.store.engine import Store
from tests.store.samples import HOUR, NOW, put_case

DAY = timedelta(days=1)
RUNNING, PAUSED, MET, DROPPED = DeadlineState
OPEN = frozenset({RUNNING, PAUSED})


def a_run(name: str = "answer", number: int = 1, **given: object) -> DeadlineRun:
    plain = DeadlineRun(name=name, run=number, state=RUNNING, started_at=NOW, due_at=NOW + DAY, next_at=NOW)
    return replace(plain, **given)  # type: ignore[arg-type]  # fields by name


def put(conn: Connection, case_id: str, *runs: DeadlineRun, **given: object) -> Case:
    return put_case(conn, case_id, progress=Progress(deadlines=runs), **given)


def change(conn: Connection, before: Case, *runs: DeadlineRun) -> Case:
    """The case with these runs in place of those that it had."""
    after = replace(before, progress=Progress(deadlines=runs), version=before.version + 1)
    event = DeadlineDropped(name="answer", run=1, reason="r")
    cases.save(conn, before, after, [event], at=NOW)
    return after


def rows(store: Store, case_id: str = "case-1") -> list[DeadlineRun]:
    return store.read(lambda conn: list(deadlines.of_case(conn, CaseId(case_id))))


def bare(run: DeadlineRun) -> DeadlineRun:
    """As its row tells it: what only the case needs stays with the case."""
    return replace(run, next_at=None, passed=(), paused_at=None, met_key="")


def test_progress_reads_as_it_was_saved(store: Store) -> None:
    at = NOW.replace(microsecond=123456)
    progress = Progress(
        deadlines=(
            a_run(passed=("reminder 1", "due"), met_key="k", state=MET, ended_at=at, next_at=None),
            a_run(number=2, state=PAUSED, paused_at=at, next_at=None),
        ),
        marks=(
            Mark(happening=Happening(Occurrence.SENT, "正式回复"), at=at, effect_key="k"),
            Mark(happening=Happening(Occurrence.CALL_LOGGED), at=at),
        ),
        answers=(AnswerUnderWay(effect_key="k", answered_at=at),),
    )
    saved = store.write(partial(put_case, progress=progress))
    assert store.read(lambda conn: cases.get(conn, saved.id)) == saved


def test_rows_follow_the_progress(store: Store) -> None:
    first, other = a_run(), a_run("plan", started_at=NOW - HOUR)
    case = store.write(lambda conn: put(conn, "case-1", first, other))
    assert rows(store) == [bare(other), bare(first)]
    kept = replace(first, state=MET, ended_at=NOW + HOUR, next_at=None, met_key="k")
    second = a_run(number=2, started_at=NOW + HOUR)
    changed = store.write(lambda conn: change(conn, case, kept, other, second))
    assert rows(store) == [bare(other), bare(kept), bare(second)]
    store.write(lambda conn: change(conn, changed, first, other, second))  # its mail came back
    assert rows(store) == [bare(other), bare(first), bare(second)]


def test_a_moment_that_passed_changes_no_row_but_that_of_the_case(store: Store) -> None:
    case = store.write(lambda conn: put(conn, "case-1", a_run()))
    later = replace(a_run(), passed=("reminder 1",), next_at=NOW + DAY)
    store.write(lambda conn: change(conn, case, later))
    assert rows(store) == [bare(a_run())]
    assert store.read(deadlines.next_due) == NOW + DAY


def test_what_is_no_promise_is_no_deadline_but_comes_due(store: Store) -> None:
    case = store.write(lambda conn: put(conn, "case-1", a_run("wait", is_promise=False)))
    assert rows(store) == []
    assert store.read(deadlines.next_due) == NOW
    store.write(lambda conn: change(conn, case, a_run("wait", is_promise=False, state=DROPPED), a_run()))
    assert rows(store) == [bare(a_run())]


def test_cases_with_one_name_of_a_promise_do_not_touch_each_other(store: Store) -> None:
    first = store.write(lambda conn: put(conn, "case-1", a_run()))
    store.write(lambda conn: put(conn, "case-2", a_run()))
    store.write(lambda conn: change(conn, first, replace(a_run(), state=DROPPED, next_at=None)))
    assert [run.state for run in rows(store, "case-1") + rows(store, "case-2")] == [DROPPED, RUNNING]


@pytest.fixture
def several(store: Store) -> Store:
    """Cases due at several times; the earliest of all has merged into another."""

    def fill(conn: Connection) -> None:
        put(conn, "case-1", a_run(next_at=NOW + HOUR), traits=CaseTraits(owner="wang"))
        put(conn, "case-2", a_run(next_at=NOW), a_run("plan", next_at=NOW + 2 * HOUR))
        put(conn, "case-3", a_run(next_at=NOW, due_at=NOW))
        put(conn, "case-4", a_run(state=PAUSED, next_at=None, due_at=NOW + HOUR))
        put(conn, "case-5", a_run(state=MET, ended_at=NOW, next_at=None))
        put_case(conn, "case-6")
        put(conn, "case-7", a_run(next_at=NOW - DAY, due_at=NOW - DAY), merged_into=CaseId("case-6"))

    store.write(fill)
    return store


@pytest.mark.parametrize(
    ("now", "limit", "due"),
    [
        pytest.param(NOW - HOUR, 9, [], id="nothing yet, and none that merged"),
        pytest.param(NOW, 9, ["case-2", "case-3"], id="at the moment"),
        pytest.param(NOW + HOUR, 9, ["case-2", "case-3", "case-1"], id="the longest due first"),
        pytest.param(NOW + HOUR, 2, ["case-2", "case-3"], id="so many"),
    ],
)
def test_cases_that_are_due(several: Store, now: datetime, limit: int, due: list[str]) -> None:
    assert list(several.read(lambda conn: deadlines.due_cases(conn, now, limit))) == due


def test_when_something_is_next_due(several: Store) -> None:
    assert several.read(deadlines.next_due) == NOW


def test_nothing_is_due_in_an_empty_house(store: Store) -> None:
    assert store.read(deadlines.next_due) is None
    store.write(put_case)
    assert store.read(deadlines.next_due) is None


ASKED = Asked(states=OPEN)


@pytest.mark.parametrize(
    ("asked", "limit", "found"),
    [
        pytest.param(ASKED, 9, ["3 answer", "4 answer", "1 answer", "2 answer", "2 plan"], id="open"),
        pytest.param(Asked(states=frozenset({PAUSED})), 9, ["4 answer"], id="paused"),
        pytest.param(Asked(states=frozenset({MET})), 9, ["5 answer"], id="kept"),
        pytest.param(replace(ASKED, due_before=NOW + HOUR), 9, ["3 answer", "4 answer"], id="by then"),
        pytest.param(replace(ASKED, owner="wang"), 9, ["1 answer"], id="somebody's"),
        pytest.param(replace(ASKED, owner="", due_before=NOW), 9, ["3 answer"], id="nobody's"),
        pytest.param(ASKED, 1, ["3 answer"], id="so many"),
        pytest.param(Asked(states=frozenset()), 9, [], id="in no state"),
    ],
)
def test_listing(several: Store, asked: Asked, limit: int, found: list[str]) -> None:
    listed = several.read(lambda conn: deadlines.list_deadlines(conn, SHELL, asked, limit=limit))
    assert [f"{each.case_id.removeprefix('case-')} {each.run.name}" for each in listed] == found


def test_who_may_not_see_a_case_does_not_see_its_deadlines(store: Store) -> None:
    secret = CaseTraits(owner="wang", confidential=True)
    store.write(lambda conn: put(conn, "case-1", a_run(), traits=secret))
    wang = Viewer(name="wang", sees_confidential=False, address="wang")

    def seen_by(viewer: Viewer) -> list[DeadlineRun]:
        listed = store.read(lambda conn: deadlines.list_deadlines(conn, viewer, ASKED, limit=9))
        return [each.run for each in listed]

    assert seen_by(SHELL) == seen_by(wang) == [bare(a_run())]
    assert seen_by(replace(wang, name="li", address="li")) == []
