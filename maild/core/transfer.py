"""Messages that go from one case to another: merged, split off, moved; each can be undone the same way back.

One transfer is two decisions, one for each case: nothing is a case's own that its journal does not tell.
"""

from maild.model.case import Case, CaseTraits
from maild.model.effects import Decision
from maild.model.events import CaseOpened, CaseSettled, Change, MergeUndone, MessagesCame, MessagesLeft
from maild.model.facts import MessagesBrought, MessagesTaken, SplitAsked
from maild.model.people import Company
from maild.model.world import World


def decide_transfer(
    case: Case | None, fact: SplitAsked | MessagesTaken | MessagesBrought, world: World
) -> Decision:
    """One side of a transfer. Raises: ValueError when messages leave or come to no case."""
    if isinstance(fact, SplitAsked):
        return _split(fact, world)
    if case is None:
        raise ValueError(f"{fact.kind} concerns a case")
    return _taken(case, fact) if isinstance(fact, MessagesTaken) else _brought(case, fact)


def _taken(case: Case, fact: MessagesTaken) -> Decision:
    """Messages leave `case`."""
    left = MessagesLeft(
        message_keys=fact.message_keys,
        to_case=fact.to_case,
        to_number=fact.to_number,
        whole=fact.whole,
        reason=fact.reason,
    )
    what = "merges" if fact.whole else f"gives {len(fact.message_keys)} message(s)"
    return Decision(
        events=(left,), effects=(), reason=f"{case.number} {what} into {fact.to_number}: {fact.reason}"
    )


def _brought(case: Case, fact: MessagesBrought) -> Decision:
    """Messages come to `case`."""
    came = MessagesCame(
        message_keys=fact.message_keys,
        from_case=fact.from_case,
        from_number=fact.from_number,
        participants=fact.participants,
        whole=fact.whole,
        reason=fact.reason,
    )
    undone: tuple[Change, ...] = (MergeUndone(reason=fact.reason),) if fact.undoes_merge else ()
    hidden = _made_confidential(fact) if fact.confidential and not case.traits.confidential else ()
    count = len(fact.message_keys)
    reason = f"{case.number} takes {count} message(s) of {fact.from_number}: {fact.reason}"
    return Decision(events=(*undone, *hidden, came), effects=(), reason=reason)


def _made_confidential(fact: MessagesBrought) -> tuple[Change, ...]:
    """A secret stays one wherever its messages go."""
    reason = f"{fact.from_number} is confidential"
    return (CaseSettled(priority="", traits=CaseTraits(confidential=True), reason=reason),)


def _split(fact: SplitAsked, world: World) -> Decision:
    """A case of its own for messages that will be brought to it; nobody is told."""
    opened = CaseOpened(
        case_id=world.reserved.case_id,
        serial=world.reserved.serial,
        number=world.reserved.number,
        case_kind=fact.case_kind,
        stage=world.playbook.stages[0],
        priority=fact.priority,
        subject=fact.subject,
        base_subject=fact.base_subject,
        contact=fact.contact,
        mailbox=world.mailbox.name,
        language=fact.language,
        playbook=world.playbook.name,
        config_hash=world.config_hash,
        traits=CaseTraits(confidential=fact.confidential),
        calendar=world.calendar.name,
    )
    return Decision(events=(opened,), effects=(), reason=f"opens {opened.number}: {fact.reason}")


def same_party(one: Case, other: Case, company: Company) -> bool:
    """True when the same people, or the same company, stand on the outside of both cases.

    What arrives late may show that two cases are one; it must never bring two customers together.
    """
    if one.participants & other.participants:
        return True
    domain = one.contact.domain
    return bool(domain) and domain == other.contact.domain and domain not in company.shared_domains
