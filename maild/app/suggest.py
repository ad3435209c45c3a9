"""Rules that would have spared people their corrections: found in the archive, tried on it, not in force.

What people did is read by lessons.py. What is proposed is a file to read and copy; what it would have changed
comes from a back-test against the files in force.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Connection

from maild.app.backtest import Moved, Sides, Trial, trial_of
from maild.app.context import Context
from maild.app.drafts import Draft, drafts
from maild.app.features import Feature, features, question_of
from maild.app.lessons import Example, examples, is_met, is_possible, targets, what_people_did
from maild.app.replay import by_rules
from maild.app.rule_text import Target
from maild.app.separate import Demands, Proposal, Sample, separate
from maild.model.decision import KeptDecision
from maild.model.events import CorrectedField
from maild.model.mail import AutomaticKind
from maild.store import decisions

_FEATURES_MAX = 40  # of each target that are counted exactly, the most telling ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A corrected message that a suggestion is drawn from."""

    message_id: str
    subject: str
    case_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A rule file, or an entry of a list, with its reasons.

    The condition holds in `hits` messages that belonged to no case before; what the rule says is right for
    `right` of them, as people left them. It catches `caught` of the `corrected` messages.
    """

    settles: str  # a CorrectedField
    value: str
    condition: str
    hits: int
    right: int
    precision: float
    caught: int
    corrected: int
    recall: float
    file: str  # below the config folder
    rule: str  # YAML, for that file
    drawn_from: tuple[Source, ...]
    would_change: tuple[Moved, ...]  # by a back-test against the files in force


@dataclass(slots=True, kw_only=True)
class _Lesson:
    """One target: the corrected messages by key, and how many of them have each feature."""

    sources: dict[str, Source] = field(default_factory=dict)
    support: Counter[Feature] = field(default_factory=Counter)
    by_machine: bool = False  # one of them at least was written by a machine
    right: Counter[Feature] = field(default_factory=Counter)
    chosen: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposed:
    """A proposal for one target, with the ways to write it down."""

    target: Target
    proposal: Proposal
    drafts: tuple[Draft, ...]


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
        self._human = what_people_did(conn)

    def suggestions(self) -> tuple[Suggestion, ...]:
        lessons = self._lessons()
        if not lessons:
            return ()
        self._choose(lessons)
        samples = self._samples(lessons)
        proposed = [
            self._proposed(target, proposal, lessons[target])
            for target in sorted(lessons)
            for proposal in separate(samples[target], self._demands)
        ]
        return tuple(
            _suggestion(one, draft, moved, lessons[one.target])
            for one, (draft, moved) in zip(proposed, self._tried(proposed), strict=True)
        )

    def _proposed(self, target: Target, proposal: Proposal, lesson: _Lesson) -> _Proposed:
        ways = drafts(target, proposal.features, self._configuration, by_people=not lesson.by_machine)
        return _Proposed(target=target, proposal=proposal, drafts=ways)

    def _lessons(self) -> dict[Target, _Lesson]:
        """What people corrected and the rules in force still get wrong, where it was often enough."""
        lessons: defaultdict[Target, _Lesson] = defaultdict(_Lesson)
        for kept, example in self._examples():
            for target in targets(kept, example, self._human):
                routing = self._route(kept.record, example.fact).routing
                if not is_met(target, routing, example, self._configuration):
                    there = features(example.seen, self._shared)
                    _learn(lessons[target], example, _asked_for(target, there))
        return {
            target: lesson
            for target, lesson in lessons.items()
            if len(lesson.sources) >= self._demands.support and is_possible(target, self._configuration)
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
                    one: _bits(holds[one]) & (_bits(people) if _is_for_people(target, lesson) else -1)
                    for one in lesson.chosen
                },
            )
            for target, lesson in lessons.items()
        }

    def _tried(self, proposed: list[_Proposed]) -> Iterator[tuple[Draft, tuple[Moved, ...]]]:
        """Of each proposal's drafts the one that changes most, with what it changes; all in one pass."""
        trials = [[self._trial(draft) for draft in one.drafts] for one in proposed]
        moved: list[list[list[Moved]]] = [[[] for _ in one.drafts] for one in proposed]
        for kept in decisions.kept(self._conn) if trials else ():
            for trial, found in zip(chain(*trials), chain(*moved), strict=True):
                if (one := trial.take(kept)) is not None:
                    found.append(one)
        for each, found_by_draft in zip(proposed, moved, strict=True):
            at = max(range(len(each.drafts)), key=lambda one: len(found_by_draft[one]))
            yield each.drafts[at], tuple(found_by_draft[at])

    def _trial(self, draft: Draft) -> Trial:
        return trial_of(self._conn, Sides(changed=draft.changed, against=self._configuration))

    def _examples(self) -> Iterator[tuple[KeptDecision, Example]]:
        return examples(self._conn, self._configuration, self._human)


def _asked_for(target: Target, there: frozenset[Feature]) -> frozenset[Feature]:
    """What a rule may ask for; a list holds addresses and domains."""
    if target.settles != CorrectedField.PARTY_KIND:
        return there
    return frozenset(one for one in there if one.field in {"from", "from_domain"})


def _is_for_people(target: Target, lesson: _Lesson) -> bool:
    """True where the rule passes by what machines write; a list cannot."""
    return target.settles != CorrectedField.PARTY_KIND and not lesson.by_machine


def _learn(lesson: _Lesson, example: Example, there: frozenset[Feature]) -> None:
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


def _suggestion(one: _Proposed, draft: Draft, moved: tuple[Moved, ...], lesson: _Lesson) -> Suggestion:
    proposal = one.proposal
    return Suggestion(
        settles=one.target.settles,
        value=one.target.value,
        condition=" and ".join(map(str, proposal.features)),
        hits=proposal.hits,
        right=proposal.right,
        precision=proposal.precision,
        caught=proposal.caught,
        corrected=len(lesson.sources),
        recall=proposal.caught / len(lesson.sources),
        file=draft.file,
        rule=draft.text,
        drawn_from=tuple(lesson.sources.values()),
        would_change=moved,
    )
