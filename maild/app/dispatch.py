"""From the outbox to the SMTP server, and what became of it: at least noted, at most sent once.

An attempt is committed before dialling, and again before DATA, so that a crash leaves a mail untried, to
be tried again, or in doubt, never lost and never blindly repeated (RFC 1047; docs/architecture.md, "Once").
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.settlement import tell_case
from maild.core.delivery import RetryPolicy, next_attempt_at
from maild.model.delivery import Attempt, ClaimedMail, RecipientOutcome, RecipientState
from maild.model.ports import Submission
from maild.store import outbox

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Mails under way at the same time: a company's submission server hardly allows more connections."""


class Dispatcher:
    """Sends what is due, several at a time, without waiting for the slowest of them."""

    def __init__(self, context: Context, submit: Submission, owner: str) -> None:
        self._context = context
        self._submit = submit
        self._owner = owner
        self._under_way: set[asyncio.Task[None]] = set()
        self._left_open: list[ClaimedMail] = []  # attempts that are over, which the store could not be told

    def use(self, context: Context) -> None:
        """Work with another configuration from the next attempt on."""
        self._context = context

    async def start_due(self, group: asyncio.TaskGroup, on_end: Callable[[], None]) -> int:
        """The number of mails begun as tasks of `group`; `on_end` is called when one of them has ended."""
        await self._close_left_open()
        free = AT_ONCE - len(self._under_way)
        if free <= 0:
            return 0
        claimed = await asyncio.to_thread(
            self._context.store.write, partial(_claim, context=self._context, owner=self._owner, limit=free)
        )
        self._under_way.update(group.create_task(self._one(mail, on_end)) for mail in claimed)
        return len(claimed)

    async def finish(self, grace_s: float) -> None:
        """Let what is under way end; what takes longer is cut off, to be tried again or in doubt."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=grace_s)
            for task in late:
                task.cancel()

    async def _one(self, mail: ClaimedMail, on_end: Callable[[], None]) -> None:
        try:
            await _attempt(self._context, self._submit, mail)
        except asyncio.CancelledError:
            await self._abandon(mail)
            raise
        except Exception:  # supervisor: this mail waits or is in doubt, the others go on
            log.exception(
                "%s failed", mail.outbox_id, extra={"event": "outbox.error", "outbox": mail.outbox_id}
            )
            await self._abandon(mail)
        finally:
            self._under_way.difference_update({asyncio.current_task()})
            on_end()

    async def _abandon(self, mail: ClaimedMail) -> None:
        abandon = partial(_abandon, context=self._context, mail=mail)
        try:
            await asyncio.to_thread(self._context.store.write, abandon)
        except Exception:  # supervisor: the store may be back at the next round, or at the next start
            log.exception(
                "the attempt on %s could not be closed; it is tried again",
                mail.outbox_id,
                extra={"event": "outbox.error", "outbox": mail.outbox_id},
            )
            self._left_open.append(mail)

    async def _close_left_open(self) -> None:
        left, self._left_open = self._left_open, []
        for mail in left:
            await self._abandon(mail)


async def dispatch_due(context: Context, submit: Submission, owner: str) -> int:
    """The number of mails that were due and have now been tried, each with its outcome recorded."""
    dispatcher = Dispatcher(context, submit, owner)
    async with asyncio.TaskGroup() as group:
        return await dispatcher.start_due(group, lambda: None)


def recover(context: Context, owners_alive: frozenset[str]) -> int:
    """The number of attempts that dead processes left open, now to be tried again or in doubt."""
    orphans = context.store.read(lambda conn: outbox.orphans(conn, owners_alive))
    for attempt in orphans:
        context.store.write(partial(_recover_one, context=context, attempt=attempt))
    return len(orphans)


def _claim(conn: Connection, *, context: Context, owner: str, limit: int) -> tuple[ClaimedMail, ...]:
    now = context.clock.now()
    return outbox.claim_due(conn, now=now, owner=owner, limit=limit, new_id=context.ids.new_id)


async def _attempt(context: Context, submit: Submission, mail: ClaimedMail) -> None:
    async def before_data() -> None:
        await asyncio.to_thread(
            context.store.write, lambda conn: outbox.mark_data(conn, mail.attempt_id, context.clock.now())
        )

    outcomes = await submit(
        mail.envelope,
        mail.raw,
        mailbox=mail.mailbox,
        before_data=before_data,
    )
    await asyncio.to_thread(
        context.store.write, partial(_record, context=context, mail=mail, outcomes=outcomes)
    )
    for outcome in outcomes:
        _tell(mail, outcome)


def _record(
    conn: Connection, *, context: Context, mail: ClaimedMail, outcomes: Sequence[RecipientOutcome]
) -> None:
    now = context.clock.now()
    retry_at = next_attempt_at(_retry_policy(context), mail.created_at, mail.attempt_number, now)
    entry = outbox.record(conn, mail.attempt_id, outcomes, now=now, retry_at=retry_at)
    tried = {one.address for one in outcomes}
    tell_case(conn, context, entry, [one for one in entry.recipients if one.address in tried])


def _recover_one(conn: Connection, *, context: Context, attempt: Attempt) -> None:
    entry = outbox.recover(conn, attempt, context.clock.now())
    doubts = [one for one in entry.recipients if one.state is RecipientState.IN_DOUBT]
    tell_case(conn, context, entry, doubts)
    log.warning(
        "an attempt on mail %s was cut off: %s",
        entry.id,
        "in doubt" if doubts else "it will be tried again",
        extra={"event": "outbox.recovered", "outbox": entry.id},
    )


def _abandon(conn: Connection, *, context: Context, mail: ClaimedMail) -> None:
    """Close an attempt that ended in an error of ours, as if the process had died in it."""
    attempt = next(one for one in outbox.attempts(conn, mail.outbox_id) if one.id == mail.attempt_id)
    if attempt.ended_at is None:
        _recover_one(conn, context=context, attempt=attempt)


def _retry_policy(context: Context) -> RetryPolicy:
    settings = context.settings.outbox
    return RetryPolicy(
        first=timedelta(seconds=settings.first_retry_s),
        longest=timedelta(seconds=settings.longest_retry_s),
        give_up=timedelta(seconds=settings.give_up_after_s),
    )


def _tell(mail: ClaimedMail, outcome: RecipientOutcome) -> None:
    level = logging.INFO if outcome.state is RecipientState.SENT else logging.WARNING
    log.log(
        level,
        "%s: %s %s %s",
        outcome.address,
        outcome.state,
        outcome.code or "",
        outcome.reply,
        extra={"event": f"outbox.{outcome.state}", "outbox": mail.outbox_id, "case_id": mail.case_id},
    )
