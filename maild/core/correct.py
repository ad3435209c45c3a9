"""A person's word on a case: another kind, priority, owner or department than the rules gave it.

Kept as events of their own, so that it can be told from what rules decided, and learnt from. A kind that
another playbook runs takes the case there; its number stays. What the contact is to us stands in the lists,
which are the admin's: a word on that is kept in the journal alone.
"""

from maild.model.case import Case
from maild.model.effects import Decision
from maild.model.events import CaseCorrected, Change, CorrectedField, StageMoved
from maild.model.facts import CorrectionAsked
from maild.model.playbook import Playbook


def decide_corrected(case: Case, fact: CorrectionAsked, playbook: Playbook) -> Decision:
    """`case` set right, without effects; `playbook` runs the kind that it has afterwards."""
    wanted = {
        CorrectedField.KIND: (case.kind, fact.case_kind or case.kind),
        CorrectedField.PRIORITY: (case.priority, fact.priority or case.priority),
        CorrectedField.OWNER: (case.traits.owner, fact.owner or case.traits.owner),
        CorrectedField.DEPARTMENT: (case.traits.department, fact.department or case.traits.department),
        CorrectedField.PARTY_KIND: (fact.party_kind_before, fact.party_kind or fact.party_kind_before),
        CorrectedField.PLAYBOOK: (case.playbook, playbook.name),
    }
    events: list[Change] = [
        CaseCorrected(field=field, old=old, new=new, by=fact.by)
        for field, (old, new) in wanted.items()
        if old != new
    ]
    if events and case.stage not in playbook.stages:
        events.append(_begin_again(case, playbook))
    told = ", ".join(_told(one) for one in events if isinstance(one, CaseCorrected))
    reason = f"{case.number}: {fact.by} set {told}" if told else f"{case.number} is so already"
    return Decision(events=tuple(events), effects=(), reason=reason)


def _told(one: CaseCorrected) -> str:
    return f"{one.field} {one.old or 'none'} → {one.new}"


def _begin_again(case: Case, playbook: Playbook) -> StageMoved:
    """A stage that the new playbook does not have gives way to its first."""
    stage = playbook.stages[0]
    return StageMoved(
        stage=stage,
        reason=f"there is no stage {case.stage} in {playbook.name}",
        closed=stage in playbook.closing_stages,
    )
