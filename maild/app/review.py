"""Mail that no rule has decided: what waits, and the word of a person on it."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from maild.app.arrival import bind_thread, world_of_mail
from maild.app.commit import commit
from maild.app.context import Context
from maild.app.correction import check_kind
from maild.app.replay import by_rules
from maild.app.world import claim_number
from maild.core.decide import decide
from maild.errors import NotFound, UsageError
from maild.model.archive import ReviewEntry
from maild.model.case import Case
from maild.model.decision import DecisionRecord
from maild.model.facts import MailArrived, OpeningAsked
from maild.model.people import Viewer
from maild.store import archive, decisions, review


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    """The case that a person opened, and what that led to in words."""

    case: Case
    reason: str


def list_review(context: Context, viewer: Viewer, *, limit: int) -> tuple[ReviewEntry, ...]:
    """What waits and `viewer` may see, oldest first."""
    return context.store.read(lambda conn: review.waiting(conn, limit, viewer))


def finish_review(context: Context, message_key: str, said: str) -> None:
    """Take a message out of the queue, with what the person said of it. Raises: NotFound."""
    now = context.clock.now()
    context.store.write(lambda conn: review.settle(conn, message_key, said, now))


def open_from_review(
    context: Context, viewer: Viewer, message_key: str, case_kind: str | None = None
) -> OpenedCase:
    """A case of that kind, opened with a message that waits; of what kind the rules in force say if None.

    Its playbook does now what it would have done then: an acknowledgement goes out, or is held back.

    Raises:
        NotFound: the message does not wait.
        UsageError: no playbook runs that kind, or none is named and no rule says one.
    """
    check_kind(context, case_kind)
    return context.store.write(lambda conn: _open(conn, context, viewer, message_key, case_kind))


def _open(
    conn: Connection, context: Context, viewer: Viewer, message_key: str, case_kind: str | None
) -> OpenedCase:
    now = context.clock.now()
    fact = _asked(conn, context, viewer, message_key, case_kind)
    mailbox = context.configuration.mailbox(fact.arrived.mailbox)
    world = world_of_mail(conn, context, mailbox, None, fact.arrived)
    review.settle(conn, message_key, f"opened {world.reserved.number} as {fact.case_kind}", now)
    decision = decide(None, fact, world, now)
    case, row = commit(conn, context, None, decision), archive.find(conn, message_key)
    if case is None or row is None:
        raise ValueError("mail that waits is in the archive, and opens a case")
    claim_number(conn, world, mailbox, now)
    bind_thread(conn, row, case, fact.arrived.joining)
    _record(conn, context, case, fact, decision.reason)
    return OpenedCase(case=case, reason=decision.reason)


def _asked(
    conn: Connection, context: Context, viewer: Viewer, message_key: str, case_kind: str | None
) -> OpeningAsked:
    """What was known of the message when it came, routed by the rules in force."""
    record, arrived = _kept(conn, message_key)
    routing = by_rules(context.configuration)(record, arrived).routing
    kind = case_kind or routing.case_kind
    if not kind:
        kinds = ", ".join(kind for playbook in context.configuration.playbooks for kind in playbook.kinds)
        raise UsageError(f"no rule says of which kind it is: name one with --kind (known: {kinds})")
    arrived = replace(arrived, routing=replace(routing, case_kind=kind))
    return OpeningAsked(arrived=arrived, case_kind=kind, by=viewer.name)


def _kept(conn: Connection, message_key: str) -> tuple[DecisionRecord, MailArrived]:
    for record in decisions.of_message(conn, message_key):
        if isinstance(record.fact, MailArrived):
            return record, record.fact
    raise NotFound(f"no message {message_key} waits for review; `maild review list` shows those that do")


def _record(conn: Connection, context: Context, case: Case, fact: OpeningAsked, reason: str) -> None:
    """Kept on the case, not on the message: what was decided on that when it came stays as it was."""
    now = context.clock.now()
    decisions.add(
        conn,
        DecisionRecord(
            id=context.ids.new_id(now),
            message_key=None,
            case_id=case.id,
            config_hash=context.configuration.hash,
            fact=fact,
            rule_input=None,
            reason=reason,
            trace=fact.arrived.routing.trace,
            decided_at=now,
        ),
    )
