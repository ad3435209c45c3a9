"""What can happen to a case, in the words of playbooks."""

from dataclasses import dataclass
from enum import StrEnum


class Occurrence(StrEnum):
    """What can happen to a case, by the word that a playbook has for it."""

    CASE_OPENED = "case_opened"
    CONTACT_WROTE = "contact_wrote"  # somebody outside, a person, with more to say than thanks
    CONTACT_THANKED = "contact_thanked"  # the same, but only thanks
    MESSAGE_JOINED = "message_joined"  # any message from outside, machines too
    REPLY_SENT = "reply_sent"  # what a colleague wrote has left to the contact
    CALL_LOGGED = "call_logged"  # somebody was reached by telephone
    CALL_TRIED = "call_tried"  # nobody answered
    CALL_WAIVED = "call_waived"  # the contact has no number, or wants no call
    SENT = "sent"  # of a template: it left
    REFUSED = "refused"  # of a template: it cannot be delivered
    ENTERED = "entered"  # of a stage
    SAID = "said"  # of a command: a colleague said so
    MET = "met"  # of a deadline: in time or late
    MISSED = "missed"  # of a deadline: its time ran out
    ELAPSED = "elapsed"  # of a timer: its time came
    PLAN_FIXED = "plan_fixed"  # a plan was made, or changed in substance


QUALIFIED = frozenset(
    {
        Occurrence.SENT,
        Occurrence.REFUSED,
        Occurrence.ENTERED,
        Occurrence.SAID,
        Occurrence.MET,
        Occurrence.MISSED,
        Occurrence.ELAPSED,
    }
)
"""What is always said *of* something: `sent formal_reply`."""


@dataclass(frozen=True, slots=True, order=True)
class Happening:
    """One occurrence, with what it is said of; empty where it is said of the case."""

    occurrence: Occurrence
    of: str = ""

    def __str__(self) -> str:
        return f"{self.occurrence} {self.of}".rstrip()
