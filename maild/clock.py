"""The only place that reads the clock.

Everything else takes `now` as a parameter, so that a test or a rehearsal moves time as it likes.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever tells the time: the system's clock, or a test's."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last moved to."""
        return self._now

    def advance(self, span: timedelta) -> None:
        """Move on by `span`."""
        self._now += span

    def jump(self, instant: datetime) -> None:
        """Move to `instant`."""
        self._now = instant.astimezone(UTC)


def monotonic_s() -> float:
    """Seconds on a clock that never jumps, for measuring spans."""
    return time.monotonic()
