"""Everything that maild decides: `decide(case, fact, world, now)` answers events and effects.

Events go to the case's journal, effects to the outbox. One fact concerns one case: a consequence for another
is a fact of its own.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from maild.core.assign import choose_owner
from maild.core.correct import decide_corrected
from maild.core.course import Course, Reacted
from maild.core.evolve import evolve
from maild.core.happenings import of_delivery, of_joining, of_opening
from maild.core.instructing import Given, carry_out
from maild.core.mails import Cause
from maild.core.playbook import play, play_return, play_time, work
from maild.core.transfer import decide_transfer
from maild.model.case import NO_TRAITS, Case, CaseTraits, Direction, JoinReason
from maild.model.delivery import RecipientState
from maild.model.effects import Decision
from maild.model.events import (
    CaseCorrected,
    CaseOpened,
    CaseSettled,
    Change,
    CorrectedField,
    MailSettled,
    MessageJoined,
)
from maild.model.facts import (
    ColleagueAnswer,
    CorrectionAsked,
    DeliverySettled,
    Fact,
    Instructed,
    MailArrived,
    MessagesBrought,
    MessagesTaken,
    OpeningAsked,
    SplitAsked,
    TimeCame,
)
from maild.model.mail import Address
from maild.model.people import ReusedMail
from maild.model.world import World
from maild.rules.settle import REVIEW


def decide(case: Case | None, fact: Fact, world: World, now: datetime) -> Decision:
    """What `fact` means for `case` (None: it belongs to no case yet), with the reason in words.

    Raises:
        ValueError: the fact concerns a case, and there is none.
    """
    match fact:
        case MailArrived():
            return _mail_arrived(case, fact, world, now)
        case OpeningAsked():
            return _opened_by_person(fact, world, now)
        case SplitAsked() | MessagesTaken() | MessagesBrought():
            return decide_transfer(case, fact, world)
        case _:
            return _about(_given(case, fact), fact, world, now)


def _about(
    case: Case, fact: DeliverySettled | CorrectionAsked | TimeCame | Instructed, world: World, now: datetime
) -> Decision:
    """What a fact that can only concern a case means for it."""
    match fact:
        case DeliverySettled():
            return _delivery_settled(case, fact, world, now)
        case TimeCame():
            return _time_came(case, world, now)
        case Instructed():
            return _instructed(case, fact, world, now)
        case CorrectionAsked():
            return decide_corrected(case, fact, world.playbook)
        case _:
            assert_never(fact)


def _given(case: Case | None, fact: Fact) -> Case:
    if case is None:
        raise ValueError(f"{fact.kind} concerns a case")
    return case


def _mail_arrived(case: Case | None, fact: MailArrived, world: World, now: datetime) -> Decision:
    if case is not None:
        return _joined(case, fact, world, now)
    archived_only = _archived_only(fact)
    if archived_only:
        return Decision(events=(), effects=(), reason=f"archived without a case: {archived_only}")
    return _opened(fact, world, now)


def waits_for_review(case: Case | None, fact: MailArrived) -> bool:
    """True for mail that opens no case only because nothing says which: a person is to look at it."""
    if case is not None or fact.direction is Direction.OUTGOING or fact.duplicate_id:
        return False
    return fact.routing.review or (fact.routing.opens_case and _reviewed_reuse(fact))


def _archived_only(fact: MailArrived) -> str:
    """Why this message opens no case, or nothing."""
    if fact.direction is Direction.OUTGOING:
        return "we sent it, and it belongs to no case"
    if fact.duplicate_id:
        return "another message had this Message-ID before"
    if not fact.routing.opens_case:
        return fact.routing.reason
    if _reviewed_reuse(fact):
        return f"{fact.joining.reason}; a person decides"
    return ""


def _reviewed_reuse(fact: MailArrived) -> bool:
    return fact.joining.reuse is not None and fact.joining.reuse.handling is ReusedMail.REVIEW


def _opened(fact: MailArrived, world: World, now: datetime) -> Decision:
    opened = CaseOpened(
        case_id=world.reserved.case_id,
        serial=world.reserved.serial,
        number=world.reserved.number,
        case_kind=fact.routing.case_kind,
        stage=world.playbook.stages[0],
        priority=fact.routing.priority,
        subject=fact.subject,
        base_subject=fact.base_subject,
        contact=fact.reply_address or Address(address=""),
        mailbox=world.mailbox.name,
        language=fact.language or world.mailbox.language,
        playbook=world.playbook.name,
        config_hash=world.config_hash,
        calendar=world.calendar.name,
        traits=_traits(fact, world),
    )
    reused = f": {fact.joining.reason}" if fact.joining.reuse else ""
    joined = _message_joined(fact, JoinReason.OPENED, f"it opened the case{reused}", world, verified=True)
    case = evolve(evolve(None, opened, now), joined, now)
    reacted = play(case, of_opening(fact), Cause(key=fact.message_key, mail=fact), world, now)
    reason = f"opens {opened.number} ({fact.routing.reason}){reused}; {_told(reacted)}"
    return Decision(events=(opened, joined, *reacted.events), effects=reacted.effects, reason=reason)


def _opened_by_person(fact: OpeningAsked, world: World, now: datetime) -> Decision:
    """Opened as if a rule had said the kind; the journal tells that a person did, so that rules can learn."""
    routing = replace(
        fact.arrived.routing,
        opens_case=True,
        review=False,
        spam=False,
        case_kind=fact.case_kind,
        reason=f"{fact.by} says so",
    )
    opened = _opened(replace(fact.arrived, routing=routing), world, now)
    said = CaseCorrected(field=CorrectedField.KIND, old=REVIEW, new=fact.case_kind, by=fact.by)
    return replace(opened, events=(*opened.events, said))


def _joined(case: Case, fact: MailArrived, world: World, now: datetime) -> Decision:
    joining = fact.joining
    joined = _message_joined(
        fact, joining.join or JoinReason.THREAD, joining.reason, world, verified=joining.verified
    )
    silent = _silent(fact)
    if silent:
        return Decision(
            events=(joined,), effects=(), reason=f"joins {case.number}: {joining.reason}; {silent}"
        )
    settled = _settled_by_rules(fact, world)
    for event in (joined, *settled):
        case = evolve(case, event, now)
    if fact.answer is not None:
        reacted = _answered(case, fact, fact.answer, world, now)
    else:
        reacted = play(
            case, of_joining(case, fact, world), Cause(key=fact.message_key, mail=fact), world, now
        )
    by_rules = f"; {fact.routing.reason}" if settled else ""
    by_rules += "; sent by us outside a template" if fact.direction is Direction.OUTGOING else ""
    reason = f"joins {case.number}: {joining.reason}{by_rules}; {_told(reacted)}"
    return Decision(events=(joined, *settled, *reacted.events), effects=reacted.effects, reason=reason)


def _traits(fact: MailArrived, world: World) -> CaseTraits:
    """What the rules settled, with the one colleague chosen whose case it is."""
    routing = fact.routing
    owner = choose_owner(routing.assign, world.workloads) if routing.assign else ""
    return replace(routing.traits, owner=owner)


def _settled_by_rules(fact: MailArrived, world: World) -> tuple[Change, ...]:
    """What rules about cases settle on mail that joins one."""
    traits = _traits(fact, world)
    if fact.direction is Direction.OUTGOING or fact.answer is not None:
        return ()
    if not fact.routing.on_case or (traits == NO_TRAITS and not fact.routing.priority):
        return ()
    return (CaseSettled(priority=fact.routing.priority, traits=traits, reason=fact.routing.reason),)


def _silent(fact: MailArrived) -> str:
    """Why a message that joins causes nothing, or nothing."""
    if fact.duplicate_id:
        return "another message had this Message-ID before, so it causes nothing"
    if not fact.joining.verified:
        return "unverified, so it causes nothing"
    return ""


def _told(reacted: Reacted) -> str:
    return ", ".join(reacted.reasons) or "nothing to send"


def _message_joined(
    fact: MailArrived, join: JoinReason, reason: str, world: World, *, verified: bool
) -> MessageJoined:
    return MessageJoined(
        message_key=fact.message_key,
        direction=fact.direction,
        join=join,
        reason=reason,
        verified=verified,
        automatic=fact.automatic.is_automatic,
        participants=_outsiders(fact, world) if verified and not fact.automatic.is_automatic else (),
    )


def _outsiders(fact: MailArrived, world: World) -> tuple[str, ...]:
    """The people from outside on this message, who thereby belong to the case: address keys, sorted."""
    people = (fact.author, fact.reply_address, *fact.recipients)
    keys = {person.key for person in people if person and person.domain not in world.company.staff_domains}
    return tuple(sorted(keys - world.our_addresses - {""}))


def _delivery_settled(case: Case, fact: DeliverySettled, world: World, now: datetime) -> Decision:
    settled = MailSettled(
        effect_key=fact.effect_key, recipient=fact.recipient, state=fact.state, detail=fact.detail
    )
    reason = f"{case.number}: {fact.recipient}: {fact.state}: {fact.detail}"
    marks = case.progress.marks
    case = evolve(case, settled, now)
    if fact.recipient.casefold() in world.our_addresses:  # a copy to ourselves
        return Decision(events=(settled,), effects=(), reason=reason)
    parts = list[Reacted]()
    if fact.state is RecipientState.REFUSED:
        parts.append(play_return(case, fact.effect_key, marks, world, now))
        case = parts[0].case
    happened = of_delivery(fact, case.progress.answered_at(fact.effect_key), now)
    parts.append(play(case, happened, Cause(key=f"{fact.effect_key}/{fact.state}"), world, now))
    return Decision(
        events=(settled, *(event for part in parts for event in part.events)),
        effects=tuple(effect for part in parts for effect in part.effects),
        reason="; ".join([reason, *(why for part in parts for why in part.reasons)]),
    )


def _answered(case: Case, fact: MailArrived, answer: ColleagueAnswer, world: World, now: datetime) -> Reacted:
    """What a colleague wrote back to a mail of ours."""
    course = Course(case, Cause(key=fact.message_key, mail=fact), world, now)
    given = Given(
        by=answer.by,
        at=fact.received_at,
        instructions=answer.instructions,
        message_key=fact.message_key,
        to_template=answer.to_template,
    )
    course.template = None  # rules are about what others write
    carry_out(course, given, (answer.doubt,) if answer.doubt else ())
    work(course)
    return course.reacted()


def _instructed(case: Case, fact: Instructed, world: World, now: datetime) -> Decision:
    course = Course(case, Cause(key=fact.key), world, now)
    carry_out(course, Given(by=fact.by, at=fact.said_at, instructions=fact.instructions))
    work(course)
    reacted = course.reacted()
    told = ", ".join(reacted.reasons) or "nothing to do"
    return Decision(events=reacted.events, effects=reacted.effects, reason=f"{case.number}: {told}")


def _time_came(case: Case, world: World, now: datetime) -> Decision:
    reacted = play_time(case, world, now)
    told = ", ".join(reacted.reasons) or "nothing is due"
    return Decision(events=reacted.events, effects=reacted.effects, reason=f"{case.number}: {told}")
