"""A person sets a case right: `maild case set`. What rules can learn from it is found by suggest.py."""

from dataclasses import dataclass

from sqlalchemy import Connection

from maild.app.commit import commit
from maild.app.context import Context
from maild.app.world import world_for
from maild.core.decide import decide
from maild.errors import NotFound, UsageError
from maild.mistakes import nearest
from maild.model.case import Case
from maild.model.facts import CorrectionAsked
from maild.model.people import Viewer
from maild.store import cases

PRIORITIES = ("low", "normal", "high", "urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a case shall be; None leaves it as it is."""

    case_kind: str | None = None
    priority: str | None = None


def correct_case(context: Context, viewer: Viewer, number: str, correction: Correction) -> Case:
    """The case of that number after `viewer` set it right; nobody is written to.

    Raises:
        NotFound: there is no such case.
        UsageError: nothing is asked for, or no playbook runs that kind, or there is no such priority.
    """
    _check(context, correction)
    fact = CorrectionAsked(case_kind=correction.case_kind, priority=correction.priority, by=viewer.name)

    def transaction(conn: Connection) -> Case:
        case = cases.by_number(conn, number)
        if case is None:
            raise NotFound(f"there is no case {number}; `maild case list` shows the newest")
        mailbox = context.configuration.mailbox(case.mailbox)
        world = world_for(conn, context, mailbox, fact.case_kind or case.kind)
        return commit(conn, context, case, decide(case, fact, world, context.clock.now())) or case

    return context.store.write(transaction)


def _check(context: Context, correction: Correction) -> None:
    kinds = [kind for playbook in context.configuration.playbooks for kind in playbook.kinds]
    if correction.case_kind is None and correction.priority is None:
        raise UsageError("nothing to set: name --kind or --priority")
    if correction.case_kind is not None and correction.case_kind not in kinds:
        hint = nearest(correction.case_kind, kinds)
        raise UsageError(f"no playbook runs cases of the kind {correction.case_kind!r} ({hint})")
    if correction.priority is not None and correction.priority not in PRIORITIES:
        hint = nearest(correction.priority, PRIORITIES)
        raise UsageError(f"there is no priority {correction.priority!r} ({hint})")
