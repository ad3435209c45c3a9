"""What tells whom a bounce in prose is for, beside its prose.

flufl.bounce knows the reports of many mail systems and is asked first; X-Failed-Recipients, the
header of the returned message and who the report itself is from and for come with it.
"""

import email
import logging
from collections.abc import Collection

import flufl.bounce

from maild.parsers import bounce, dsn, headers
from maild.parsers.parts import Part
from maild.parsers.people import People

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs what it matches

_MAX_DETECTED_BYTES = 200_000
"""Reports are short; the detectors try some fifty patterns on each line."""


def failed_recipients(head: headers.Head) -> tuple[str, ...]:
    """The addresses that Exim and Gmail name in X-Failed-Recipients."""
    failed = headers.text_of(head.first("x-failed-recipients"))
    return tuple(each.strip() for each in failed.split(",") if "@" in each)


def of(head: headers.Head, root: Part, body: bytes, people: People) -> bounce.Clues:
    """The clues in a bounce with that header and parts; `body` is its body as it came, bulk left out."""
    named, delayed = failed_recipients(head), frozenset[str]()
    if not named:
        temporary, permanent = map(_texts, _detected(head, body))
        named, delayed = tuple(sorted(temporary | permanent)), temporary
    sent = dsn.original(root)
    return bounce.Clues(
        named=named,
        delayed=delayed,
        sender=frozenset(each.key for key in ("from", "to", "reply-to") for each in people.of(key)),
        sent_to=tuple(each.address for each in People(sent).of("to")) if sent else (),
    )


def _texts(addresses: Collection[bytes]) -> frozenset[str]:
    return frozenset(each.decode("ascii", "replace") for each in addresses)


def _detected(head: headers.Head, body: bytes) -> tuple[Collection[bytes], Collection[bytes]]:
    """The (delayed, failed) recipients that flufl.bounce finds."""
    if len(body) > _MAX_DETECTED_BYTES:
        return (), ()
    fields = b"".join(b"%s: %s\n" % (field.name.encode(), field.raw) for field in head.fields)
    try:
        return flufl.bounce.all_failures(email.message_from_bytes(b"%s\n%s" % (fields, body)))
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        # flufl.bounce 6.0 indexes into what it expects of the mail that a detector is for.
        return (), ()
