"""A case: the row that the journal of its events folds into."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from maild.model.mail import Address
from maild.model.progress import NO_PROGRESS, Progress

CaseId = NewType("CaseId", str)


class Direction(StrEnum):
    """Which way a message went, seen from the company."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class JoinReason(StrEnum):
    """What made a message part of its case, strongest first."""

    TOKEN = "token"  # noqa: S105 -- a word, not a secret: our keyed Message-ID in References, or the signed Reply-To
    THREAD = "thread"  # References lead to a message of the case
    NUMBER = "number"  # the case number stands in the subject
    SUBJECT = "subject"  # a reply with the same base subject from the same party, lately
    REPORT = "report"  # a delivery report on a message of the case
    OPENED = "opened"  # the message opened it
    SENT = "sent"  # maild itself sent it for the case
    MOVED = "moved"  # a person, or a merge, brought it here from another case


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTraits:
    """What rules settle about a case beyond kind and priority; labels and fields are in order of name."""

    owner: str = ""  # the address of a colleague, case-folded
    department: str = ""
    labels: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    confidential: bool = False


NO_TRAITS = CaseTraits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it stands: `version` counts its events, `evolve` alone makes the next one."""

    id: CaseId
    serial: int
    number: str
    kind: str
    stage: str
    priority: str
    subject: str
    base_subject: str
    contact: Address
    participants: frozenset[str]  # address keys of the people on the outside who belong to it
    mailbox: str
    language: str
    playbook: str
    config_hash: str
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    message_count: int
    trouble: str  # why a mail of this case did not get out; empty when all is well
    merged_into: CaseId | None  # the case that took all of this one over
    version: int
    traits: CaseTraits = NO_TRAITS
    calendar: str = ""  # by whose time it runs, fixed when it opened
    progress: Progress = NO_PROGRESS
