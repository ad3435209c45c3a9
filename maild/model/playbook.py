"""A flow as its file says it, compiled: what `decide` reads instead of YAML."""

from dataclasses import dataclass
from enum import StrEnum

from maild.model.delivery import DoubtPolicy


class Trigger(StrEnum):
    """The facts on which a playbook can act."""

    CASE_OPENED = "case_opened"
    MESSAGE_JOINED = "message_joined"


class Guard(StrEnum):
    """What keeps a reaction from happening, each with its reason told."""

    AUTOMATIC = "automatic"  # a machine wrote it (RFC 3834 §2)
    STAFF = "staff"  # a colleague wrote it
    OURSELVES = "ourselves"  # it came from one of our own mailboxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """On a trigger, unless a guard holds: send a template, or move to a stage, or both."""

    on: Trigger
    unless: tuple[Guard, ...]
    send: str | None
    move_to: str | None
    place: str  # file:line:column


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
