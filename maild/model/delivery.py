"""What goes out: envelopes, attempts, and what became of each recipient (RFC 5321, RFC 1047)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from maild.model.case import CaseId
from maild.model.mail import MessageId


class RecipientState(StrEnum):
    """What became of one recipient of one message."""

    QUEUED = "queued"  # not yet tried
    DEFERRED = "deferred"  # refused for now (4xx), or the server was not there; tried again
    SENT = "sent"  # the server took it (250 after the final dot)
    REFUSED = "refused"  # refused for good (5xx), or deferred for too long
    IN_DOUBT = "in_doubt"  # the connection ended inside DATA: it may or may not have been taken


class OutboxState(StrEnum):
    """What is next for a message in the outbox."""

    QUEUED = "queued"  # at least one recipient waits for `next_attempt_at`
    SENDING = "sending"  # an attempt is under way
    DONE = "done"  # every recipient is sent or refused
    IN_DOUBT = "in_doubt"  # at least one recipient is in doubt; never repeated blindly
    HELD = "held"  # it could not be rendered, or a person must decide first


class DoubtPolicy(StrEnum):
    """What a playbook does with mail in doubt for which no proof turned up in time."""

    HOLD = "hold"  # a person decides
    RESEND = "resend"  # a second copy is better than none


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """MAIL FROM and RCPT TO; an empty sender is the null reverse-path (RFC 5321 §4.5.5)."""

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientOutcome:
    """One recipient after one attempt; `code` is the SMTP reply code, 0 where there was no reply."""

    address: str
    state: RecipientState
    code: int = 0
    reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A message frozen for sending: the bytes and the Message-ID never change again.

    `effect_key` is unique: the same effect decided twice is queued once. `bytes_sha256` names the blob.
    """

    id: str
    effect_key: str
    case_id: CaseId | None
    mailbox: str
    template: str
    template_version: str
    message_id: MessageId
    envelope: Envelope
    raw: bytes = field(repr=False)
    doubt_policy: DoubtPolicy = DoubtPolicy.HOLD
    created_at: datetime
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMail:
    """A mail that could not be rendered: queued without bytes, with the error, for a person to see."""

    id: str
    effect_key: str
    case_id: CaseId | None
    mailbox: str
    template: str
    recipients: tuple[str, ...]
    error: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRecipient:
    """The standing of one recipient."""

    address: str
    state: RecipientState
    code: int
    reply: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: written before dialling, `data_at` before the bytes go, the outcome after."""

    id: str
    outbox_id: str
    number: int
    owner: str
    started_at: datetime
    data_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """A row of the outbox with its recipients, as it stands now."""

    id: str
    effect_key: str
    case_id: CaseId | None
    mailbox: str
    template: str
    template_version: str
    message_id: MessageId
    sender: str
    state: OutboxState
    recipients: tuple[OutboxRecipient, ...]
    doubt_policy: DoubtPolicy
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMail:
    """What the dispatcher needs for one attempt: only the recipients that are still to be tried."""

    outbox_id: str
    attempt_id: str
    attempt_number: int
    case_id: CaseId | None
    mailbox: str
    message_id: MessageId
    envelope: Envelope
    created_at: datetime
    raw: bytes = field(repr=False)
