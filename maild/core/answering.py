"""A colleague's answer to a mail that maild sent him: is it his?

It is if it carries the token that was made for him and our own server vouches for the sender (RFC 8601);
where that server says nothing of senders, the token alone must do.
"""

from maild.core.classify import is_authenticated
from maild.core.joining import Evidence
from maild.model.mail import Message
from maild.model.people import Company, MailboxProfile, Staff


def answers_as_colleague(message: Message, evidence: Evidence, company: Company, staff: Staff) -> bool:
    """True for a person of the house who answers a mail that was made for him."""
    author = evidence.author
    if author is None or message.automatic.is_automatic or evidence.token is None:
        return False
    is_colleague = author.domain in company.staff_domains or staff.person(author.key) is not None
    return is_colleague and evidence.token.made_for_author


def doubt_about(message: Message, mailbox: MailboxProfile) -> str:
    """Why it cannot be taken for his; empty when it can."""
    if mailbox.authserv_id and not is_authenticated(message, mailbox.authserv_id):
        author = message.author.address if message.author else "nobody"
        return f"{mailbox.authserv_id} does not vouch for {author}"
    return ""
