"""Cases merged, split and their messages moved, by people or by what a late message shows; and undone.

Both cases change in one transaction, so that no reader finds a message in neither, or in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from maild.app.commit import commit
from maild.app.context import Context
from maild.app.world import claim_number, world_for, world_of
from maild.core.decide import decide
from maild.errors import NotFound, UsageError
from maild.model.archive import CaseMessage
from maild.model.case import Case, Direction
from maild.model.events import MessagesLeft
from maild.model.facts import MessagesBrought, MessagesTaken, SplitAsked
from maild.model.mail import Address, MessageId
from maild.store import archive, cases, outbox, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Messages on their way from one case to another; `whole`: the source merges into the target.

    `undoes`: they go back to where they were.
    """

    source: Case
    target: Case
    message_keys: tuple[str, ...]
    whole: bool
    reason: str
    undoes: bool = False


def merge(context: Context, number: str, into: str, reason: str) -> Case:
    """The case `into` after it took over all of case `number`.

    Raises:
        NotFound: one of them does not exist.
        UsageError: they are one case already.
    """

    def transaction(conn: Connection) -> Case:
        source, target = _case(conn, number), _case(conn, into)
        if source.id == target.id:
            raise UsageError(f"{number} and {into} are one case already: {target.number}")
        return merge_cases(conn, context, source, target, reason)

    return context.store.write(transaction)


def merge_cases(conn: Connection, context: Context, source: Case, target: Case, reason: str) -> Case:
    """`target` after all of `source` came to it, in the caller's transaction."""
    keys = tuple(one.message.key for one in cases.messages(conn, source.id))
    return carry_out(
        conn, context, Transfer(source=source, target=target, message_keys=keys, whole=True, reason=reason)
    )


def move(context: Context, message_ids: Sequence[MessageId], to: str, reason: str) -> Case:
    """The case `to` after these messages, all of one other case, were moved to it.

    Raises:
        NotFound: no such case, or a message is in no case.
        UsageError: they are there already, or stand in several cases.
    """

    def transaction(conn: Connection) -> Case:
        source, keys = _messages(conn, message_ids)
        target = _case(conn, to)
        if source.id == target.id:
            raise UsageError(f"the messages are part of {target.number} already")
        transfer = Transfer(source=source, target=target, message_keys=keys, whole=False, reason=reason)
        return carry_out(conn, context, transfer)

    return context.store.write(transaction)


def split(context: Context, message_ids: Sequence[MessageId], reason: str) -> Case:
    """A new case with these messages, all of one case, which keeps at least one.

    Raises:
        NotFound: a message is in no case.
        UsageError: they stand in several cases, or are all that their case has.
    """

    def transaction(conn: Connection) -> Case:
        source, keys = _messages(conn, message_ids)
        kept = [one for one in cases.messages(conn, source.id) if one.message.key not in keys]
        if not kept:
            raise UsageError(f"these are all messages of {source.number}; one at least has to stay")
        moved = [one for one in cases.messages(conn, source.id) if one.message.key in keys]
        target = _open(conn, context, source, moved[0], reason)
        transfer = Transfer(source=source, target=target, message_keys=keys, whole=False, reason=reason)
        return carry_out(conn, context, transfer)

    return context.store.write(transaction)


def undo(context: Context, number: str) -> Case:
    """The case of that very number after the last messages that left it came back.

    Raises:
        NotFound: no such case, or nothing left it that has not come back.
    """

    def transaction(conn: Connection) -> Case:
        case = cases.of_number(conn, number)
        if case is None:
            raise NotFound(f"there is no case {number}; `maild case list` shows the newest")
        left = _last_left(conn, case)
        here = [key for key in left.message_keys if cases.case_of_message(conn, key) == left.to_case]
        if not here:
            raise NotFound(
                f"nothing that left {case.number} can come back: it has gone on from {left.to_number}"
            )
        transfer = Transfer(
            source=cases.get(conn, left.to_case),
            target=case,
            message_keys=tuple(here),
            whole=False,
            reason=f"undone: {left.reason}",
            undoes=True,
        )
        return carry_out(conn, context, transfer)

    return context.store.write(transaction)


