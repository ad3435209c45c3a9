"""The rehearsal of a year as a whole process."""

from pathlib import Path

from bench.rehearsal import MESSAGES, rehearsed, written


def test_every_message_comes_and_goes(tmp_path: Path) -> None:
    one = rehearsed(written(tmp_path, 2))
    assert one.messages >= 2 * MESSAGES
    assert one.cost.cpu_s > 0
