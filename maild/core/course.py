"""A case as it goes on while one fact is worked through: what is recorded, sent, and still to happen."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from maild.core.evolve import evolve
from maild.core.mails import Cause, Order, decided, guarded, mails_for, unsendable
from maild.model.case import Case
from maild.model.effects import Effect, SendMail
from maild.model.events import Change, Happened
from maild.model.happening import Happening
from maild.model.playbook import Guard, Playbook
from maild.model.progress import DeadlineRun
from maild.model.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """What was made of one fact, in order, and the case as it stands then."""

    case: Case
    events: tuple[Change, ...]
    effects: tuple[Effect, ...]
    reasons: tuple[str, ...]


class Course:
    """The case of one decision, event by event; `case` is how it stands by now."""

    def __init__(self, case: Case, cause: Cause, world: World, now: datetime) -> None:
        self.case = case
        self.cause = cause
        self.world = world
        self.now = now
        self.template = cause.mail.routing.template if cause.mail else None
        self._waiting = deque[Happened]()
        self._events = list[Change]()
        self._effects = list[Effect]()
        self._reasons = list[str]()

    @property
    def playbook(self) -> Playbook:
        """By which the case runs."""
        return self.world.playbook

    def reacted(self) -> Reacted:
        """All that was done."""
        return Reacted(
            case=self.case,
            events=tuple(self._events),
            effects=tuple(self._effects),
            reasons=tuple(self._reasons),
        )

    def record(self, event: Change) -> None:
        """Note an event; the case is as it makes it."""
        self._events.append(event)
        self.case = evolve(self.case, event, self.now)

    def tell(self, reason: str) -> None:
        """Say in words what was done, or why not."""
        self._reasons.append(reason)

    def standing(self, run: DeadlineRun) -> DeadlineRun:
        """The run as it is by now."""
        return self.case.progress.run(run.name, run.run) or run

    def await_all(self, happened: Iterable[Happened]) -> None:
        """These are worked through when their turn comes."""
        self._waiting.extend(happened)

    def happen(self, happening: Happening, at: datetime, effect_key: str = "") -> None:
        """This happened too, and is worked through when its turn comes."""
        self._waiting.append(Happened(happening=happening, happened_at=at, effect_key=effect_key))

    def next_happened(self) -> Happened | None:
        """What is to be worked through next; None when there is nothing left."""
        return self._waiting.popleft() if self._waiting else None

    def stop(self) -> None:
        """What waits is not worked through any more."""
        self._waiting.clear()

    def send(self, order: Order, guards: tuple[Guard, ...] = ()) -> None:
        """One mail, or the reason why there is none."""
        why = guarded(guards, self.cause, self.world) or unsendable(order, self.case, self.cause, self.world)
        mails = () if why else mails_for(order, self.case, self.cause, self.world, self.now)
        if not mails:
            self.tell(f"no {order.template}: {why or f'people.yaml names no {order.to}'}")
        sent = {_what(mail) for mail in self._effects}
        for mail in (each for each in mails if _what(each) not in sent):
            self._effects.append(mail)
            self.record(decided(mail))
            self.tell(f"sends {mail.template} to {mail.recipient.address}")


def _what(mail: SendMail) -> tuple[object, ...]:
    """What makes two mails of one decision the same to whom they are for."""
    return mail.template, mail.recipient, mail.about, mail.values
