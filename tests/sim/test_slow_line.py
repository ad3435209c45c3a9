"""A line that breaks after a few messages, each time: what came through stays, and the rest comes too."""

from pathlib import Path

import pytest

from maild.errors import ConnectionLost
from tests.sim.rig import Rig, a_mail


class ShortLine:
    """Breaks each connection after so many messages."""

    def __init__(self, lasts: int) -> None:
        self._lasts = lasts
        self._left = lasts

    def check(self, method: str, _call: int) -> None:
        """To be called before each call over the line."""
        if method == "connect":
            self._left = self._lasts
        if method == "fetch":
            self._left -= 1
            if self._left < 0:
                raise ConnectionLost("the line broke")


def test_what_came_before_each_break_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig(tmp_path)
    for number in range(10):
        rig.imap.deliver(a_mail(Message_ID=f"<m{number}@customer.example>"), rig.clock.now())
    rig.imap.hook = ShortLine(lasts=4).check
    with rig.running() as maild:
        for _ in range(3):  # four come; they come again, a handful being asked for anew; four more
            with pytest.raises(ConnectionLost):
                maild.poll()
        maild.poll()
        assert not maild.pace.is_slow("INBOX")
        maild.process()
        assert len(maild.cases()) == 10
    assert [one.message for one in caplog.records if "line broke" in one.message] == [
        "service/INBOX: the line broke before a message came through; 25 at a time from now on"
    ]


def test_the_last_message_of_a_batch_may_be_the_one_that_breaks(tmp_path: Path) -> None:
    rig = Rig(tmp_path, overrides={"intake.batch_size": 2})
    for number in range(3):
        rig.imap.deliver(a_mail(Message_ID=f"<m{number}@customer.example>"), rig.clock.now())
    rig.imap.hook = ShortLine(lasts=2).check
    with rig.running() as maild:
        with pytest.raises(ConnectionLost):
            maild.poll()
        maild.poll()
        maild.process()
        assert len(maild.cases()) == 3
