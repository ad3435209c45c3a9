"""What a fact is to a playbook: the happenings that it makes, and the instant from which they count."""

from dataclasses import replace
from datetime import datetime

from maild.model.case import Case, Direction
from maild.model.delivery import RecipientState
from maild.model.events import Happened
from maild.model.facts import DeliverySettled, MailArrived
from maild.model.happening import Happening, Occurrence
from maild.model.people import Company
from maild.model.world import World


def of_opening(fact: MailArrived) -> tuple[Happened, ...]:
    """A message that opened the case: its clock starts when the message reached our server."""
    return (_happened(Occurrence.CASE_OPENED, fact),)


def of_joining(case: Case, fact: MailArrived, world: World) -> tuple[Happened, ...]:
    """A message that joined the case; a colleague's answer past maild counts too (G6)."""
    joined = () if fact.direction is Direction.OUTGOING else (_happened(Occurrence.MESSAGE_JOINED, fact),)
    if fact.automatic.is_automatic:
        return joined
    if is_from_colleague(fact, world.company):
        answers = case.contact.key in {one.key for one in fact.recipients}
        return (*joined, _happened(Occurrence.REPLY_SENT, fact)) if answers else joined
    wrote = Occurrence.CONTACT_THANKED if fact.only_thanks else Occurrence.CONTACT_WROTE
    return (*joined, _happened(wrote, fact))


def of_delivery(fact: DeliverySettled, answered_at: datetime | None, now: datetime) -> tuple[Happened, ...]:
    """A mail left, or came back; what carries a colleague's answer counts from when that reached us (G8)."""
    match fact.state:
        case RecipientState.SENT:
            at = answered_at or now
            left = Happened(
                happening=Happening(Occurrence.SENT, fact.template),
                happened_at=at,
                effect_key=fact.effect_key,
            )
            reply = replace(left, happening=Happening(Occurrence.REPLY_SENT))
            return (left, reply) if answered_at else (left,)
        case RecipientState.REFUSED:
            refused = Happening(Occurrence.REFUSED, fact.template)
            return (Happened(happening=refused, happened_at=now, effect_key=fact.effect_key),)
        case _:
            return ()


def is_from_colleague(fact: MailArrived, company: Company) -> bool:
    """True for what was sent from our mailbox by hand, or by somebody of the house."""
    if fact.direction is Direction.OUTGOING:
        return True
    return fact.author is not None and fact.author.domain in company.staff_domains


def _happened(occurrence: Occurrence, fact: MailArrived) -> Happened:
    return Happened(happening=Happening(occurrence), happened_at=fact.received_at)
