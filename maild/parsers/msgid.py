"""Message-IDs out of Message-ID, In-Reply-To and References.

RFC 5322 §3.6.4, forgiving what occurs: ids folded in the middle, without brackets, separated by
commas, with blanks inside, and In-Reply-To in words (§4.5.4).
"""

import re

from maild.model.mail import MessageId
from maild.parsers import bounds

_BRACKETED = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"[\s<>,;()\"']+")
_BLANKS = re.compile(r"\s+")


def message_ids(value: str) -> tuple[MessageId, ...]:
    """The ids of a header value without their brackets, in order, each once; at most 1,000, the last."""
    found = [_BLANKS.sub("", inside) for inside in _BRACKETED.findall(value)]
    # Some servers drop the brackets; words such as "message of Monday" are no id.
    found = [each for each in found if each] or [each for each in _BARE.split(value) if "@" in each]
    return tuple(MessageId(each) for each in dict.fromkeys(found))[-bounds.MAX_REFERENCES :]


def own_id(value: str) -> MessageId | None:
    """The id of a Message-ID field; None when it names none, such as `<>`."""
    ids = message_ids(value)
    if ids:
        return ids[0]
    bare = _BLANKS.sub("", value).strip("<>")
    return MessageId(bare) if bare else None
