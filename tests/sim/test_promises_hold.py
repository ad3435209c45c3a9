"""Promises that stand: under a playbook that is edited, after a bounce, before several daemons at once."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from maild.app.queries import show_case
from maild.app.settlement import settle
from maild.app.tick import Ticker
from maild.model.delivery import OutboxState, RecipientOutcome, RecipientState
from maild.model.people import SHELL
from maild.model.progress import DeadlineState
from tests.sim.rig import Rig, Running, a_mail
from tests.sim.test_promises import PEOPLE, RULE, answer, arrive, local, run_of, to

DUE = local("2026-10-08T18:00")


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    rig = Rig(tmp_path, overrides={"database_url": url})
    (rig.config / "people.yaml").write_text(PEOPLE, "utf-8")
    (rig.config / "rules" / "zz.yaml").write_text(RULE, "utf-8")
    return rig


@pytest.fixture
def maild(rig: Rig) -> Iterator[Running]:
    with rig.running() as running:
        yield running


def edit_playbook(rig: Rig) -> None:
    """The first response has three working days now, and is reminded of four hours before."""
    path = rig.config / "playbooks" / "customer.yaml"
    text = path.read_text("utf-8")
    first, rest = text.split("within: 1 working day", 1)
    path.write_text(
        first + "within: 3 working days" + rest.replace("2 working hours", "4 working hours", 1), "utf-8"
    )


def test_a_case_keeps_the_playbook_that_it_began_with(rig: Rig) -> None:
    with rig.running() as maild:
        arrive(maild, a_mail())
    edit_playbook(rig)
    with rig.running() as maild:
        arrive(maild, a_mail("韩梅梅 <han@other.example>", "投诉", Message_ID="<h1@other.example>"))
        old, new = (
            show_case(maild.context, SHELL, f"C-2026-0000{number}").case.progress.latest("first_response")
            for number in (1, 2)
        )
        assert old is not None
        assert new is not None
        assert (old.due_at, new.due_at) == (DUE, local("2026-10-10T18:00"))
        assert new.next_at == local("2026-10-10T14:00")
        rig.clock.jump(local("2026-10-08T15:59"))
        maild.work()
        told = len(to(maild, "wang@example.com"))
        rig.clock.jump(local("2026-10-08T16:00"))  # two hours before, as it was when the case began
        maild.work()
        assert len(to(maild, "wang@example.com")) == told + 1
        rig.clock.jump(DUE)
        maild.work()
        assert len(to(maild, "chen@example.com")) == 1


def test_a_bounce_after_the_reply_makes_the_promise_stand_again_and_escalate(maild: Running) -> None:
    arrive(maild, a_mail())
    (told,) = to(maild, "wang@example.com")
    maild.rig.clock.advance(timedelta(minutes=10))
    arrive(maild, answer(told, "明天到。"))
    assert run_of(maild).state is DeadlineState.MET
    (reply,) = [mail for mail in maild.outbox(OutboxState.DONE) if mail.template == "reply"]
    outcome = RecipientOutcome(
        address="li@customer.example", state=RecipientState.REFUSED, reply="550 mailbox full"
    )
    maild.rig.clock.jump(local("2026-10-09T09:00"))  # after it was due
    maild.context.store.write(lambda conn: settle(conn, maild.context, reply, outcome))
    assert run_of(maild).state is DeadlineState.RUNNING
    maild.work()
    assert len(to(maild, "chen@example.com")) == 1
    assert len(to(maild, "wang@example.com")) == 1  # no reminder of what is overdue


def test_several_daemons_decide_once(maild: Running, rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "maild")
    arrive(maild, a_mail())
    rig.clock.jump(DUE)
    with rig.running() as other, ThreadPoolExecutor(4) as pool:
        contexts = [maild.context, other.context] * 2
        decided = sum(pool.map(lambda context: Ticker().tick(context), contexts))
    assert decided >= 1
    maild.work()
    assert len(to(maild, "chen@example.com")) == 1
    assert run_of(maild).passed.count("due") == 1
    assert not [record for record in caplog.records if record.__dict__.get("event") == "tick.failed"]
