"""Rules that would have spared people their corrections: found in the archive, tried on it, not in force.

A correction is a case whose kind or priority a person set, or a message that a person moved to a case of
another kind. Only messages that belonged to no case before teach: rules decide on those. What is proposed is
a rule file to read and copy; what it would have changed comes from a back-test against the rules in force.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from maild.app.backtest import Moved, Sides, Trial, trial_of
from maild.app.context import Context
from maild.app.features import Feature, features, question_of
from maild.app.replay import by_rules
from maild.app.rule_text import Target, rule_file, rules_of_text
from maild.app.separate import Demands, Proposal, Sample, separate
from maild.model.case import CaseId, Direction
from maild.model.decision import KeptDecision
from maild.model.events import CaseCorrected, CorrectedField, MessagesLeft
from maild.model.facts import MailArrived, Routing
from maild.model.mail import AutomaticKind
from maild.model.rule import RuleInput
from maild.rules.match import compile_rules
from maild.store import decisions, journal

_FEATURES_MAX = 40  # of each target that are counted exactly, the most telling ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A corrected message that a suggestion is drawn from."""

    message_id: str
    subject: str
    case_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A rule file with its reasons.

    The condition holds in `hits` messages that belonged to no case before; what the rule says is right for
    `right` of them, as people left them. It catches `caught` of the `corrected` messages.
    """

    settles: str  # kind or priority
    value: str
    condition: str
    hits: int
    right: int
    precision: float
    caught: int
    corrected: int
    recall: float
    rule: str  # YAML
    drawn_from: tuple[Source, ...]
    would_change: tuple[Moved, ...]  # by a back-test against the rules in force


@dataclass(frozen=True, slots=True, kw_only=True)
class _Example:
    """A message that belonged to no case when it came, and what people made of it since."""

    key: str
    fact: MailArrived
    seen: RuleInput
    kind: str | None  # of the case that it is in now
    priority: str | None
    case_number: str

    def is_right(self, target: Target) -> bool:
        """True when the message is now as the target would have it."""
        return target.value == (self.kind if target.settles == CorrectedField.KIND else self.priority)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Human:
    """What people did: cases whose kind or priority they set, messages that they moved."""

    kinds: frozenset[CaseId]
    priorities: frozenset[CaseId]
    moved: frozenset[str]


@dataclass(slots=True, kw_only=True)
class _Lesson:
    """One target: the corrected messages by key, and how many of them have each feature."""

    sources: dict[str, Source] = field(default_factory=dict)
    support: Counter[Feature] = field(default_factory=Counter)
    by_machine: bool = False  # one of them at least was written by a machine
    right: Counter[Feature] = field(default_factory=Counter)
    chosen: tuple[Feature, ...] = ()


def suggest(context: Context, demands: Demands) -> tuple[Suggestion, ...]:
    """Proposed rules, by what they settle, the ones that catch most first; empty when there is too little."""
    return context.store.read(lambda conn: _Study(conn, context, demands).suggestions())


class _Study:
    """One look at the archive, in a few passes of bounded memory."""

    def __init__(self, conn: Connection, context: Context, demands: Demands) -> None:
        self._conn = conn
        self._configuration = context.configuration
        self._shared = context.configuration.company.shared_domains
        self._demands = demands
        self._route = by_rules(context.configuration)

    def suggestions(self) -> tuple[Suggestion, ...]:
        lessons = self._lessons()
        if not lessons:
            return ()
        self._choose(lessons)
        samples = self._samples(lessons)
        proposed = [
            (target, proposal, rule_file(target, proposal.features, by_people=not lessons[target].by_machine))
            for target in sorted(lessons)
            for proposal in separate(samples[target], self._demands)
        ]
        changes = self._tried([text for _, _, text in proposed])
        return tuple(
            _suggestion(target, proposal, text, lessons[target], moved)
            for (target, proposal, text), moved in zip(proposed, changes, strict=True)
        )

    def _lessons(self) -> dict[Target, _Lesson]:
        """What people corrected and the rules in force still get wrong, where it was often enough."""
        human = _what_people_did(self._conn)
        lessons: defaultdict[Target, _Lesson] = defaultdict(_Lesson)
        for kept, example in self._examples():
            for target in _targets(kept, example, human):
                if not _has(self._route(kept.record, example.fact).routing, target):
                    _learn(lessons[target], example, features(example.seen, self._shared))
        return {
            target: lesson
            for target, lesson in lessons.items()
            if len(lesson.sources) >= self._demands.support
        }

    def _choose(self, lessons: Mapping[Target, _Lesson]) -> None:
        """Keep of each lesson the features that tell most, by words alone."""
        wanted = {one for lesson in lessons.values() for one in lesson.support}
        total: Counter[Feature] = Counter()
        for _, example in self._examples():
            there = features(example.seen, self._shared) & wanted
            total.update(there)
            for target, lesson in lessons.items():
                if example.is_right(target):
                    lesson.right.update(there)
        for lesson in lessons.values():
            lesson.chosen = _most_telling(lesson, total, self._demands.support)

    def _samples(self, lessons: Mapping[Target, _Lesson]) -> dict[Target, Sample]:
        """Where each chosen feature really holds, as rules see it."""
        asked = tuple(sorted({one for lesson in lessons.values() for one in lesson.chosen}, key=str))
        question = question_of(asked)
        size_bytes = decisions.count(self._conn) // 8 + 1
        holds = {one: bytearray(size_bytes) for one in asked}
        right = {target: bytearray(size_bytes) for target in lessons}
        corrected = {target: bytearray(size_bytes) for target in lessons}
        people = bytearray(size_bytes)
        for at, (_, example) in enumerate(self._examples()):
            for one, verdict in zip(asked, question.route(example.seen, default_kind="").trace, strict=True):
                _mark(holds[one], at, on=verdict.matched)
            for target, lesson in lessons.items():
                _mark(right[target], at, on=example.is_right(target))
                _mark(corrected[target], at, on=example.key in lesson.sources)
            _mark(people, at, on=example.fact.automatic.kind is AutomaticKind.NONE)
        return {
            target: Sample(
                corrected=_bits(corrected[target]),
                right=_bits(right[target]),
                holds={
                    one: _bits(holds[one]) & (-1 if lesson.by_machine else _bits(people))
                    for one in lesson.chosen
                },
            )
            for target, lesson in lessons.items()
        }

    def _tried(self, texts: list[str]) -> list[tuple[Moved, ...]]:
        """What each rule file would have changed, put before the rules in force; all in one pass."""
        trials = [self._trial(text) for text in texts]
        moved: list[list[Moved]] = [[] for _ in texts]
        for kept in decisions.kept(self._conn) if trials else ():
            for trial, found in zip(trials, moved, strict=True):
                if (one := trial.take(kept)) is not None:
                    found.append(one)
        return [tuple(found) for found in moved]

    def _trial(self, text: str) -> Trial:
        now = self._configuration
        ruleset = now.ruleset.preceded_by(compile_rules(rules_of_text(text)))
        return trial_of(self._conn, Sides(changed=replace(now, ruleset=ruleset), against=now))

    def _examples(self) -> Iterator[tuple[KeptDecision, _Example]]:
        known = {mailbox.name for mailbox in self._configuration.mailboxes}
        for kept in decisions.kept(self._conn):
            fact, seen = kept.record.fact, kept.record.rule_input
            if not isinstance(fact, MailArrived) or seen is None or fact.mailbox not in known:
                continue
            if fact.joining.case_id is None and fact.direction is Direction.INCOMING:
                yield kept, _example(kept, fact, seen)


def _what_people_did(conn: Connection) -> _Human:
    kinds, priorities, moved = set[CaseId](), set[CaseId](), set[str]()
    for case_id, event in journal.of_kind(conn, "case_corrected"):
        if isinstance(event, CaseCorrected):
            (priorities if event.field is CorrectedField.PRIORITY else kinds).add(case_id)
    for _, event in journal.of_kind(conn, "messages_left"):
        if isinstance(event, MessagesLeft) and not event.whole:  # cases may merge by themselves
            moved.update(event.message_keys)
    return _Human(kinds=frozenset(kinds), priorities=frozenset(priorities), moved=frozenset(moved))


def _example(kept: KeptDecision, fact: MailArrived, seen: RuleInput) -> _Example:
    case = kept.case
    return _Example(
        key=fact.message_key,
        fact=fact,
        seen=seen,
        kind=case.kind if case else None,
        priority=case.priority if case else None,
        case_number=case.number if case else "",
    )


def _targets(kept: KeptDecision, example: _Example, human: _Human) -> Iterator[Target]:
    """What a person set right about this message, if anything."""
    case, decided = kept.case, example.fact.routing
    if case is None:
        return
    by_person = case.id in human.kinds or example.key in human.moved
    if by_person and (case.kind != decided.case_kind or kept.record.case_id is None):
        yield Target(settles=CorrectedField.KIND, value=case.kind)
    if case.id in human.priorities and case.id == kept.record.case_id and case.priority != decided.priority:
        yield Target(settles=CorrectedField.PRIORITY, value=case.priority)


def _has(routing: Routing, target: Target) -> bool:
    """True when the rules in force do what the target wants by themselves."""
    settled = routing.case_kind if target.settles == CorrectedField.KIND else routing.priority
    return routing.opens_case and settled == target.value


def _learn(lesson: _Lesson, example: _Example, there: frozenset[Feature]) -> None:
    lesson.sources[example.key] = Source(
        message_id=example.fact.message_id or "",
        subject=example.fact.subject,
        case_number=example.case_number,
    )
    lesson.support.update(there)
    lesson.by_machine |= example.fact.automatic.kind is not AutomaticKind.NONE


def _most_telling(lesson: _Lesson, total: Counter[Feature], support: int) -> tuple[Feature, ...]:
    """By the harmonic mean of precision and recall; what too few corrected messages have is left out."""

    def score(one: Feature) -> float:
        precision, recall = lesson.right[one] / total[one], lesson.support[one] / len(lesson.sources)
        return 2 * precision * recall / (precision + recall)

    enough = [one for one, count in lesson.support.items() if count >= support]
    return tuple(sorted(enough, key=lambda one: (-score(one), one.rank))[:_FEATURES_MAX])


def _mark(bits: bytearray, at: int, *, on: bool) -> None:
    if on:
        bits[at >> 3] |= 1 << (at & 7)


def _bits(marks: bytearray) -> int:
    return int.from_bytes(marks, "little")


def _suggestion(
    target: Target, proposal: Proposal, text: str, lesson: _Lesson, moved: tuple[Moved, ...]
) -> Suggestion:
    return Suggestion(
        settles=target.settles,
        value=target.value,
        condition=" and ".join(map(str, proposal.features)),
        hits=proposal.hits,
        right=proposal.right,
        precision=proposal.precision,
        caught=proposal.caught,
        corrected=len(lesson.sources),
        recall=proposal.caught / len(lesson.sources),
        rule=text,
        drawn_from=tuple(lesson.sources.values()),
        would_change=moved,
    )
