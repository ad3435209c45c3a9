"""Which thread a message belongs to, by RFC 5322 §3.6.4 alone.

A thread is a set of Message-IDs joined by References and In-Reply-To, through ghosts (ids that were named
but never seen). Sets do not depend on the order of arrival: a late parent joins what its children began.
Who wrote, and about what, is not asked here; that is for joining a case.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.model.mail import Identity, Message, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Threading:
    """The thread of a message, the threads that it joins together, and the ids that it brings in."""

    thread_id: str
    merged: tuple[str, ...]  # threads that end in `thread_id`
    ids: tuple[MessageId, ...]
    reason: str


def own_id(message: Message) -> MessageId:
    """The Message-ID, or one derived from the identity where the sender gave none."""
    return message.message_id or derived_id(message.identity)


def derived_id(identity: Identity) -> MessageId:
    """A stand-in Message-ID that every copy of the message gets alike (RFC 2606 §2: .invalid)."""
    return MessageId(f"{identity[:40]}@derived.invalid")


def related_ids(message: Message) -> tuple[MessageId, ...]:
    """Every id that ties this message to a thread: its own first, then its ancestors, nearest first."""
    nearest_first = (*reversed(message.references), *message.in_reply_to)
    return tuple(dict.fromkeys((own_id(message), *nearest_first)))


def decide_thread(ids: tuple[MessageId, ...], known: Mapping[MessageId, str], new_id: str) -> Threading:
    """The thread for `related_ids(message)`, given the threads `known` of those ids.

    Where the ids lead to several threads, the oldest lives on (ids sort by age); `new_id` is used when they
    lead to none.
    """
    found = sorted({known[one] for one in ids if one in known})
    if not found:
        reason = (
            "names no earlier message" if len(ids) == 1 else "the messages that it names are not here yet"
        )
        return Threading(thread_id=new_id, merged=(), ids=ids, reason=reason)
    nearest = next(one for one in ids if one in known)
    own = nearest == ids[0]
    reason = "an earlier message names this one" if own else f"refers to <{nearest}>"
    return Threading(thread_id=found[0], merged=tuple(found[1:]), ids=ids, reason=reason)
