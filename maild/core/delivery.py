"""Keys that make an effect happen once, and when a refused mail is tried again (RFC 5321 §4.5.4.1)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.model.case import CaseId


def effect_key(case_id: CaseId, cause: str, kind: str, ordinal: int) -> str:
    """64 hex digits, the same for the same effect of the same cause on the same case."""
    parts = "\0".join((case_id, cause, kind, str(ordinal)))
    return hashlib.sha256(parts.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The delay doubles from `first` up to `longest`, until a mail is older than `give_up`."""

    first: timedelta
    longest: timedelta
    give_up: timedelta


def next_attempt_at(
    policy: RetryPolicy, created_at: datetime, attempt: int, now: datetime
) -> datetime | None:
    """When to try again after attempt number `attempt` (from 1) failed; None: not at all."""
    if now - created_at >= policy.give_up:
        return None
    doublings = min(attempt - 1, 20)  # past every limit, and no overflow
    return now + min(policy.first * (1 << doublings), policy.longest)