def carry_out(conn: Connection, context: Context, transfer: Transfer) -> Case:
    """The target after the transfer; both journals tell of it, and later mail follows its thread there."""
    now, source, target = context.clock.now(), transfer.source, transfer.target
    brought = MessagesBrought(
        message_keys=transfer.message_keys,
        from_case=source.id,
        from_number=source.number,
        participants=_outsiders(conn, transfer),
        whole=transfer.whole,
        undoes_merge=target.merged_into is not None,
        reason=transfer.reason,
        confidential=source.traits.confidential and not transfer.undoes,
    )
    taken = MessagesTaken(
        message_keys=transfer.message_keys,
        to_case=target.id,
        to_number=target.number,
        whole=transfer.whole,
        reason=transfer.reason,
    )
    for case, fact in ((source, taken), (target, brought)):
        world = world_of(conn, context, case)
        commit(conn, context, case, decide(case, fact, world, now))
    cases.move_messages(conn, transfer.message_keys, target.id, transfer.reason, now)
    outbox.move_to_case(conn, transfer.message_keys, target.id)
    _follow_threads(conn, transfer)
    return cases.get(conn, target.id)


def _follow_threads(conn: Connection, transfer: Transfer) -> None:
    """A thread belongs to the case of its earliest message; a merge brings every thread along."""
    for thread_id in threads.of_messages(conn, transfer.message_keys):
        owners = (cases.case_of_message(conn, row.key) for row in archive.in_thread(conn, thread_id))
        owner = next((one for one in owners if one), transfer.target.id)
        threads.bind_case(conn, thread_id, owner)


def _outsiders(conn: Connection, transfer: Transfer) -> tuple[str, ...]:
    """Who wrote the messages from outside, verified; of a merge, everybody who belonged to the case."""
    if transfer.whole:
        return tuple(sorted(transfer.source.participants))
    moved = [
        one for one in cases.messages(conn, transfer.source.id) if one.message.key in transfer.message_keys
    ]
    wrote = {
        one.message.author.key
        for one in moved
        if one.verified and one.direction is Direction.INCOMING and one.message.author
    }
    return tuple(sorted(wrote & transfer.source.participants))


def _open(conn: Connection, context: Context, source: Case, first: CaseMessage, reason: str) -> Case:
    message, now = first.message, context.clock.now()
    mailbox = context.configuration.mailbox(source.mailbox)
    fact = SplitAsked(
        subject=message.subject,
        base_subject=message.base_subject,
        contact=_contact(first, source),
        language=message.language or source.language,
        case_kind=source.kind,
        priority=source.priority,
        reason=reason,
        confidential=source.traits.confidential,
    )
    world = world_for(conn, context, mailbox, source.kind)
    opened = commit(conn, context, None, decide(None, fact, world, now))
    if opened is None:
        raise ValueError("a split opens a case")
    claim_number(conn, world, mailbox, now)
    return opened


def _contact(first: CaseMessage, source: Case) -> Address:
    incoming = first.direction is Direction.INCOMING
    return first.message.author if incoming and first.message.author else source.contact


def _case(conn: Connection, number: str) -> Case:
    case = cases.by_number(conn, number)
    if case is None:
        raise NotFound(f"there is no case {number}; `maild case list` shows the newest")
    return case


def _messages(conn: Connection, message_ids: Sequence[MessageId]) -> tuple[Case, tuple[str, ...]]:
    """The one case of these messages, and their keys in the order given."""
    keys = [_key(conn, one) for one in message_ids]
    owners = {cases.case_of_message(conn, key) for key in keys}
    if None in owners:
        raise NotFound("one of these messages is in no case")
    if len(owners) > 1:
        raise UsageError("these messages stand in several cases; take those of one case at a time")
    (owner,) = (one for one in owners if one)
    return cases.get(conn, owner), tuple(keys)


def _key(conn: Connection, message_id: MessageId) -> str:
    found = archive.find_by_message_id(conn, message_id)
    in_a_case = [row.key for row in found if cases.case_of_message(conn, row.key)]
    if not in_a_case:
        raise NotFound(f"no message <{message_id}> is in a case")
    return in_a_case[0]


def _last_left(conn: Connection, case: Case) -> MessagesLeft:
    for entry in reversed(cases.journal(conn, case.id)):
        if isinstance(entry.event, MessagesLeft):
            return entry.event
    raise NotFound(f"nothing was ever taken out of {case.number}")
