"""The frozen surroundings of one decision."""

from dataclasses import dataclass, field

from maild.model.calendar import WorkingCalendar
from maild.model.case import CaseId
from maild.model.people import Company, MailboxProfile, Staff, Workload
from maild.model.playbook import Playbook


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedCase:
    """The identity that a case would get if this decision opened one."""

    case_id: CaseId
    serial: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that `decide` may look at besides the case and the fact.

    `our_addresses` are the case-folded addresses of every mailbox; `answers_lately` counts the automatic
    mails queued in the last day for the address that would be answered, `answer_limit` bounds them.
    `workloads` are those of the people who may own the case, in the order of the rule; `calendar` is the
    case's; `templates` are the names that a colleague may use.
    """

    playbook: Playbook
    mailbox: MailboxProfile
    company: Company
    our_addresses: frozenset[str]
    config_hash: str
    reserved: ReservedCase
    answers_lately: int
    answer_limit: int
    calendar: WorkingCalendar
    staff: Staff = field(default_factory=Staff)
    templates: tuple[str, ...] = ()
    workloads: tuple[Workload, ...] = ()
