"""A clock that calls: APScheduler, and nothing of it outside this file.

Late runs are made up for once, and never two at a time: after a suspended laptop or a stopped container,
what is due happens at the next tick.
"""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger


class Scheduler:
    """Calls coroutines on an interval, on the running event loop."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": None,  # the default of 1 s drops what comes late
            },
        )

    def every(self, interval_s: float, call: Callable[[], Awaitable[None]], name: str) -> None:
        """Call `call` each `interval_s` seconds; an exception is logged and does not end the rhythm."""
        self._scheduler.add_job(call, IntervalTrigger(seconds=interval_s), name=name)

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """End at once; what is running runs out."""
        self._scheduler.shutdown(wait=False)
