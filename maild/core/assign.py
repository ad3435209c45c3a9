"""Whose case it is to be, chosen from counts that are passed in: the same counts give the same colleague."""

from maild.model.people import Assign, AssignMode, Workload


def choose_owner(assign: Assign, workloads: tuple[Workload, ...]) -> str:
    """One of the people of `assign`; who has no workload has nothing to do. Empty when there is nobody.

    In turn: whose last case is the longest ago. By load: who has the fewest open cases, then in turn. Among
    equals the first in the order of the rule.
    """
    known = {each.person: each for each in workloads}
    candidates = [
        known.get(person, Workload(person=person, open_cases=0, last_serial=0)) for person in assign.people
    ]
    if assign.mode is AssignMode.BY_LOAD:
        candidates.sort(key=lambda each: (each.open_cases, each.last_serial))
    elif assign.mode is AssignMode.ROUND_ROBIN:
        candidates.sort(key=lambda each: each.last_serial)
    return candidates[0].person if candidates else ""
