"""The only place that makes random or unique values.

Keys are UUIDv7 (RFC 9562 §5.7): they sort by the time they were made, so new rows land together.
"""

import random
import secrets
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class IdSource(Protocol):
    """Whatever makes ids: the system's source, or a test's seeded one."""

    def new_id(self, now: datetime) -> str:
        """A new UUIDv7 as 36 characters; later instants sort later."""
        ...


class SystemIds:
    """Ids from the system's secure randomness."""

    def __init__(self) -> None:
        self._sequence = _Sequence(lambda: secrets.randbits(74))

    def new_id(self, now: datetime) -> str:
        """A new UUIDv7 for the instant `now`, larger than every one before it."""
        return self._sequence.after(now)


class SeededIds:
    """Ids that are the same on every run with the same seed."""

    def __init__(self, seed: int) -> None:
        source = random.Random(seed)  # noqa: S311 -- reproducible on purpose
        self._sequence = _Sequence(lambda: source.getrandbits(74))

    def new_id(self, now: datetime) -> str:
        """The next UUIDv7 of this seed."""
        return self._sequence.after(now)


def new_secret(size_bytes: int = 32) -> str:
    """A new secret as hexadecimal digits, for a key file."""
    return secrets.token_hex(size_bytes)


def jitter(low: float, high: float) -> float:
    """A number between `low` and `high`, so that retries of many do not come at once."""
    return secrets.SystemRandom().uniform(low, high)


class _Sequence:
    """UUIDv7 in strictly rising order within the process (RFC 9562 §6.2, method 2)."""

    def __init__(self, noise: Callable[[], int]) -> None:
        self._noise = noise
        self._last = 0
        self._lock = threading.Lock()

    def after(self, now: datetime) -> str:
        unix_ms = int(now.timestamp() * 1000) & ((1 << 48) - 1)
        with self._lock:
            self._last = max(unix_ms << 74 | self._noise(), self._last + 1)
            return _layout(self._last)


def _layout(ordered: int) -> str:
    """48 bits of milliseconds, version 7, 12 bits, variant, 62 bits (RFC 9562 §5.7)."""
    unix_ms, rand_a, rand_b = ordered >> 74, ordered >> 62 & 0xFFF, ordered & ((1 << 62) - 1)
    return str(uuid.UUID(int=unix_ms << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b))
