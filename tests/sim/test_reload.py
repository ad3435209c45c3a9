"""An edit of the rules while the daemon runs: in force without a restart, or refused as a whole."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from maild.app.reload import Live
from maild.clock import monotonic_s
from maild.daemon import Adapters, Daemon
from tests.sim.rig import Rig, Running, a_mail

LIMIT_S = 20.0
NEW_RULE = "rules: [{name: pumps, when: {subject: {contains: 水泵}}, then: {kind: contract, stop: true}}]\n"


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


async def _until(condition: Callable[[], bool]) -> None:
    ends_s = monotonic_s() + LIMIT_S
    while not condition():
        assert monotonic_s() < ends_s
        await asyncio.wait((asyncio.create_task(asyncio.Event().wait()),), timeout=0.05)


def _serve(rig: Rig, scenario: Callable[[Running, Daemon], Awaitable[None]]) -> None:
    """Play the scenario with the real daemon on fake servers."""

    async def serve() -> None:
        with rig.running() as running:
            adapters = Adapters(connect=lambda *_: rig.imap.connect(), submit=rig.smtp)
            daemon = Daemon(running.context, adapters)
            working = asyncio.create_task(daemon.run())
            try:
                await scenario(running, daemon)
            finally:
                daemon.stop()
                await working

    asyncio.run(serve())


def _said(caplog: pytest.LogCaptureFixture, event: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.__dict__.get("event") == event]


def _deliver(rig: Rig, number: int) -> None:
    raw = a_mail(subject=f"水泵 {number}", Message_ID=f"<m{number}@customer.example>")
    rig.imap.deliver(raw, rig.clock.now())


def test_an_edit_is_in_force_without_a_restart_and_a_bad_one_is_refused(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "maild")
    path = rig.config / "rules" / "aaa.yaml"

    async def scenario(running: Running, daemon: Daemon) -> None:
        _deliver(rig, 1)
        await _until(lambda: len(running.cases()) == 1)
        path.write_text(NEW_RULE, "utf-8")
        await _until(lambda: len(_said(caplog, "config.reloaded")) == 1)
        _deliver(rig, 2)
        await _until(lambda: len(running.cases()) == 2)
        path.write_text(NEW_RULE.replace("then:", "thn:"), "utf-8")
        await _until(lambda: len(_said(caplog, "config.kept")) == 1)
        _deliver(rig, 3)
        await _until(lambda: len(running.cases()) == 3)
        path.unlink()
        daemon.reload()
        await _until(lambda: len(_said(caplog, "config.reloaded")) == 2)

    _serve(rig, scenario)
    with rig.running() as running:
        third, second, first = running.cases()
    assert [first.kind, second.kind, third.kind] == ["request", "contract", "contract"]
    assert first.config_hash != second.config_hash
    assert second.config_hash == third.config_hash
    assert any("unknown key 'thn' (did you mean 'then'?)" in said for said in _said(caplog, "config.refused"))


def test_what_was_handed_out_keeps_its_set(rig: Rig) -> None:
    with rig.running() as running:
        live = Live(running.context)
        before = live.context
        assert not live.reload()
        (rig.config / "rules" / "aaa.yaml").write_text(NEW_RULE, "utf-8")
        assert live.reload()
        assert before.configuration.hash == running.context.configuration.hash
        assert live.context.configuration.hash != before.configuration.hash


def test_a_set_that_leaves_open_cases_without_a_playbook_is_refused(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    with rig.running() as running:
        rig.imap.deliver(a_mail(subject="合同"), rig.clock.now())
        running.work()
        playbook = rig.config / "playbooks" / "customer.yaml"
        playbook.write_text(
            playbook.read_text("utf-8").replace("after_sales, contract]", "after_sales]"), "utf-8"
        )
        rules = rig.config / "rules" / "customer.yaml"
        rules.write_text(rules.read_text("utf-8").replace("{kind: contract,", "{kind: request,"), "utf-8")
        assert not Live(running.context).reload()
    assert "cases of the kind 'contract' are open" in _said(caplog, "config.refused")[0]


def test_a_warning_is_logged_when_the_set_is_in_force(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    two = "{name: %s, when: {subject: {contains: 水泵}}, then: {priority: %s}}"
    with rig.running() as running:
        text = f"rules: [{two % ('a', 'low')}, {two % ('b', 'high')}]\n"
        (rig.config / "rules" / "aaa.yaml").write_text(text, "utf-8")
        assert Live(running.context).reload()
    assert "rule 'b' gives priority another value than rule 'a'" in _said(caplog, "config.warning")[0]


def test_a_calendar_edit_is_in_force_and_a_year_that_is_not_published_is_told_of_once(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    path = rig.config / "calendars" / "china.yaml"
    year = rig.clock.now().year
    with rig.running() as running:
        live = Live(running.context)
        path.write_text(path.read_text("utf-8") + f"official_through: {year - 1}\n", "utf-8")
        assert live.reload()
        live.look_ahead()
        live.look_ahead()
        (mailbox, *_) = live.context.configuration.mailboxes
        assert live.context.configuration.calendar_of(mailbox).official_through == year - 1
    (said,) = _said(caplog, "calendar.unpublished")
    assert f"the official calendar of {year} is not known" in said
