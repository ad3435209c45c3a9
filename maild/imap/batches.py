"""How many messages are asked for at once: bounded command lines, bounded answers, bounded memory.

Pure arithmetic on UIDs and sizes; the asking is left to session.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from maild.model.intake import Uid

# 200 UIDs of ten digits make a line of 2,200 octets; RFC 2683 §3.2.1.5 allows 8,000.
UIDS_PER_COMMAND = 200
# What one FETCH may bring into memory; a single larger message comes alone.
BYTES_PER_FETCH = 8 * 1024 * 1024
# imaplib gives up on a line above 1,000,000 octets; this many UIDs of ten digits fit in one.
UIDS_PER_ANSWER = 80_000


def chunks(uids: Sequence[Uid], limit: int = UIDS_PER_COMMAND) -> Iterator[list[Uid]]:
    """`uids` in their order, at most `limit` at a time."""
    rest = iter(uids)
    while chunk := list(islice(rest, limit)):
        yield chunk


def batches(sizes: Mapping[Uid, int], limit_bytes: int = BYTES_PER_FETCH) -> Iterator[list[Uid]]:
    """The UIDs of `sizes` (bytes each) in their order, as many at a time as fit in `limit_bytes`."""
    batch: list[Uid] = []
    batch_bytes = 0
    for uid, size_bytes in sizes.items():
        if batch and batch_bytes + size_bytes > limit_bytes:
            yield batch
            batch, batch_bytes = [], 0
        batch.append(uid)
        batch_bytes += size_bytes
    if batch:
        yield batch


def uid_ranges(first: int, uidnext: int, message_count: int) -> Iterator[str]:
    """The ranges to search for every UID from `first` on, each with an answer that fits in a line.

    The last range is open, so that messages newer than `uidnext` are found too.
    """
    if message_count > UIDS_PER_ANSWER:
        while first + UIDS_PER_ANSWER < uidnext:
            yield f"{first}:{first + UIDS_PER_ANSWER - 1}"
            first += UIDS_PER_ANSWER
    yield f"{first}:*"
