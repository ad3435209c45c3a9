"""A mailbox with 50,000 old messages is added: all are archived, none is answered."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.clock import monotonic_s
from maild.store import inbox
from tests.integration.intake.conftest import Opening, acting, letter
from tests.servers.program import stop, wait_until

COUNT = 50_000
LIMIT_S = 1800.0
FIRST = datetime(2005, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.soak


def peak_mib(pid: int) -> int:
    """The most memory that a process has had, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def test_fifty_thousand_old_messages(opened: Opening, tmp_path: Path) -> None:
    intake = opened(acting(keys={"act_since": "2026-01-01T00:00:00Z"}))
    for number in range(COUNT):
        intake.deliver(letter(number), received_at=FIRST + timedelta(hours=number // 10))
    started_s = monotonic_s()
    maild = intake.installation.start(tmp_path / "maild.log")

    def done() -> bool:
        cursor = intake.context.store.read(lambda conn: inbox.cursor(conn, "service", "INBOX"))
        waits = intake.context.store.read(lambda conn: inbox.has_waiting(conn, "service"))
        return cursor is not None and cursor.last_uid == COUNT and not waits

    try:
        wait_until(done, "all archived", LIMIT_S)
        took_s, peak = monotonic_s() - started_s, peak_mib(maild.pid)
    finally:
        stop(maild)
    sys.stdout.write(f"\n{COUNT} old messages: {took_s:.0f} s, {COUNT / took_s:.0f}/s, peak {peak} MiB\n")
    counts = intake.counts()
    assert (counts.deliveries, counts.messages, counts.cases) == (COUNT, COUNT, 0)
    assert intake.answers() == ()
    assert all(found.complete for found in intake.verify())
