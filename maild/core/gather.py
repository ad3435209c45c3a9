"""Threads of a heap of messages at once, without an archive: References first, then what is left.

Where a program lost References (RFC 5322 §3.6.4), two more things tie a reply to its thread: the conversation
that Outlook and Exchange number in Thread-Index, and the subject without its reply marks. The subject counts
only for a reply, within a time window, and among the same people.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.model.mail import MessageId

WINDOW = timedelta(days=30)
"""How long a subject is remembered: people come back after holidays, and reuse words after months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What threads are made of. `ids`: the message's own, then its ancestors, nearest first."""

    ids: tuple[MessageId, ...]
    base_subject: str
    is_reply: bool
    people: frozenset[str]  # address keys of author and recipients
    sent_at: datetime | None
    conversation: str  # the first 22 octets of Thread-Index, as text; empty when there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The thread of one letter, named by the id of its earliest message, and what tied it there."""

    message_id: MessageId
    thread: MessageId
    reason: str


class _Sets:
    """Disjoint sets of Message-IDs (union by attachment, path halving)."""

    def __init__(self) -> None:
        self._parent: dict[MessageId, MessageId] = {}

    def root(self, one: MessageId) -> MessageId:
        parent = self._parent.setdefault(one, one)
        while parent != one:
            self._parent[one] = self._parent.setdefault(parent, parent)
            one, parent = parent, self._parent[parent]
        return one

    def join(self, one: MessageId, other: MessageId) -> None:
        self._parent[self.root(one)] = self.root(other)


def gather(letters: Sequence[Letter]) -> tuple[Gathered, ...]:
    """The thread of every letter, in the order given; the answer does not depend on that order."""
    sets = _Sets()
    reasons: dict[MessageId, str] = {}
    for letter in letters:
        for ancestor in letter.ids[1:]:
            sets.join(letter.ids[0], ancestor)
    ordered = sorted(letters, key=lambda letter: (letter.sent_at is None, letter.sent_at, letter.ids[0]))
    _join_conversations(ordered, sets, reasons)
    _join_subjects(ordered, sets, reasons)
    return _named(letters, ordered, sets, reasons)


def _join_conversations(ordered: Sequence[Letter], sets: _Sets, reasons: dict[MessageId, str]) -> None:
    """Letters of one numbered conversation with one subject; a changed subject is a new matter there too."""
    first: dict[tuple[str, str], MessageId] = {}
    for letter in ordered:
        own = letter.ids[0]
        if letter.conversation:
            known = first.setdefault((letter.conversation, letter.base_subject.casefold()), own)
            if sets.root(known) != sets.root(own):
                sets.join(own, known)
                reasons[own] = f"the conversation of <{known}> by Thread-Index"


def _join_subjects(ordered: Sequence[Letter], sets: _Sets, reasons: dict[MessageId, str]) -> None:
    """A reply that names no ancestor joins the latest earlier letter with its subject and its people."""
    lately: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in ordered:
        subject = letter.base_subject.casefold()
        if not subject or letter.sent_at is None:
            continue
        if letter.is_reply and len(letter.ids) == 1:
            earlier = _same_matter(letter, letter.sent_at, lately[subject])
            if earlier and sets.root(earlier.ids[0]) != sets.root(letter.ids[0]):
                sets.join(letter.ids[0], earlier.ids[0])
                reasons[letter.ids[0]] = (
                    f"a reply with the subject of <{earlier.ids[0]}> among the same people"
                )
        lately[subject].append(letter)


def _same_matter(letter: Letter, sent_at: datetime, earlier: Sequence[Letter]) -> Letter | None:
    for other in reversed(earlier):
        if other.sent_at is None or sent_at - other.sent_at > WINDOW:
            return None
        if letter.people & other.people:
            return other
    return None


def _named(
    letters: Sequence[Letter], ordered: Sequence[Letter], sets: _Sets, reasons: dict[MessageId, str]
) -> tuple[Gathered, ...]:
    names: dict[MessageId, MessageId] = {}
    for letter in ordered:
        names.setdefault(sets.root(letter.ids[0]), letter.ids[0])
    own_ids = {letter.ids[0] for letter in letters}
    return tuple(
        Gathered(
            message_id=letter.ids[0],
            thread=names[sets.root(letter.ids[0])],
            reason=reasons.get(letter.ids[0]) or _by_references(letter, own_ids),
        )
        for letter in letters
    )


def _by_references(letter: Letter, own_ids: set[MessageId]) -> str:
    if len(letter.ids) == 1:
        return "names no earlier message"
    nearest = next((one for one in letter.ids[1:] if one in own_ids), letter.ids[1])
    return f"refers to <{nearest}>" + ("" if nearest in own_ids else ", which is not here")
