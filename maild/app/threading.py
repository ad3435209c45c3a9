"""Threads of messages in files, by themselves: no archive is read or changed."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

from maild.app.reading import read_paths
from maild.core.gather import Gathered, Letter, gather
from maild.core.thread import related_ids
from maild.model.mail import Message
from maild.parsers.subject import is_reply

_CONVERSATION_OCTETS = 22  # one byte reserved, five of time, sixteen of GUID; five more for each answer


def thread_paths(paths: Sequence[Path]) -> tuple[Gathered, ...]:
    """The thread of every message under `paths`, in the order of `read_paths`.

    Raises:
        OSError: a file cannot be read.
    """
    return gather([_letter(message) for _, message in read_paths(paths)])


def _letter(message: Message) -> Letter:
    people = (*message.from_, *message.reply_to, *message.to, *message.cc)
    return Letter(
        ids=related_ids(message),
        base_subject=message.base_subject,
        is_reply=is_reply(message.subject),
        people=frozenset(one.key for one in people if one.address),
        sent_at=message.date,
        conversation=_conversation(message.header("Thread-Index")),
    )


def _conversation(thread_index: str) -> str:
    try:
        octets = base64.b64decode("".join(thread_index.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return octets[:_CONVERSATION_OCTETS].hex() if len(octets) >= _CONVERSATION_OCTETS else ""
