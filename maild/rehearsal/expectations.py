"""Whether what should have happened did, and what happened instead.

An expectation finds any mail that went out so far, unless one before it found it and the story has gone on
since. That none came (`count: 0`) is said of what went out since the expectations before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from maild.model.case import Case
from maild.model.progress import DeadlineRun, DeadlineState
from maild.model.rehearsal import DeadlineStanding, ExpectCase, ExpectDeadline, ExpectMail
from maild.rehearsal.told import EffectTold

_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was expected, in words, and what there was instead; nothing where all is as it should be."""

    expected: str
    instead: tuple[str, ...] = ()


class Lookout:
    """Which of the mails that went out are still to be found."""

    def __init__(self, effects: Sequence[EffectTold], zone: ZoneInfo) -> None:
        self._effects = effects
        self._zone = zone
        self._used = set[int]()
        self._found = set[int]()
        self._looked_at = self._since = 0

    def go_on(self) -> None:
        """The story goes on: what expectations have found until now is found for good."""
        self._used |= self._found
        self._found.clear()
        self._since = self._looked_at

    def look(self, expected: ExpectMail, to: str, by: datetime | None) -> Verdict:
        """Whether mail is there as expected; `to` is an address, case-folded, or empty for anybody."""
        first = self._since if expected.count == 0 else 0
        left = (at for at in range(first, len(self._effects)) if at not in self._used)
        seen = [at for at in left if by is None or self._effects[at].at <= by]
        found = [at for at in seen if is_as_expected(self._effects[at], expected, to)]
        self._looked_at = len(self._effects)
        is_right = bool(found) if expected.count is None else len(found) == expected.count
        if is_right:
            self._found.update(found)
            return Verdict(expected=_in_words(expected, to))
        instead = tuple(self._shown(found or seen, "found" if found else "there was"))
        return Verdict(expected=_in_words(expected, to), instead=instead)

    def _shown(self, places: Sequence[int], word: str) -> Iterator[str]:
        if not places:
            yield "nothing went out"
        for at in places[-_MOST_SHOWN:]:
            mail = self._effects[at]
            told = f"{mail.template} to {', '.join(mail.to)}: {mail.letter.subject}"
            yield f"{word} {mail.at.astimezone(self._zone):%Y-%m-%d %H:%M} {told}"


def is_as_expected(mail: EffectTold, expected: ExpectMail, to: str) -> bool:
    """True when a mail has all that is asked for; case and white space of texts do not count."""
    if (to and to not in map(str.casefold, mail.to)) or expected.template not in {"", mail.template}:
        return False
    subject, text = _plain(expected.subject_contains), _plain(expected.text_contains)
    return (not subject or subject in _plain(mail.letter.subject)) and (
        not text or text in _plain(mail.letter.text)
    )


def judge_case(case: Case, expected: ExpectCase, owner: str, now: datetime, zone: ZoneInfo) -> Verdict:
    """Whether a case stands as expected; `owner` is an address, case-folded, or empty for anybody."""
    asked = (
        ("kind", expected.case_kind, case.kind),
        ("stage", expected.stage, case.stage),
        ("owner", owner, case.traits.owner),
    )
    instead = [f"{name} {got or 'none'}" for name, wanted, got in asked if wanted and wanted != got]
    words = [f"{name} {wanted}" for name, wanted, _ in asked if wanted]
    if expected.deadline:
        words.append(_deadline_in_words(expected.deadline, zone))
        instead += _wrong_deadline(case, expected.deadline, now, zone)
    told = tuple(f"{case.number} has {each}" for each in instead)
    return Verdict(expected=f"{case.number} with {', '.join(words)}", instead=told)


def standing(run: DeadlineRun, now: datetime) -> DeadlineStanding:
    """How a deadline stands, late or not."""
    if run.state is DeadlineState.RUNNING and run.is_late(now):
        return DeadlineStanding.LATE
    if run.state is DeadlineState.MET and run.is_late(now):
        return DeadlineStanding.MET_LATE
    return DeadlineStanding(run.state.value)


def _wrong_deadline(case: Case, expected: ExpectDeadline, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    run = case.progress.latest(expected.name)
    if run is None:
        known = dict.fromkeys(each.name for each in case.progress.deadlines)
        yield f"no deadline {expected.name}" + (f", only {', '.join(known)}" if known else "")
        return
    there = standing(run, now)
    if expected.standing not in {None, there}:
        yield f"{run.name} {there}"
    if expected.due_at and _minute(_local(expected.due_at, zone)) != _minute(_local(run.due_at, zone)):
        yield f"{run.name} due {_local(run.due_at, zone):%Y-%m-%d %H:%M}"


def _deadline_in_words(expected: ExpectDeadline, zone: ZoneInfo) -> str:
    due = f" due {_local(expected.due_at, zone):%Y-%m-%d %H:%M}" if expected.due_at else ""
    return f"{expected.name}{f' {expected.standing}' if expected.standing else ''}{due}"


def _in_words(expected: ExpectMail, to: str) -> str:
    count = "a mail" if expected.count is None else f"{expected.count or 'no'} mail"
    parts = (
        ("to", to),
        ("from template", expected.template),
        ("with the subject", expected.subject_contains and repr(expected.subject_contains)),
        ("that says", expected.text_contains and repr(expected.text_contains)),
    )
    return " ".join([count, *(f"{word} {value}" for word, value in parts if value)])


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
