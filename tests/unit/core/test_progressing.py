"""How events change the progress of a case."""

from datetime import timedelta

from maild.core.progressing import progressed
from maild.model.delivery import RecipientState
from maild.model.events import (
    DeadlineDropped,
    DeadlineStarted,
    Happened,
    LineGiven,
    MailDecided,
    MailSettled,
    NoteAdded,
    StageMoved,
    UpdateSent,
)
from maild.model.happening import Happening, Occurrence
from maild.model.progress import NO_PROGRESS, DeadlineState, Progress
from tests.unit.core.builders import NOW

REPLY = Happening(Occurrence.REPLY_SENT)
STARTED = DeadlineStarted(
    name="answer", run=1, started_at=NOW, due_at=NOW + timedelta(days=1), next_at=NOW, reason="r"
)


def happened(minute: int, effect_key: str = "") -> Happened:
    return Happened(happening=REPLY, happened_at=NOW + timedelta(minutes=minute), effect_key=effect_key)


def settled(state: RecipientState) -> MailSettled:
    return MailSettled(effect_key="k", recipient="li@x", state=state, detail="d")


def decided(*, answers: bool) -> MailDecided:
    return MailDecided(
        effect_key="k", template="t", recipients=("li@x",), reason="r", answered_at=NOW if answers else None
    )


def test_the_newest_marks_are_kept() -> None:
    progress = NO_PROGRESS
    for minute in range(250):
        progress = progressed(progress, happened(minute), "open")
    assert len(progress.marks) == 200
    assert progress.marks[0].at == NOW + timedelta(minutes=50)


def test_a_mail_that_comes_back_takes_its_marks_with_it() -> None:
    progress = progressed(progressed(NO_PROGRESS, happened(1, "k"), "open"), happened(2), "open")
    assert progressed(progress, settled(RecipientState.SENT), "open") == progress
    assert [
        mark.effect_key for mark in progressed(progress, settled(RecipientState.REFUSED), "open").marks
    ] == [""]


def test_an_answer_is_under_way() -> None:
    assert progressed(NO_PROGRESS, decided(answers=False), "open") == NO_PROGRESS
    progress = progressed(NO_PROGRESS, decided(answers=True), "open")
    assert (progress.answered_at("k"), progress.answered_at("other")) == (NOW, None)


def test_an_event_changes_its_own_run_only() -> None:
    second = DeadlineStarted(name="answer", run=2, started_at=NOW, due_at=NOW, next_at=None, reason="r")
    progress = progressed(progressed(NO_PROGRESS, STARTED, "open"), second, "open")
    after = progressed(progress, DeadlineDropped(name="answer", run=1, reason="r"), "open")
    assert [run.state for run in after.deadlines] == [DeadlineState.DROPPED, DeadlineState.RUNNING]
    assert (progress.next_at(), after.next_at()) == (NOW, None)


def test_the_stage_before_is_remembered() -> None:
    moved = progressed(Progress(), StageMoved(stage="a", reason="r"), "open")
    assert moved == Progress(previous_stage="open")


def test_lines_and_updates_without_one_are_counted() -> None:
    none = UpdateSent(name="progress", line="")
    twice = progressed(progressed(NO_PROGRESS, none, "open"), none, "open")
    assert (twice.empty_updates("progress"), twice.line("progress")) == (2, "")
    given = progressed(twice, LineGiven(name="progress", line="shipped", by="w"), "open")
    assert (given.empty_updates("progress"), given.line("progress")) == (0, "shipped")
    sent = progressed(given, UpdateSent(name="progress", line="shipped"), "open")
    assert (sent.empty_updates("progress"), sent.line("progress")) == (0, "")


def test_what_is_no_progress() -> None:
    assert progressed(Progress(), NoteAdded(text="n", by="w"), "open") == NO_PROGRESS
