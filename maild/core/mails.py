"""The mails that a playbook asks for: to whom, in which voice and under which key; and what forbids them."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from maild.core.calendar import local_date
from maild.core.delivery import effect_key
from maild.core.roles import Addressee, addressees, colleague
from maild.model.case import Case
from maild.model.effects import SendMail, Voice
from maild.model.events import MailDecided
from maild.model.facts import MailArrived
from maild.model.mail import Address
from maild.model.playbook import Guard, Role, Text, text_in
from maild.model.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What brings about what is decided: its key goes into those of the effects; `mail` if it was one."""

    key: str
    mail: MailArrived | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A mail to be made: from which template, for whom, as the how-manieth of its cause, and why.

    `texts` are values that are said in the language of whom the mail is for.
    """

    template: str
    to: Role
    ordinal: int
    reason: str
    values: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, Text], ...] = ()
    about: str = ""
    answered_at: datetime | None = None


def mails_for(order: Order, case: Case, cause: Cause, world: World, now: datetime) -> tuple[SendMail, ...]:
    """One mail for each whom the order means; none when that is nobody."""
    if order.to is Role.CONTACT:
        return (_to_contact(order, case, cause, world),)
    if order.to is Role.AUTHOR:
        author = cause.mail.author if cause.mail else None
        colleagues = colleague(author.key, world.staff) if author and is_colleague(author, world) else ()
    else:
        colleagues = addressees(order.to, case, world.staff, local_date(world.calendar, now))
    people = (who for who in colleagues if who.address.key not in world.our_addresses)  # no loops
    return tuple(_to_colleague(order, who, case, cause, world) for who in people)


def is_colleague(address: Address, world: World) -> bool:
    """True for who is in people.yaml, or writes from a domain of the house."""
    return address.domain in world.company.staff_domains or world.staff.person(address.key) is not None


def decided(mail: SendMail) -> MailDecided:
    """The event of a mail that is to be sent."""
    return MailDecided(
        effect_key=mail.key,
        template=mail.template,
        recipients=(mail.recipient.address,),
        reason=mail.reason,
        answered_at=mail.answered_at,
    )


def guarded(guards: tuple[Guard, ...], cause: Cause, world: World) -> str:
    """What keeps this from happening, or nothing."""
    mail = cause.mail
    return "" if mail is None else next((why for guard in guards if (why := _why(guard, mail, world))), "")


def _why(guard: Guard, mail: MailArrived, world: World) -> str:
    author = mail.author
    match guard:
        case Guard.AUTOMATIC:
            return f"a machine wrote it ({mail.automatic.reason})" if mail.automatic.is_automatic else ""
        case Guard.STAFF:
            staff = author is not None and author.domain in world.company.staff_domains
            return "a colleague wrote it" if staff else ""
        case Guard.OURSELVES:
            ours = author is not None and author.key in world.our_addresses
            return "it came from one of our own mailboxes" if ours else ""
        case _:
            assert_never(guard)


def unsendable(order: Order, case: Case, cause: Cause, world: World) -> str:
    """What forbids this mail, whatever the playbook says."""
    if order.to is not Role.CONTACT:
        return ""
    if order.answered_at is not None:
        return "" if "@" in case.contact.address else "the case has no address to answer"
    return _forbidden(case, cause, world)


def _forbidden(case: Case, cause: Cause, world: World) -> str:
    """What forbids a mail of maild's own to the contact: no loops, no storms (RFC 3834 §4)."""
    if cause.mail is not None and cause.mail.automatic.is_automatic:
        return f"a machine wrote it ({cause.mail.automatic.reason})"
    address = _contact(case, cause)
    if "@" not in address.address:
        return "there is no address to answer"
    if address.key in world.our_addresses:
        return f"{address.address} is one of our own mailboxes"
    if world.answers_lately >= world.answer_limit:
        return f"{address.address} got {world.answers_lately} automatic mails within a day: a storm"
    return ""


def _contact(case: Case, cause: Cause) -> Address:
    """Whoever wrote is answered; what nobody wrote goes to the contact."""
    if cause.mail is None:
        return case.contact
    return cause.mail.reply_address or Address(address="")


def _to_contact(order: Order, case: Case, cause: Cause, world: World) -> SendMail:
    """An answer to what the cause brought; a colleague's own goes to the contact of the case."""
    mail = None if order.answered_at else cause.mail
    return SendMail(
        key=effect_key(case.id, cause.key, f"send:{order.template}", order.ordinal),
        template=order.template,
        language=case.language,
        recipient=_contact(case, cause) if mail else case.contact,
        in_reply_to=mail.message_id if mail else None,
        references=mail.references if mail else (),
        doubt_policy=world.playbook.doubt_policy,
        reason=order.reason,
        voice=_voice(order, cause),
        about=order.about,
        answered_at=order.answered_at,
        values=_values(order, case.language),
    )


def _values(order: Order, language: str) -> tuple[tuple[str, str], ...]:
    return (*((name, text_in(text, language)) for name, text in order.texts), *order.values)


def _voice(order: Order, cause: Cause) -> Voice:
    if order.answered_at is not None:
        return Voice.PERSON
    return Voice.ANSWER if cause.mail else Voice.NOTICE


def _to_colleague(order: Order, who: Addressee, case: Case, cause: Cause, world: World) -> SendMail:
    language = who.language or world.mailbox.language
    return SendMail(
        key=effect_key(case.id, cause.key, f"send:{order.template}:{who.address.key}", order.ordinal),
        template=order.template,
        language=language,
        recipient=who.address,
        in_reply_to=cause.mail.message_id if cause.mail else None,
        references=cause.mail.references if cause.mail else (),
        doubt_policy=world.playbook.doubt_policy,
        reason=order.reason,
        voice=Voice.NOTICE,
        about=order.about or (cause.mail.message_key if cause.mail else ""),
        values=_values(order, language),
    )
