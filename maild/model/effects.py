"""What is to be done in the world because of a decision. `app` renders and queues effects."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from maild.model.delivery import DoubtPolicy
from maild.model.events import Event
from maild.model.mail import Address, MessageId


class Voice(StrEnum):
    """Who speaks in a mail (RFC 3834 §5)."""

    ANSWER = "auto-replied"  # maild, to what somebody wrote
    NOTICE = "auto-generated"  # maild, of its own accord
    PERSON = "no"  # a colleague, through maild


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """A mail from a template. `key` is hash(case, cause, kind, ordinal), unique in the outbox.

    `about` is the key of the message that it is about, `answered_at` when the colleague's answer reached us
    that it carries; `values` fill variables of the template beyond those
    that the case fills.
    """

    key: str
    template: str
    language: str
    recipient: Address
    in_reply_to: MessageId | None
    references: tuple[MessageId, ...]
    doubt_policy: DoubtPolicy
    reason: str
    voice: Voice = Voice.ANSWER
    about: str = ""
    answered_at: datetime | None = None
    values: tuple[tuple[str, str], ...] = ()
    kind: Literal["send_mail"] = "send_mail"


Effect = SendMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What `decide` answers: what has happened to the case, what is to be done, and why."""

    events: tuple[Event, ...]
    effects: tuple[Effect, ...]
    reason: str
