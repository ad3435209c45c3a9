"""Who is meant by a role: owners, deputies, heads, the service desk."""

from datetime import date

import pytest

from maild.core.roles import addressees, colleague
from maild.model.case import CaseTraits
from maild.model.mail import Address
from maild.model.people import Absence, Department, Person, Staff
from maild.model.playbook import Role
from tests.unit.core.builders import a_case

TODAY = date(2026, 10, 8)
AWAY = (Absence(from_on=date(2026, 10, 8), to_on=date(2026, 10, 9)),)


def person(name: str, department: str = "sales", **given: object) -> Person:
    plain = {"name": name, "address": f"{name}@example.com", "department": department, "place": "p:1"}
    return Person(**(plain | given))  # type: ignore[arg-type]  # fields by name


STAFF = Staff(
    departments=(
        Department(name="sales", head="head@example.com", leader="leader@example.com"),
        Department(name="quality", head="absent@example.com"),
        Department(name="plant"),
    ),
    people=(
        person("owner", language="en"),
        person("head"),
        person("leader"),
        person("desk"),
        person("absent", deputy="owner@example.com", absences=AWAY),
        person("alone", absences=AWAY),
        person("first", deputy="second@example.com", absences=AWAY),
        person("second", deputy="first@example.com", absences=AWAY),
        person("third", deputy="absent@example.com", absences=AWAY),
        person("worker", "plant"),
    ),
    service_desk=("desk@example.com", "alone@example.com", "desk@example.com"),
)
DESK = ["desk", "alone"]


@pytest.mark.parametrize(
    ("role", "owner", "department", "meant"),
    [
        pytest.param(Role.OWNER, "owner", "", ["owner"], id="owner"),
        pytest.param(Role.OWNER, "", "", DESK, id="nobody's: the desk, each once"),
        pytest.param(Role.OWNER, "absent", "", ["owner"], id="deputy"),
        pytest.param(Role.OWNER, "third", "", ["owner"], id="deputy of the deputy"),
        pytest.param(Role.OWNER, "alone", "", ["alone"], id="away without a deputy"),
        pytest.param(Role.OWNER, "first", "", ["second"], id="two who stand in for each other"),
        pytest.param(Role.OWNER, "gone", "", ["gone"], id="not in people.yaml any more"),
        pytest.param(Role.DESK, "owner", "", DESK, id="desk"),
        pytest.param(Role.HEAD, "worker", "sales", ["head"], id="head of the case's department"),
        pytest.param(Role.HEAD, "owner", "", ["head"], id="head of the owner's department"),
        pytest.param(Role.HEAD, "", "quality", ["owner"], id="head's deputy"),
        pytest.param(Role.HEAD, "worker", "", DESK, id="no head"),
        pytest.param(Role.HEAD, "", "", DESK, id="no department"),
        pytest.param(Role.LEADER, "owner", "", ["leader"], id="leader"),
        pytest.param(Role.LEADER, "", "quality", ["owner"], id="no leader: the head"),
        pytest.param(Role.AUTHOR, "owner", "sales", [], id="known by the mail alone"),
    ],
)
def test_who_is_meant(role: Role, owner: str, department: str, meant: list[str]) -> None:
    traits = CaseTraits(owner=f"{owner}@example.com" if owner else "", department=department)
    found = addressees(role, a_case(traits=traits), STAFF, TODAY)
    assert [each.address.address for each in found] == [f"{name}@example.com" for name in meant]


def test_the_contact() -> None:
    (found,) = addressees(Role.CONTACT, a_case(), STAFF, TODAY)
    assert (found.address.address, found.language) == ("Li@Customer.example", "zh")
    assert addressees(Role.CONTACT, a_case(contact=Address(address="")), STAFF, TODAY) == ()


def test_nobody_is_named() -> None:
    assert addressees(Role.HEAD, a_case(), Staff(), TODAY) == ()


def test_who_is_back_gets_his_mail_himself() -> None:
    traits = CaseTraits(owner="absent@example.com")
    (found,) = addressees(Role.OWNER, a_case(traits=traits), STAFF, date(2026, 10, 10))
    assert found.address.address == "absent@example.com"


def test_a_colleague_has_his_name_and_language() -> None:
    (known,) = colleague("owner@example.com", STAFF)
    assert (known.address.name, known.language) == ("owner", "en")
    (other,) = colleague("boss@example.com", STAFF)
    assert (other.address.name, other.language) == ("", "")
