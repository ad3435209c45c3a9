"""Whose case it is: in turn, by load, and the same for the same counts."""

import pytest

from maild.core.assign import choose_owner
from maild.model.people import Assign, AssignMode, Workload


def _load(person: str, open_cases: int, last_serial: int) -> Workload:
    return Workload(person=person, open_cases=open_cases, last_serial=last_serial)


LOADS = (_load("a", 3, 7), _load("b", 1, 9), _load("c", 1, 8))


@pytest.mark.parametrize(
    ("mode", "people", "owner"),
    [
        pytest.param(AssignMode.FIXED, ("b",), "b", id="fixed"),
        pytest.param(AssignMode.FIXED, (), "", id="nobody"),
        pytest.param(AssignMode.ROUND_ROBIN, ("a", "b", "c"), "a", id="the longest ago"),
        pytest.param(AssignMode.ROUND_ROBIN, ("a", "b", "new"), "new", id="never"),
        pytest.param(AssignMode.BY_LOAD, ("a", "b", "c"), "c", id="fewest, then longest ago"),
        pytest.param(AssignMode.BY_LOAD, ("a", "x", "y"), "x", id="first of equals"),
    ],
)
def test_who_owns_the_case(mode: AssignMode, people: tuple[str, ...], owner: str) -> None:
    assert choose_owner(Assign(mode=mode, people=people), LOADS) == owner
