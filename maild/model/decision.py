"""A decision as it is kept: what was known, what was decided, and why; for `explain` and back-tests."""

from dataclasses import dataclass
from datetime import datetime

from maild.model.case import CaseId
from maild.model.facts import Fact, RuleVerdict
from maild.model.rule import RuleInput


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """One run of `decide`; `rule_input` is what the rules saw, where rules were asked."""

    id: str
    message_key: str | None
    case_id: CaseId | None
    config_hash: str
    fact: Fact | None
    rule_input: RuleInput | None
    reason: str
    trace: tuple[RuleVerdict, ...] = ()
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDecision:
    """A decision on a message, and the case that holds the message now: people may have changed it since."""

    record: DecisionRecord
    case: "CaseNow | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNow:
    """What a case is at present."""

    id: CaseId
    number: str
    kind: str
    priority: str
    owner: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedFact:
    """A fact that waits to be decided on; `attempts` counts the tries that failed."""

    id: str
    case_id: CaseId
    fact: Fact
    attempts: int
    error: str
    queued_at: datetime
