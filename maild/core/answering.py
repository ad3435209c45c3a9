"""A colleague's answer to a mail that maild sent him: to the contact, or back to him with what is wrong.

It is his if it carries the token that was made for him and our own server vouches for the sender (RFC 8601);
where that server says nothing of senders, the token alone must do.
"""

from datetime import datetime

from maild.core.classify import is_authenticated
from maild.core.joining import Evidence
from maild.core.mails import Cause, Order
from maild.core.playbook import Reacted, send
from maild.model.case import Case
from maild.model.facts import ColleagueAnswer, MailArrived
from maild.model.mail import Message
from maild.model.people import Company, MailboxProfile, Staff
from maild.model.playbook import Role
from maild.model.world import World

DEFAULT_TEMPLATE = "reply"
REFUSAL_TEMPLATE = "not_sent"


def colleague_answer(
    message: Message, evidence: Evidence, mailbox: MailboxProfile, company: Company, staff: Staff
) -> ColleagueAnswer | None:
    """The answer that a message is; None when it is no colleague's answer to a mail made for him."""
    author = evidence.author
    if author is None or message.automatic.is_automatic or evidence.token is None:
        return None
    is_colleague = author.domain in company.staff_domains or staff.person(author.key) is not None
    if not is_colleague or not evidence.token.made_for_author:
        return None
    doubt = ""
    if mailbox.authserv_id and not is_authenticated(message, mailbox.authserv_id):
        doubt = f"{mailbox.authserv_id} does not vouch for {author.address}"
    return ColleagueAnswer(by=author.key, text=message.new_text.strip(), doubt=doubt)


def pass_on(case: Case, fact: MailArrived, answer: ColleagueAnswer, world: World, now: datetime) -> Reacted:
    """The mail that carries the answer to the contact; or one to the colleague that says why it does not."""
    why_not = answer.doubt or _wanting(answer)
    order = Order(
        template=REFUSAL_TEMPLATE if why_not else DEFAULT_TEMPLATE,
        to=Role.AUTHOR if why_not else Role.CONTACT,
        ordinal=0,
        reason=why_not or f"what {answer.by} answered",
        values=(("text", answer.text), ("mistake", why_not)),
        about=fact.message_key,
        answered_at=None if why_not else fact.received_at,
    )
    return send(case, order, Cause(key=fact.message_key, mail=fact), world, now)


def _wanting(answer: ColleagueAnswer) -> str:
    return "" if answer.text else "there is no new text in it"
