"""What a playbook does on a fact: its reactions in order, or the guard that held each one back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from maild.core.delivery import effect_key
from maild.model.case import Case
from maild.model.effects import Effect, SendMail
from maild.model.events import Change, MailDecided, StageMoved
from maild.model.facts import MailArrived
from maild.model.mail import Address
from maild.model.playbook import Guard, Reaction, Trigger
from maild.model.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """What the playbook made of one fact, in the order of its file."""

    events: tuple[Change, ...]
    effects: tuple[Effect, ...]
    reasons: tuple[str, ...]


def react(case: Case, trigger: Trigger, fact: MailArrived, world: World) -> Reacted:
    """The events and effects of every reaction of the case's playbook to `trigger`."""
    events: list[Change] = []
    effects: list[Effect] = []
    reasons: list[str] = []
    for ordinal, reaction in _reactions(trigger, fact, world):
        held_back = _held_back(reaction, fact, world)
        if held_back:
            reasons.append(f"no {reaction.send or reaction.move_to}: {held_back}")
            continue
        if reaction.move_to:
            events.append(_move(reaction, reaction.move_to, world))
            reasons.append(f"moves to {reaction.move_to}")
        if reaction.send:
            mail = _mail(case, reaction, ordinal, fact, world)
            effects.append(mail)
            events.append(_decided(mail))
            reasons.append(f"sends {mail.template} to {mail.recipient.address}")
    return Reacted(events=tuple(events), effects=tuple(effects), reasons=tuple(reasons))


def _reactions(trigger: Trigger, fact: MailArrived, world: World) -> Iterator[tuple[int, Reaction]]:
    """The reactions to `trigger`, numbered as the playbook has them.

    A template that a rule names takes the place of the first mail; where the playbook sends none, it is
    sent all the same, but never to a machine, a colleague or ourselves.
    """
    template = fact.routing.template
    for ordinal, reaction in enumerate(world.playbook.reactions):
        if reaction.on is not trigger:
            continue
        if template and reaction.send:
            yield ordinal, replace(reaction, send=template)
            template = None
        else:
            yield ordinal, reaction
    if template:
        place = f"instead of {world.playbook.name}'s own"
        extra = Reaction(on=trigger, unless=tuple(Guard), send=template, move_to=None, place=place)
        yield len(world.playbook.reactions), extra


def _held_back(reaction: Reaction, fact: MailArrived, world: World) -> str:
    """Why this reaction must not happen, or nothing."""
    for guard in reaction.unless:
        reason = _guarded(guard, fact, world)
        if reason:
            return reason
    return _unsendable(fact, world) if reaction.send else ""


def _guarded(guard: Guard, fact: MailArrived, world: World) -> str:
    author = fact.author
    match guard:
        case Guard.AUTOMATIC:
            return f"a machine wrote it ({fact.automatic.reason})" if fact.automatic.is_automatic else ""
        case Guard.STAFF:
            staff = author is not None and author.domain in world.company.staff_domains
            return "a colleague wrote it" if staff else ""
        case Guard.OURSELVES:
            ours = author is not None and author.key in world.our_addresses
            return "it came from one of our own mailboxes" if ours else ""
        case _:
            assert_never(guard)


def _unsendable(fact: MailArrived, world: World) -> str:
    """What forbids any automatic mail, whatever the playbook says: no loops, no storms (RFC 3834 §4)."""
    address = fact.reply_address
    if fact.automatic.is_automatic:
        return f"a machine wrote it ({fact.automatic.reason})"
    if address is None or "@" not in address.address:
        return "there is no address to answer"
    if address.key in world.our_addresses:
        return f"{address.address} is one of our own mailboxes"
    if world.answers_lately >= world.answer_limit:
        return f"{address.address} got {world.answers_lately} automatic mails within a day: a storm"
    return ""


def _mail(case: Case, reaction: Reaction, ordinal: int, fact: MailArrived, world: World) -> SendMail:
    template = reaction.send or ""
    return SendMail(
        key=effect_key(case.id, fact.message_key, f"send:{template}", ordinal),
        template=template,
        language=case.language,
        recipient=fact.reply_address or Address(address=""),
        in_reply_to=fact.message_id,
        references=fact.references,
        doubt_policy=world.playbook.doubt_policy,
        reason=f"{reaction.on} ({reaction.place})",
    )


def _decided(mail: SendMail) -> MailDecided:
    return MailDecided(
        effect_key=mail.key,
        template=mail.template,
        recipients=(mail.recipient.address,),
        reason=mail.reason,
    )


def _move(reaction: Reaction, stage: str, world: World) -> StageMoved:
    closed = stage in world.playbook.closing_stages
    return StageMoved(stage=stage, reason=f"{reaction.on} ({reaction.place})", closed=closed)
