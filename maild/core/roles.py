"""Who is meant by a role, on a day: colleagues who are away are stood in for by their deputies."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from maild.model.case import Case
from maild.model.mail import Address
from maild.model.people import Person, Staff
from maild.model.playbook import Role

_DEPUTIES_MAX = 5  # a chain of people who are all away ends here


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody to write to, in his language (empty: the company's)."""

    address: Address
    language: str = ""


def addressees(role: Role, case: Case, staff: Staff, today: date) -> tuple[Addressee, ...]:
    """Those whom `role` means for this case; nobody when people.yaml names nobody."""
    match role:
        case Role.CONTACT:
            return (Addressee(address=case.contact, language=case.language),) if case.contact.address else ()
        case Role.OWNER:
            owners = _present((case.traits.owner,), staff, today)
            return owners or addressees(Role.DESK, case, staff, today)
        case Role.DESK:
            return _present(staff.service_desk, staff, today)
        case Role.HEAD | Role.LEADER:
            return _above(role, case, staff, today)
        case Role.AUTHOR:
            return ()  # known by what brings the mail about
        case _:
            assert_never(role)


def colleague(address: str, staff: Staff) -> tuple[Addressee, ...]:
    """The one colleague of that address."""
    return (_addressee(address, staff),)


def _above(role: Role, case: Case, staff: Staff, today: date) -> tuple[Addressee, ...]:
    """The head or leader of the case's or else its owner's department; if there is none, the desk."""
    owner = staff.person(case.traits.owner)
    department = staff.department(case.traits.department or (owner.department if owner else ""))
    if department is None:
        return addressees(Role.DESK, case, staff, today)
    named = department.head if role is Role.HEAD else department.leader or department.head
    return _present((named,), staff, today) or addressees(Role.DESK, case, staff, today)


def _present(wanted: tuple[str, ...], staff: Staff, today: date) -> tuple[Addressee, ...]:
    """These colleagues or who stands in for them, each once."""
    found = (_stand_in(address, staff, today) for address in wanted if address)
    return tuple(dict.fromkeys(_addressee(address, staff) for address in found))


def _stand_in(address: str, staff: Staff, today: date) -> str:
    """The deputy of somebody who is away, and so on; who has no deputy gets his mail all the same."""
    for _ in range(_DEPUTIES_MAX):
        person = staff.person(address)
        if person is None or not person.is_away(today) or not person.deputy:
            break
        address = person.deputy
    return address


def _addressee(address: str, staff: Staff) -> Addressee:
    person: Person | None = staff.person(address)
    if person is None:
        return Addressee(address=Address(address=address))
    return Addressee(address=Address(name=person.name, address=address), language=person.language)
