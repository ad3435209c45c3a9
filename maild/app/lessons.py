"""What people set right, and what each old message teaches of it.

A correction is a case of which a person set something, or a message that a person moved to a case of another
kind. Only messages that belonged to no case before teach: rules decide on those. A word on what a contact is
to us holds for all mail of the senders whose messages opened that case; of two words the newer case's counts.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from maild.app.configuration import Configuration
from maild.app.rule_text import Target
from maild.core.classify import party_kind
from maild.model.case import CaseId, Direction
from maild.model.decision import CaseNow, KeptDecision
from maild.model.events import CaseCorrected, CorrectedField, MessagesLeft
from maild.model.facts import MailArrived, Routing
from maild.model.mail import Address
from maild.model.people import PartyKind
from maild.model.rule import RuleInput
from maild.store import decisions, journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message that belonged to no case when it came, and what people made of it since."""

    key: str
    fact: MailArrived
    seen: RuleInput
    left_as: Mapping[str, str]  # by CorrectedField
    case_number: str

    def is_right(self, target: Target) -> bool:
        """True when the message is now as the target would have it."""
        return self.left_as.get(target.settles) == target.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """What people did: what they set of which case, and to what; messages that they moved."""

    said: Mapping[tuple[CorrectedField, CaseId], str]  # but for what was taken back
    moved: frozenset[str]
    senders: Mapping[str, str]  # address key -> what it is to us, where a person said so


def what_people_did(conn: Connection) -> Human:
    """Every correction in the journals."""
    words: defaultdict[tuple[CorrectedField, CaseId], list[CaseCorrected]] = defaultdict(list)
    for case_id, event in journal.of_kind(conn, "case_corrected"):
        if isinstance(event, CaseCorrected):
            words[event.field, case_id].append(event)
    moved = set[str]()
    for _, event in journal.of_kind(conn, "messages_left"):
        if isinstance(event, MessagesLeft) and not event.whole:  # cases may merge by themselves
            moved.update(event.message_keys)
    said = {about: each[-1].new for about, each in words.items() if each[0].old != each[-1].new}
    return Human(said=said, moved=frozenset(moved), senders=_senders(conn, said))


def examples(
    conn: Connection, configuration: Configuration, human: Human
) -> Iterator[tuple[KeptDecision, Example]]:
    """Each message that can teach, oldest first, with the decision that was kept."""
    known = {mailbox.name for mailbox in configuration.mailboxes}
    for kept, fact in _alone(conn):
        seen = kept.record.rule_input
        if seen is not None and fact.mailbox in known:
            left_as = _left_as(kept.case) | _party(fact.author, configuration, human)
            number = kept.case.number if kept.case else ""
            yield (
                kept,
                Example(key=fact.message_key, fact=fact, seen=seen, left_as=left_as, case_number=number),
            )


def targets(kept: KeptDecision, example: Example, human: Human) -> Iterator[Target]:
    """What a person set right about this message, if anything."""
    case, decided = kept.case, example.fact.routing
    if case is None:
        return
    by_person = (CorrectedField.KIND, case.id) in human.said or example.key in human.moved
    if by_person and (case.kind != decided.case_kind or kept.record.case_id is None):
        yield Target(settles=CorrectedField.KIND, value=case.kind)
    for settles in (CorrectedField.PRIORITY, CorrectedField.OWNER, CorrectedField.DEPARTMENT):
        if case.id == kept.record.case_id and (settles, case.id) in human.said:
            yield Target(settles=settles, value=example.left_as[settles])
    said = human.senders.get(example.fact.author.key) if example.fact.author else None
    if said is not None and said != PartyKind.UNKNOWN:  # no list says that
        yield Target(settles=CorrectedField.PARTY_KIND, value=said)


def is_met(target: Target, routing: Routing, example: Example, configuration: Configuration) -> bool:
    """True when the files in force do what the target wants by themselves."""
    if target.settles == CorrectedField.PARTY_KIND:
        author = example.fact.author or Address(address="")
        return party_kind(author, configuration.company) == target.value
    assign = routing.assign
    settled = {
        CorrectedField.KIND: routing.case_kind,
        CorrectedField.PRIORITY: routing.priority,
        CorrectedField.DEPARTMENT: routing.traits.department,
        CorrectedField.OWNER: assign.people[0] if assign and len(assign.people) == 1 else "",
    }
    return routing.opens_case and settled[CorrectedField(target.settles)] == target.value


def is_possible(target: Target, configuration: Configuration) -> bool:
    """True unless the target names a colleague, a department or a kind that is there no more."""
    staff = configuration.staff
    match target.settles:
        case CorrectedField.OWNER:
            return target.value in {person.address for person in staff.people}
        case CorrectedField.DEPARTMENT:
            return target.value in staff.department_names
        case CorrectedField.KIND:
            return any(target.value in playbook.kinds for playbook in configuration.playbooks)
        case _:
            return True


def _alone(conn: Connection) -> Iterator[tuple[KeptDecision, MailArrived]]:
    """The messages that came in and belonged to no case before."""
    for kept in decisions.kept(conn):
        fact = kept.record.fact
        if (
            isinstance(fact, MailArrived)
            and fact.joining.case_id is None
            and fact.direction is Direction.INCOMING
        ):
            yield kept, fact


def _senders(conn: Connection, said: Mapping[tuple[CorrectedField, CaseId], str]) -> dict[str, str]:
    """Who wrote the messages that opened the cases of whose contacts a person said what they are."""
    kinds = {case_id: kind for (field, case_id), kind in said.items() if field is CorrectedField.PARTY_KIND}
    found = ((kept.case, fact.author) for kept, fact in (_alone(conn) if kinds else ()))
    return {author.key: kinds[case.id] for case, author in found if case and author and case.id in kinds}


def _left_as(case: CaseNow | None) -> dict[str, str]:
    if case is None:
        return {}
    return {
        CorrectedField.KIND: case.kind,
        CorrectedField.PRIORITY: case.priority,
        CorrectedField.OWNER: case.owner,
        CorrectedField.DEPARTMENT: case.department,
    }


def _party(author: Address | None, configuration: Configuration, human: Human) -> dict[str, str]:
    """What the sender is to us by the word of a person, else by the lists."""
    if author is None:
        return {}
    listed = str(party_kind(author, configuration.company))
    return {CorrectedField.PARTY_KIND: human.senders.get(author.key, listed)}
