"""What is to be done in the world because of a decision. `app` renders and queues effects."""

from dataclasses import dataclass
from typing import Literal

from maild.model.delivery import DoubtPolicy
from maild.model.events import Event
from maild.model.mail import Address, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """A mail from a template. `key` is hash(case, cause, kind, ordinal), unique in the outbox."""

    key: str
    template: str
    language: str
    recipient: Address
    in_reply_to: MessageId | None
    references: tuple[MessageId, ...]
    doubt_policy: DoubtPolicy
    reason: str
    kind: Literal["send_mail"] = "send_mail"


Effect = SendMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What `decide` answers: what has happened to the case, what is to be done, and why."""

    events: tuple[Event, ...]
    effects: tuple[Effect, ...]
    reason: str
