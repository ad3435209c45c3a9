"""What the rules get to see of a message: every field by its name, bounded so that no rule can be slow."""

from maild.model.mail import Address, Message
from maild.model.people import MailboxProfile
from maild.model.rule import RuleInput

TEXT_LIMIT = 10_000
"""Characters of text that rules see: what decides stands at the beginning, and RE2 is linear in it."""

_HEADER_LIMIT = 1_000
_HEADERS_LIMIT = 100


def rule_input(message: Message, mailbox: MailboxProfile) -> RuleInput:
    """The input of the rules for one message in one mailbox; kept with the decision for back-tests."""
    fields: dict[str, tuple[str, ...]] = {
        "from": _addresses(message.from_),
        "from_domain": tuple(one.domain for one in message.from_ if one.domain),
        "from_name": tuple(one.name for one in message.from_ if one.name),
        "to": _addresses((*message.to, *message.cc)),
        "mailbox": (mailbox.name,),
        "subject": (message.subject,),
        "base_subject": (message.base_subject,),
        "text": (message.new_text[:TEXT_LIMIT],),
        "language": (message.language,) if message.language else (),
        "automatic": (str(message.automatic.kind),),
        "attachment_name": tuple(one.filename for one in message.attachments if one.filename),
        "attachment_type": tuple(one.content_type for one in message.attachments),
    }
    for name, value in message.headers[:_HEADERS_LIMIT]:
        key = f"header:{name.casefold()}"
        fields[key] = (*fields.get(key, ()), value[:_HEADER_LIMIT])
    return RuleInput(fields=tuple(fields.items()))


def _addresses(addresses: tuple[Address, ...]) -> tuple[str, ...]:
    return tuple(one.key for one in addresses)
