"""Rules tried on the archive: what a changed set would have made of the mail that came in, and what differs.

Runs over the rule inputs that were kept with each decision, in one read transaction; changes nothing.
Messages that were archived without a decision (imported, or older than their mailbox acts) are only counted.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from maild.app.configuration import Configuration
from maild.app.context import Context
from maild.app.replay import Outcome, Replay, as_decided, by_rules
from maild.app.stored_sets import StoredPlaybooks
from maild.errors import NotFound
from maild.model.decision import KeptDecision
from maild.model.facts import MailArrived
from maild.store import decisions

ASPECTS = ("fate", "kind", "priority", "owner", "department", "stage", "templates")
"""In what an outcome can differ, each a field of Outcome."""

_NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One message that would be treated differently; `changed` names the aspects."""

    message_key: str
    message_id: str
    subject: str
    received_at: datetime
    case_number: str | None  # the case that holds it now
    changed: tuple[str, ...]
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many messages have `value` in `aspect`, before and after."""

    aspect: str
    value: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a back-test found. `homeless` messages reached a mailbox that the changed set does not know."""

    tested: int
    changed: int
    homeless: int
    undecided: int  # archived without a decision, so without a rule input
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What is compared: the changed set, with another set or (None) with what was decided then."""

    changed: Configuration
    against: Configuration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who is told while a back-test runs: of each message that moves, and of how many of all are done."""

    on_moved: Callable[[Moved], None]
    on_progress: Callable[[int, int], None]


class Trial:
    """One comparison; every kept decision is taken on both sides, oldest first."""

    def __init__(self, before: Replay, after: Replay) -> None:
        self._before = before
        self._after = after
        self._counts: Counter[tuple[str, str, bool]] = Counter()
        self.tested = self.changed = self.homeless = 0

    def take(self, kept: KeptDecision) -> Moved | None:
        """The message, when it would be treated differently."""
        record, fact = kept.record, kept.record.fact
        if not isinstance(fact, MailArrived) or record.rule_input is None:
            return None
        try:
            before, after = self._before.outcome(record, fact), self._after.outcome(record, fact)
        except NotFound:
            self.homeless += 1
            return None
        return self._compared(kept, fact, before, after)

    def counts(self) -> tuple[Count, ...]:
        """Every value of every aspect, in the order of ASPECTS."""
        found = sorted({(ASPECTS.index(aspect), aspect, value) for aspect, value, _ in self._counts})
        return tuple(
            Count(
                aspect=aspect,
                value=value,
                before=self._counts[aspect, value, False],
                after=self._counts[aspect, value, True],
            )
            for _, aspect, value in found
        )

    def _compared(
        self, kept: KeptDecision, fact: MailArrived, before: Outcome, after: Outcome
    ) -> Moved | None:
        self.tested += 1
        self._counts.update((aspect, told(before, aspect), False) for aspect in ASPECTS)
        self._counts.update((aspect, told(after, aspect), True) for aspect in ASPECTS)
        changed = tuple(aspect for aspect in ASPECTS if getattr(before, aspect) != getattr(after, aspect))
        if not changed:
            return None
        self.changed += 1
        return Moved(
            message_key=fact.message_key,
            message_id=fact.message_id or "",
            subject=fact.subject,
            received_at=fact.received_at,
            case_number=kept.case.number if kept.case else None,
            changed=changed,
            before=before,
            after=after,
        )


def backtest(context: Context, sides: Sides, *, since: datetime | None, watcher: Watcher) -> Totals:
    """What `sides.changed` would have made of the messages decided on since an instant, or ever."""

    def run(conn: Connection) -> Totals:
        trial = trial_of(conn, sides)
        total = decisions.count(conn, since)
        for done, one in enumerate(decisions.kept(conn, since), 1):
            moved = trial.take(one)
            if moved is not None:
                watcher.on_moved(moved)
            watcher.on_progress(done, total)
        return totals_of(trial, undecided=decisions.count_undecided(conn))

    return context.store.read(run)


def trial_of(conn: Connection, sides: Sides) -> Trial:
    """The comparison of two sets, or of one with what was decided."""
    changed, against = sides.changed, sides.against
    after = Replay(changed, by_rules(changed))
    if against is not None:
        return Trial(Replay(against, by_rules(against)), after)
    stored = StoredPlaybooks(conn, changed.playbooks)
    return Trial(Replay(changed, as_decided(stored.of)), after)


def totals_of(trial: Trial, *, undecided: int) -> Totals:
    """What the trial has found so far."""
    return Totals(
        tested=trial.tested,
        changed=trial.changed,
        homeless=trial.homeless,
        undecided=undecided,
        counts=trial.counts(),
    )


def told(outcome: Outcome, aspect: str) -> str:
    """One aspect of an outcome in words."""
    value: str | tuple[str, ...] = getattr(outcome, aspect)
    return (value if isinstance(value, str) else ", ".join(value)) or _NONE
