"""What the rules get to see of a message: every field by its name, bounded so that no rule can be slow."""

from maild.model.case import Case
from maild.model.facts import Routing
from maild.model.mail import Address, AuthenticationResult, Message
from maild.model.people import Company, MailboxProfile, PartyKind
from maild.model.rule import RuleInput
from maild.rules.finders import is_listed
from maild.rules.match import RuleSet

TEXT_LIMIT = 10_000
"""Characters of text that rules see: what decides stands at the beginning, and RE2 is linear in it."""

_HEADER_LIMIT = 1_000
_HEADERS_LIMIT = 100
_ALIGNED = frozenset({"dkim", "spf"})  # methods that pass for a domain, which need not be the sender's


def rule_input(
    message: Message, mailbox: MailboxProfile, company: Company, case: Case | None = None
) -> RuleInput:
    """The input of the rules for one message in one mailbox; kept with the decision for back-tests.

    `case` is the one that it joins, verified.
    """
    author = message.author or Address(address="")
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
        "attachment_size": tuple(str(one.size_bytes) for one in message.attachments),
        "attachment_count": (str(len(message.attachments)),),
        "authenticated": (_yes(is_authenticated(message, mailbox.authserv_id)),),
        "party": (party_of(author, company),) if author.address else (),
        "party_kind": (str(party_kind(author, company)),),
        "has_case": (_yes(case is not None),),
        "case_kind": (case.kind,) if case else (),
        "case_stage": (case.stage,) if case else (),
    }
    for name, value in message.headers[:_HEADERS_LIMIT]:
        key = f"header:{name.casefold()}"
        fields[key] = (*fields.get(key, ()), value[:_HEADER_LIMIT])
    return RuleInput(fields=tuple(fields.items()))


def classified(
    message: Message, mailbox: MailboxProfile, company: Company, ruleset: RuleSet, case: Case | None = None
) -> Routing:
    """What the rules make of a message; `case` is the one that it joins, verified."""
    return ruleset.route(rule_input(message, mailbox, company, case), default_kind=mailbox.default_kind)


def party_of(author: Address, company: Company) -> str:
    """Whom a message is from: the domain, or the whole address where strangers share the domain."""
    return author.key if author.domain in company.shared_domains else author.domain or author.key


def party_kind(author: Address, company: Company) -> PartyKind:
    """What the author is to us: staff by our domains, else what the first list says that has him."""
    if author.domain in company.staff_domains:
        return PartyKind.STAFF
    lists = (each.kind for each in company.parties if is_listed(author.key, each.entries))
    return next(lists, PartyKind.UNKNOWN)


def is_authenticated(message: Message, authserv_id: str) -> bool:
    """True when our own server found the domain in From to be genuine (RFC 8601).

    Results of other servers are not believed: anybody can write them (RFC 8601 §7.1).
    """
    author = message.author
    if not authserv_id or author is None or len(message.from_) != 1:
        return False
    ours = (one for one in message.authentication if one.authserv_id.casefold() == authserv_id.casefold())
    return any(one.result == "pass" and _speaks_for(one, author.domain) for one in ours)


def _speaks_for(verdict: AuthenticationResult, domain: str) -> bool:
    """DMARC is about the domain in From (RFC 7489 §3.1); the others must be about it or one above it."""
    if verdict.method == "dmarc":
        return True
    about = verdict.domain.casefold().rpartition("@")[2]
    return verdict.method in _ALIGNED and "." in about and f".{domain}".endswith(f".{about}")


def _yes(so: bool) -> str:
    return "true" if so else "false"


def _addresses(addresses: tuple[Address, ...]) -> tuple[str, ...]:
    return tuple(one.key for one in addresses)
