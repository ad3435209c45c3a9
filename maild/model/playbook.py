"""A flow as its file says it, compiled: what `decide` reads instead of YAML.

A playbook speaks of *happenings*: `case_opened`, `contact_wrote`, `sent formal_reply`, `entered solved`.
Facts make happenings, happenings start and meet deadlines and set off reactions, and what those do may be
another happening (docs/playbooks.md).
"""

from dataclasses import dataclass
from enum import StrEnum

from maild.model.calendar import Span
from maild.model.delivery import DoubtPolicy
from maild.model.happening import Happening

Text = tuple[tuple[str, str], ...]
"""One text in several languages: (language, text)."""


def text_in(text: Text, language: str) -> str:
    """The text in that language, else in the first that there is."""
    return next((words for code, words in text if code == language), text[0][1])


class Guard(StrEnum):
    """What keeps a reaction from happening, each with its reason told."""

    AUTOMATIC = "automatic"  # a machine wrote it (RFC 3834 §2)
    STAFF = "staff"  # a colleague wrote it
    OURSELVES = "ourselves"  # it came from one of our own mailboxes


class Role(StrEnum):
    """Who is meant, seen from the case."""

    CONTACT = "contact"  # whom the case is for
    AUTHOR = "author"  # who wrote what it is about
    OWNER = "owner"  # whose case it is; while nobody's, the service desk
    DESK = "desk"  # the service desk (客服)
    HEAD = "head"  # of the owner's department
    LEADER = "leader"  # who supervises that department (分管领导)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """On a happening, unless a guard holds: send a mail, move to a stage, or both.

    Only in one of `stages`, where any are named.
    """

    on: tuple[Happening, ...]
    unless: tuple[Guard, ...]
    send: str | None
    move_to: str | None
    place: str  # file:line:column
    to: Role = Role.CONTACT
    stages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """True once the happening came; where `days` are several, on so many different working days."""

    happening: Happening
    days: int = 1

    @property
    def happenings(self) -> frozenset[Happening]:
        """What it asks for."""
        return frozenset({self.happening})


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """True when all parts are."""

    parts: tuple["Proof", ...]

    @property
    def happenings(self) -> frozenset[Happening]:
        """What its parts ask for."""
        return frozenset().union(*(part.happenings for part in self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """True when one part is."""

    parts: tuple["Proof", ...]

    @property
    def happenings(self) -> frozenset[Happening]:
        """What its parts ask for."""
        return frozenset().union(*(part.happenings for part in self.parts))


Proof = Seen | Every | Either
"""What shows that a promise was kept; only what happened since its clock started counts."""


class Again(StrEnum):
    """What becomes of a running deadline when what starts it happens once more."""

    KEEP = "keep"  # the first promise stands
    RESTART = "restart"  # it is given anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A mail to a colleague, so long before the due time."""

    before: Span
    to: Role
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A mail to a colleague when a promise is not kept: at its due time, or so long `after` it."""

    after: Span | None
    to: Role
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is sent when an update is due: `template` with the owner's line, `otherwise` without one.

    Without one at most `at_most` times in a row; after that `then` gets `then_template`. A colleague's answer
    to `ask_template` is the line.
    """

    template: str
    otherwise: str
    at_most: int
    ask_template: str
    then: Role
    then_template: str


PREVIOUS = "previous"
"""As a stage to move to: the one that the case came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A promise: it starts on a happening and is kept by its proof within a span, by the case's calendar.

    It lives in `stages` alone, where any are named. It waits while the case is in one of `paused_in`, and
    ends unkept on `dropped_by`, where it does not live, or when the case closes. One that is no promise is a
    timer: nobody keeps it, and nothing is late. An update is sent when it is due, and then begins again.
    """

    name: str
    title: Text
    starts: tuple[Happening, ...]
    met_by: Proof
    within: Span
    place: str  # file:line:column
    again: Again = Again.KEEP
    unless: tuple[Guard, ...] = ()
    dropped_by: tuple[Happening, ...] = ()
    stages: frozenset[str] = frozenset()
    paused_in: frozenset[str] = frozenset()
    reminders: tuple[Reminder, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    is_promise: bool = True
    update: Update | None = None

    def starts_in(self, stage: str) -> bool:
        """True in the stages in which its clock may start."""
        return not self.stages or stage in self.stages

    def lives_in(self, stage: str) -> bool:
        """True in the stages in which its clock runs or waits."""
        return self.starts_in(stage) or stage in self.paused_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """One flow. A case of one of `kinds` runs by it, numbered PREFIX-YYYY-NNNNN."""

    name: str
    version: str
    number_prefix: str
    kinds: tuple[str, ...]
    stages: tuple[str, ...]
    closing_stages: frozenset[str]
    reactions: tuple[Reaction, ...]
    doubt_policy: DoubtPolicy
    place: str
    deadlines: tuple[Deadline, ...] = ()

    def deadline(self, name: str) -> Deadline | None:
        """The deadline of that name."""
        return next((each for each in self.deadlines if each.name == name), None)

    @property
    def templates(self) -> tuple[tuple[str, str], ...]:
        """Every template that it sends, with the place where it says so."""
        reactions = ((each.send, each.place) for each in self.reactions if each.send)
        reminders = ((one.template, each.place) for each in self.deadlines for one in each.reminders)
        escalations = ((one.template, each.place) for each in self.deadlines for one in each.escalations)
        updates = (
            (template, each.place)
            for each in self.deadlines
            if each.update
            for template in (each.update.template, each.update.otherwise, each.update.then_template)
        )
        return (*reactions, *reminders, *escalations, *updates)
