"""The processor: settles deliveries in their order of arrival, and lets none of them stop the rest.

A message that fails three times is quarantined: it stays visible and in the archive, and a person can have
it tried again.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from maild.app.arrival import Outcome, settle_deliveries
from maild.app.context import Context
from maild.errors import NotFound, StoreBusy
from maild.model.intake import LedgerEntry, LedgerState
from maild.parsers.message import read
from maild.store import archive, inbox

log = logging.getLogger(__name__)

TRIES = 3
_RETRY_AFTER = timedelta(seconds=30)
_NOTHING: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What one round did: ledger entries settled, and how many of them went to quarantine."""

    settled: int
    quarantined: int


def process_pending(context: Context, limit: int = 50, at_hand: Mapping[str, bytes] = _NOTHING) -> Processed:
    """Settle up to `limit` deliveries: together, or one by one if one of them fails.

    `at_hand` are raw messages by SHA-256 that need not be fetched, since the caller has just stored them.
    """
    now = context.clock.now()
    entries = context.store.read(lambda conn: inbox.pending(conn, limit, now))
    if not entries:
        return Processed(settled=0, quarantined=0)
    if len(entries) > 1:
        try:
            return _settle(context, entries, at_hand)
        except StoreBusy:
            raise
        except Exception as exc:  # noqa: BLE001 -- supervisor: one of them fails; find out which
            log.info(
                "%d deliveries are tried one by one: %s", len(entries), exc, extra={"event": "process.split"}
            )
    return _total(_one_by_one(context, entries, at_hand))


def _one_by_one(
    context: Context, entries: Sequence[LedgerEntry], at_hand: Mapping[str, bytes]
) -> Iterable[Processed]:
    for entry in entries:
        try:
            yield _settle(context, [entry], at_hand)
        except StoreBusy:
            raise
        except Exception as exc:  # noqa: BLE001 -- supervisor: this one waits, or is quarantined
            yield _failed(context, entry, exc)


def _settle(context: Context, entries: Sequence[LedgerEntry], at_hand: Mapping[str, bytes]) -> Processed:
    raws = _raws(context, [entry.blob_sha256 for entry in entries], at_hand)
    messages = {entry.id: read(raws[entry.blob_sha256]) for entry in entries}
    for outcome in context.store.write(lambda conn: settle_deliveries(conn, context, messages)):
        _tell(outcome)
    return Processed(settled=len(entries), quarantined=0)


def _raws(context: Context, digests: Sequence[str], at_hand: Mapping[str, bytes]) -> Mapping[str, bytes]:
    missing = [one for one in digests if one not in at_hand]
    if not missing:
        return at_hand
    return {**at_hand, **context.store.read(lambda conn: archive.blobs(conn, missing))}


def _tell(outcome: Outcome) -> None:
    log.info(
        "%s: %s",
        outcome.case.number if outcome.case else "no case",
        outcome.reason,
        extra={
            "event": "process.decided" if outcome.decision else "process.archived",
            "case": outcome.case.number if outcome.case else None,
            "case_id": outcome.case.id if outcome.case else None,
            "message_key": outcome.message_key,
        },
    )


def _total(rounds: Iterable[Processed]) -> Processed:
    done = list(rounds)
    return Processed(
        settled=sum(one.settled for one in done), quarantined=sum(one.quarantined for one in done)
    )


def _failed(context: Context, entry: LedgerEntry, exc: Exception) -> Processed:
    now = context.clock.now()
    error = f"{type(exc).__name__}: {exc}"
    state = context.store.write(
        lambda conn: inbox.mark_failed(
            conn, entry.id, error, now=now, retry_at=now + _RETRY_AFTER, limit=TRIES
        )
    )
    quarantined = state is LedgerState.QUARANTINED
    log.error(
        "delivery %s could not be processed%s: %s",
        entry.id,
        ", quarantined" if quarantined else "",
        error,
        extra={"event": "process.quarantined" if quarantined else "process.failed", "delivery": entry.id},
        exc_info=exc,
    )
    return Processed(settled=1 if quarantined else 0, quarantined=1 if quarantined else 0)


def release(context: Context, delivery_id: str) -> None:
    """Let a quarantined delivery be tried again.

    Raises:
        NotFound: no such delivery is in quarantine.
    """
    if not context.store.write(lambda conn: inbox.retry(conn, delivery_id)):
        raise NotFound(
            f"no delivery {delivery_id} is in quarantine; `maild quarantine list` shows those that are"
        )
