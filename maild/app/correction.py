"""A person sets a case right: `maild case set`. What rules can learn from it is found by suggest.py."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection

from maild.app.commit import commit
from maild.app.context import Context
from maild.app.world import world_for
from maild.core.classify import party_kind
from maild.core.decide import decide
from maild.errors import NotFound, UsageError
from maild.mistakes import nearest
from maild.model.case import Case
from maild.model.events import CaseCorrected, CorrectedField
from maild.model.facts import CorrectionAsked
from maild.model.people import PartyKind, Viewer
from maild.store import cases
from maild.store.visibility import may_see_case

PRIORITIES = ("low", "normal", "high", "urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a case shall be; None leaves it as it is. `party_kind`: what its contact is to us."""

    case_kind: str | None = None
    priority: str | None = None
    owner: str | None = None
    department: str | None = None
    party_kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """A word that a person wrote, and those that could have been right."""

    written: str | None
    known: Collection[str]
    what: str

    def problem(self) -> str:
        """What is wrong with it, and the nearest right word; empty when nothing is."""
        if self.written is None or self.written in self.known:
            return ""
        hint = nearest(self.written, self.known) or "none is there: add it first"
        return f"{self.what} {self.written!r} ({hint})"


def correct_case(context: Context, viewer: Viewer, number: str, correction: Correction) -> Case:
    """The case of that number after `viewer` set it right; nobody is written to.

    Raises:
        NotFound: there is no such case that `viewer` may see.
        UsageError: nothing is asked for, or something that does not exist; or what the contact is to us is
            not for lists to say.
    """
    asked = _asked(context, viewer, correction)

    def transaction(conn: Connection) -> Case:
        case = cases.by_number(conn, number)
        if case is None or not may_see_case(conn, viewer, case.id):
            raise NotFound(f"there is no case {number}; `maild case list` shows the newest")
        fact = asked if asked.party_kind is None else _about_contact(conn, context, case, asked)
        mailbox = context.configuration.mailbox(case.mailbox)
        world = world_for(conn, context, mailbox, fact.case_kind or case.kind)
        return commit(conn, context, case, decide(case, fact, world, context.clock.now())) or case

    return context.store.write(transaction)


def check_kind(context: Context, kind: str | None) -> None:
    """Raises: UsageError with the nearest right word when no playbook runs cases of that kind."""
    kinds = [kind for playbook in context.configuration.playbooks for kind in playbook.kinds]
    _refuse_unknown(_Word(written=kind, known=kinds, what="no playbook runs cases of the kind"))


def _asked(context: Context, viewer: Viewer, correction: Correction) -> CorrectionAsked:
    if not any(asdict(correction).values()):
        raise UsageError("nothing to set: name --kind, --priority, --owner, --department or --party")
    owner = None if correction.owner is None else correction.owner.casefold()
    check_kind(context, correction.case_kind)
    for word in _words(context, correction, owner):
        _refuse_unknown(word)
    return CorrectionAsked(
        by=viewer.name,
        case_kind=correction.case_kind,
        priority=correction.priority,
        owner=owner,
        department=correction.department,
        party_kind=PartyKind(correction.party_kind) if correction.party_kind else None,
    )


def _words(context: Context, correction: Correction, owner: str | None) -> Iterator[_Word]:
    staff = context.configuration.staff
    people, departments = [person.address for person in staff.people], staff.department_names
    yield _Word(written=correction.priority, known=PRIORITIES, what="there is no priority")
    yield _Word(written=owner, known=people, what="people.yaml has no colleague")
    yield _Word(written=correction.department, known=departments, what="people.yaml has no department")
    yield _Word(written=correction.party_kind, known=[kind.value for kind in PartyKind], what="nobody can be")


def _refuse_unknown(word: _Word) -> None:
    if problem := word.problem():
        raise UsageError(problem)


def _about_contact(conn: Connection, context: Context, case: Case, asked: CorrectionAsked) -> CorrectionAsked:
    """The fact with what the contact is to us by now; who has no address or is of our house has no list."""
    company = context.configuration.company
    if "@" not in case.contact.address:
        raise UsageError(f"{case.number} has no contact with an address: no list can hold it")
    if case.contact.domain in company.staff_domains:
        raise UsageError(
            f"{case.contact.address} is staff by company.staff_domains in maild.toml: set it right there"
        )
    said = [
        entry.event.new
        for entry in cases.journal(conn, case.id)
        if isinstance(entry.event, CaseCorrected) and entry.event.field is CorrectedField.PARTY_KIND
    ]
    before = PartyKind(said[-1]) if said else party_kind(case.contact, company)
    return replace(asked, party_kind_before=before)
