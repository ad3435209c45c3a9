"""Carries a decision into the store: journal, case row, the mails that it asked for, who joined.

A template that cannot be filled in does not undo the decision: the mail is held with the error, and the case
says so.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from maild.app.archiving import Arrival, archive_message, search_text
from maild.app.context import Context
from maild.app.outgoing import make_mail
from maild.core.evolve import evolve
from maild.errors import RenderError
from maild.model.case import Case, Direction, JoinReason
from maild.model.delivery import HeldMail, OutgoingMail
from maild.model.effects import Decision, SendMail, Voice
from maild.model.events import Event, MailHeld, MessageJoined
from maild.parsers.message import read
from maild.store import archive, cases, outbox, search


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A mail that could not be made."""

    effect: SendMail
    error: str


def commit(conn: Connection, context: Context, before: Case | None, decision: Decision) -> Case | None:
    """The case after `decision`, all written in the caller's transaction; None when there is no case."""
    now = context.clock.now()
    case = before
    for event in decision.events:
        case = evolve(case, event, now)
    if case is None:
        return None
    events: list[Event] = list(decision.events)
    made = [_make(conn, context, case, effect) for effect in decision.effects]
    for effect, outcome in zip(decision.effects, made, strict=True):
        follow_up = _follow_up(conn, context, effect, outcome)
        events.append(follow_up)
        case = evolve(case, follow_up, now)
    cases.save(conn, before, case, events, at=now)
    for outcome in made:
        _queue(conn, context, case, outcome)
    _record_messages(conn, case, events, context)
    return case


def _make(conn: Connection, context: Context, case: Case, effect: SendMail) -> OutgoingMail | _Held:
    try:
        return make_mail(conn, context, case, effect, context.clock.now())
    except RenderError as exc:
        return _Held(effect=effect, error=str(exc))


def _follow_up(conn: Connection, context: Context, effect: SendMail, made: OutgoingMail | _Held) -> Event:
    """What the case hears of a mail that was made, which is archived, or of one that could not be.

    A notice to a colleague repeats a message: a search finds that one, not both.
    """
    if isinstance(made, _Held):
        return MailHeld(effect_key=made.effect.key, template=made.effect.template, error=made.error)
    now = context.clock.now()
    arrival = Arrival(
        message=read(made.raw),
        blob_sha256=archive.put_blob(conn, made.raw, now),
        direction=Direction.OUTGOING,
        mailbox=made.mailbox,
        received_at=now,
        duplicate_id=bool(archive.find_by_message_id(conn, made.message_id)),
    )
    archived = archive_message(conn, context, arrival)
    if not (effect.about and effect.voice is Voice.NOTICE):
        search.index(conn, {archived.row.key: search_text(arrival.message)}, now)
    return MessageJoined(
        message_key=archived.row.key,
        direction=Direction.OUTGOING,
        join=JoinReason.SENT,
        reason=f"from template {made.template} {made.template_version}",
        verified=True,
        automatic=True,
    )


def _queue(conn: Connection, context: Context, case: Case, made: OutgoingMail | _Held) -> None:
    if isinstance(made, OutgoingMail):
        outbox.enqueue(conn, made)
        return
    now = context.clock.now()
    held = HeldMail(
        id=context.ids.new_id(now),
        effect_key=made.effect.key,
        case_id=case.id,
        mailbox=case.mailbox,
        template=made.effect.template,
        recipients=(made.effect.recipient.address,),
        error=made.error,
        created_at=now,
    )
    outbox.hold(conn, held)


def _record_messages(conn: Connection, case: Case, events: list[Event], context: Context) -> None:
    for event in events:
        if isinstance(event, MessageJoined):
            cases.add_message(
                conn,
                case.id,
                event.message_key,
                direction=event.direction,
                join=event.join,
                reason=event.reason,
                verified=event.verified,
                at=context.clock.now(),
            )
