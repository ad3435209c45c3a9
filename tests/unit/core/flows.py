"""A case played by a playbook of promises, happening by happening, on a clock that the test moves."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from maild.core.course import Reacted
from maild.core.decide import decide
from maild.core.evolve import evolve
from maild.core.mails import Cause
from maild.core.playbook import play
from maild.model.case import Case, CaseTraits
from maild.model.delivery import RecipientState
from maild.model.effects import SendMail
from maild.model.events import Event, Happened
from maild.model.facts import DeliverySettled, TimeCame
from maild.model.happening import Happening
from maild.model.people import Department, Person, Staff
from maild.model.playbook import Deadline, Escalation, Playbook, Proof, Reaction, Reminder, Role, Seen
from maild.model.progress import DeadlineRun
from maild.model.world import World
from maild.rules.happening import parse_happening
from maild.rules.span import parse_span
from tests.unit.core.builders import LI, NOW, OPENED, PLAYBOOK, WORLD
from tests.unit.core.calendars import at

STAFF = Staff(
    departments=(Department(name="service", head="chen@example.com", leader="zhao@example.com"),),
    people=(
        Person(name="王芳", address="wang@example.com", department="service", place="p:1"),
        Person(name="陈主任", address="chen@example.com", department="service", place="p:2", language="en"),
        Person(name="赵总", address="zhao@example.com", department="service", place="p:3"),
    ),
    service_desk=("wang@example.com",),
)
REMINDER = Reminder(before=parse_span("2 working hours"), to=Role.OWNER, template="reminder")
AT_ONCE = Escalation(after=None, to=Role.HEAD, template="escalation")
LATER = Escalation(after=parse_span("1 working day"), to=Role.LEADER, template="escalation")


def on(*texts: str) -> tuple[Happening, ...]:
    """The happenings of those texts."""
    return tuple(map(parse_happening, texts))


def seen(text: str, days: int = 1) -> Seen:
    """Proof by one happening."""
    return Seen(happening=parse_happening(text), days=days)


def promise(
    *,
    starts: str = "case_opened",
    met_by: Proof | None = None,
    within: str = "1 working day",
    **changes: object,
) -> Deadline:
    """A first response within a working day, with a reminder and two escalations."""
    plain = Deadline(
        name="first_response",
        title=(("zh", "初步响应"), ("en", "First response")),
        starts=on(starts),
        met_by=met_by or seen("reply_sent"),
        within=parse_span(within),
        place="customer.yaml:20:5",
        reminders=(REMINDER,),
        escalations=(AT_ONCE, LATER),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name


def reaction(fact: str, **changes: object) -> Reaction:
    """A reaction that does what `changes` say."""
    plain = Reaction(on=on(fact), unless=(), send=None, move_to=None, place="customer.yaml:9:5")
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name


def playbook(*parts: Deadline | Reaction) -> Playbook:
    """A flow of these parts: open, waiting, solved, closed."""
    return replace(
        PLAYBOOK,
        stages=("open", "waiting", "solved", "closed"),
        reactions=tuple(part for part in parts if isinstance(part, Reaction)),
        deadlines=tuple(part for part in parts if isinstance(part, Deadline)),
    )


@dataclass
class Story:
    """A case on its way: its journal, and all that it sent."""

    world: World
    case: Case
    journal: list[tuple[Event, datetime]]
    mails: list[SendMail] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def comes(self, text: str, when: datetime | str, key: str = "", now: datetime | None = None) -> "Story":
        """The happening comes at `when` (local time), by the mail of that key."""
        instant = _utc(when)
        happened = Happened(happening=parse_happening(text), happened_at=instant, effect_key=key)
        cause = Cause(key=f"cause-{len(self.journal)}")
        reacted = play(self.case, (happened,), cause, self.world, now or instant)
        self._take(reacted, now or instant)
        return self

    def tick(self, when: datetime | str) -> "Story":
        """The clock shows `when` (local time)."""
        now = _utc(when)
        decision = decide(self.case, TimeCame(), self.world, now)
        self._add(decision.events, decision.effects, now)
        self.reasons.append(decision.reason)
        return self

    def settled(self, key: str, when: str, state: RecipientState = RecipientState.REFUSED) -> "Story":
        """The mail of that key to the contact got to its end, or came back."""
        fact = DeliverySettled(
            effect_key=key, recipient=LI.address, state=state, detail="d", template="formal_reply"
        )
        decision = decide(self.case, fact, self.world, _utc(when))
        self._add(decision.events, decision.effects, _utc(when))
        self.reasons.append(decision.reason)
        return self

    def run(self, name: str = "first_response") -> DeadlineRun:
        """The last run of that deadline."""
        found = self.case.progress.latest(name)
        assert found is not None
        return found

    def sent(self) -> list[tuple[str, str]]:
        """Template and addressee of every mail so far."""
        return [(mail.template, mail.recipient.address) for mail in self.mails]

    def kinds(self) -> list[str]:
        """The events so far, after the opening."""
        return [event.kind for event, _ in self.journal[1:]]

    def _take(self, reacted: Reacted, now: datetime) -> None:
        self._add(reacted.events, reacted.effects, now)
        self.reasons.extend(reacted.reasons)
        assert reacted.case == self.case

    def _add(self, events: Iterable[Event], effects: Iterable[SendMail], now: datetime) -> None:
        for event in events:
            self.journal.append((event, now))
            self.case = evolve(self.case, event, now)
        self.mails.extend(effects)


def _utc(when: datetime | str) -> datetime:
    return (at(when) if isinstance(when, str) else when).astimezone(UTC)


def story(*parts: Deadline | Reaction) -> Story:
    """An open case that runs by a playbook of these parts; nothing has happened yet."""
    world = replace(WORLD, playbook=playbook(*parts), staff=STAFF)
    begun = replace(OPENED, traits=CaseTraits(department="service"))
    return Story(world=world, case=evolve(None, begun, NOW), journal=[(begun, NOW)])


def opened(*parts: Deadline | Reaction) -> Story:
    """The same, opened on Wednesday 30 September 2026 at 16:40."""
    return story(*parts).comes("case_opened", "2026-09-30 16:40")
