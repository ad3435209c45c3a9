"""A mail that fails by a fault of ours stops nothing, not even while the database is away."""

import asyncio
from pathlib import Path

import pytest

from maild.app.dispatch import Dispatcher
from maild.app.tick import next_moment
from maild.model.delivery import OutboxState
from maild.rehearsal.smtp import Moment
from tests.sim.rig import Rig, Running, a_mail


class Weather:
    """Whether the database can be written at the moment."""

    def __init__(self) -> None:
        self.is_away = False

    def check(self, point: str) -> None:
        """Fail before a commit while the database is away."""
        if self.is_away and point == "before commit":
            raise OSError("the disk is away")


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        pytest.param(Moment.CONNECT, OutboxState.DONE, id="untried-and-sent-then"),
        pytest.param(Moment.DATA_TAKEN, OutboxState.IN_DOUBT, id="in-doubt"),
    ],
)
def test_an_attempt_that_cannot_be_closed_is_closed_later(
    tmp_path: Path, moment: Moment, state: OutboxState
) -> None:
    weather = Weather()
    rig = Rig(tmp_path)

    def fail_as_the_disk_goes(now: Moment) -> None:
        if now is moment and not weather.is_away:
            weather.is_away = True
            raise RuntimeError("a fault of ours")

    with rig.running(weather.check) as maild:
        rig.imap.deliver(a_mail(), rig.clock.now())
        maild.poll()
        maild.process()
        rig.smtp.script = fail_as_the_disk_goes
        dispatcher = Dispatcher(maild.context, rig.smtp, "run-1")
        assert asyncio.run(_round(dispatcher)) == 1
        assert _states(maild) == [OutboxState.SENDING]
        with pytest.raises(ExceptionGroup, match="unhandled"):
            asyncio.run(_round(dispatcher))
        assert _states(maild) == [OutboxState.SENDING]
        weather.is_away = False
        rig.smtp.script = lambda _: None
        asyncio.run(_round(dispatcher))
        assert _states(maild) == [state]
    assert len(rig.smtp.taken) == 1


async def _round(dispatcher: Dispatcher) -> int:
    async with asyncio.TaskGroup() as group:
        return await dispatcher.start_due(group, lambda: None)


def _states(maild: Running) -> list[OutboxState]:
    return [mail.state for mail in maild.outbox(*OutboxState)]


def test_the_next_moment_is_that_of_the_retry(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with rig.running() as maild:
        rig.imap.deliver(a_mail("Li <defer@customer.example>"), rig.clock.now())
        maild.work()
        (waiting, *_) = maild.outbox(OutboxState.QUEUED)
        assert next_moment(maild.context) == waiting.next_attempt_at > rig.clock.now()
