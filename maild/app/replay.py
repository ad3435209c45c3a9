"""What becomes of a kept decision when it is taken again: by what was routed then, or by another set.

Pure but for looking up stored sets. A message that opened a case is decided on anew; one that joined a case
goes with it, and is decided on anew where the case would not have been opened. Whether some other case would
then have taken a message, and the limit on automatic mails to one address, are not played through.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from maild.app.configuration import Configuration
from maild.app.stored_sets import by_kind
from maild.core.classify import party_kind, party_of
from maild.core.decide import decide, waits_for_review
from maild.core.evolve import evolve
from maild.model.case import Case, CaseId
from maild.model.decision import DecisionRecord
from maild.model.delivery import DoubtPolicy
from maild.model.effects import Decision
from maild.model.events import CaseOpened, CaseSettled, MailDecided, StageMoved
from maild.model.facts import Joining, MailArrived, Routing
from maild.model.mail import Address
from maild.model.people import AssignMode, Company
from maild.model.playbook import Playbook
from maild.model.rule import RuleInput
from maild.model.world import ReservedCase, World

_RESERVED = ReservedCase(case_id=CaseId("replay"), serial=0, number="replay")
_ALONE = Joining(case_id=None, join=None, reason="the case that it joined would not be there", verified=False)


class Fate(StrEnum):
    """What becomes of a message."""

    OPENED = "opened"
    JOINED = "joined"
    ARCHIVED = "archived"
    REVIEW = "review"  # no case, until a person has looked at it
    SPAM = "spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One message decided on; kind, priority, stage and templates are empty where there is no case.

    `stage` is that in which the case begins, or to which a message that joined moves it. `rules` are those
    that matched, with their places; a message that joined has those of the message that opened its case too.
    """

    fate: Fate
    kind: str = ""
    priority: str = ""
    owner: str = ""
    department: str = ""
    stage: str = ""
    templates: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """What the rules made of a message, and the playbooks by kind that go with them."""

    routing: Routing
    playbooks: Mapping[str, Playbook]


Router = Callable[[DecisionRecord, MailArrived], Routed]
"""How one side of a comparison routes a message."""


_UNSEEN = Outcome(fate=Fate.JOINED)
"""Of a message that joined a case from before the time that is looked at."""

_NO_PLAYBOOK = Playbook(
    name="",
    version="",
    number_prefix="",
    kinds=(),
    stages=("",),
    closing_stages=frozenset(),
    reactions=(),
    doubt_policy=DoubtPolicy.HOLD,
    place="",
)
"""Runs cases of a kind that the set knows no more: no stage, and nothing is sent."""


class Replay:
    """One side of a comparison: every decision in the order in which it was taken."""

    def __init__(self, configuration: Configuration, route: Router) -> None:
        self._configuration = configuration
        self._ours = frozenset[str]().union(*(mailbox.keys for mailbox in configuration.mailboxes))
        self._route = route
        self._cases: dict[CaseId, Outcome | None] = {}

    def outcome(self, record: DecisionRecord, fact: MailArrived) -> Outcome:
        """What becomes of the message on this side. Raises: NotFound when its mailbox is gone."""
        joined = fact.joining.case_id
        if joined is not None:
            opened = self._cases.get(joined, _UNSEEN)
            if opened is not None:
                self._cases[joined] = outcome = self._joined(_seen_in_case(record, opened), fact, opened)
                return outcome
            record, fact = _seen_alone(record), replace(fact, joining=_ALONE)
        routed = self._route(record, fact)
        outcome = self._alone(replace(fact, routing=routed.routing), routed)
        if record.case_id is not None:
            self._cases[record.case_id] = outcome if outcome.fate is Fate.OPENED else None
        return outcome

    def _alone(self, fact: MailArrived, routed: Routed) -> Outcome:
        """A message that no case takes."""
        playbook = routed.playbooks.get(fact.routing.case_kind, _NO_PLAYBOOK)
        decision = decide(None, fact, self._world(fact, playbook), fact.received_at)
        rules = _matched(fact.routing)
        if not decision.events:
            return Outcome(fate=_caseless(fact), rules=rules)
        return Outcome(
            fate=Fate.OPENED,
            kind=fact.routing.case_kind,
            priority=fact.routing.priority,
            owner=_owner(fact.routing),
            department=fact.routing.traits.department,
            stage=_stage(decision),
            templates=_templates(decision),
            rules=rules,
        )

    def _joined(self, record: DecisionRecord, fact: MailArrived, opened: Outcome) -> Outcome:
        """A message that goes with its case."""
        routed = self._route(record, fact)
        playbook = routed.playbooks.get(opened.kind, _NO_PLAYBOOK)
        fact = replace(fact, routing=routed.routing)
        case = _a_case(fact, opened, playbook)
        decision = decide(case, fact, self._world(fact, playbook), fact.received_at)
        outcome = replace(opened, fate=Fate.JOINED, stage=_stage(decision), templates=_templates(decision))
        return _settled(outcome, decision, routed.routing)

    def _world(self, fact: MailArrived, playbook: Playbook) -> World:
        return World(
            playbook=playbook,
            mailbox=self._configuration.mailbox(fact.mailbox),
            company=self._configuration.company,
            our_addresses=self._ours,
            config_hash=self._configuration.hash,
            reserved=_RESERVED,
            calendar=self._configuration.calendar_of(self._configuration.mailbox(fact.mailbox)),
            staff=self._configuration.staff,
            answers_lately=0,
            answer_limit=1,
        )


def by_rules(configuration: Configuration) -> Router:
    """Routes by the rules of `configuration`, over the rule inputs that were kept."""
    playbooks = by_kind(configuration.playbooks)

    def route(record: DecisionRecord, fact: MailArrived) -> Routed:
        seen = _listed_now(record.rule_input or RuleInput(fields=()), configuration.company)
        default_kind = configuration.mailbox(fact.mailbox).default_kind
        return Routed(
            routing=configuration.ruleset.route(seen, default_kind=default_kind), playbooks=playbooks
        )

    return route


def _listed_now(seen: RuleInput, company: Company) -> RuleInput:
    """The input with who the sender is by the lists of the set that is tried, not by those of then."""
    fields = dict(seen.fields)
    author = next((Address(address=one) for one in fields.get("from", ())), None)
    if author is None or "party_kind" not in fields:
        return seen
    known = {"party": (party_of(author, company),), "party_kind": (str(party_kind(author, company)),)}
    return RuleInput(fields=tuple((fields | known).items()))


def as_decided(playbooks_of: Callable[[str], Mapping[str, Playbook]]) -> Router:
    """Routes as it was decided then; `playbooks_of` answers the playbooks by kind of a stored set's hash."""

    def route(record: DecisionRecord, fact: MailArrived) -> Routed:
        return Routed(routing=fact.routing, playbooks=playbooks_of(record.config_hash))

    return route


def _a_case(fact: MailArrived, opened: Outcome, playbook: Playbook) -> Case:
    """The case that a message joined, as far as a decision looks at it."""
    event = CaseOpened(
        case_id=_RESERVED.case_id,
        serial=_RESERVED.serial,
        number=_RESERVED.number,
        case_kind=opened.kind,
        stage=playbook.stages[0],
        priority=opened.priority,
        subject=fact.subject,
        base_subject=fact.base_subject,
        contact=fact.reply_address or Address(address=""),
        mailbox=fact.mailbox,
        language=fact.language,
        playbook=playbook.name,
        config_hash="",
    )
    return evolve(None, event, fact.received_at)


def _seen_in_case(record: DecisionRecord, opened: Outcome) -> DecisionRecord:
    """What rules see when the case has the kind that it has on this side."""
    seen = dict(record.rule_input.fields) if record.rule_input else {}
    if not (opened.kind and seen.get("case_kind")):
        return record
    return replace(record, rule_input=RuleInput(fields=tuple((seen | {"case_kind": (opened.kind,)}).items())))


def _seen_alone(record: DecisionRecord) -> DecisionRecord:
    """What rules see when there is no case to join."""
    seen = dict(record.rule_input.fields) if record.rule_input else {}
    alone: dict[str, tuple[str, ...]] = {"has_case": ("false",), "case_kind": (), "case_stage": ()}
    return replace(record, rule_input=RuleInput(fields=tuple((seen | alone).items())))


def _settled(outcome: Outcome, decision: Decision, routing: Routing) -> Outcome:
    """The outcome with what rules about cases settle on mail that joins one."""
    for event in decision.events:
        if isinstance(event, CaseSettled):
            return replace(
                outcome,
                priority=event.priority or outcome.priority,
                owner=_owner(routing) or outcome.owner,
                department=event.traits.department or outcome.department,
                rules=tuple(dict.fromkeys((*outcome.rules, *_matched(routing)))),
            )
    return outcome


def _caseless(fact: MailArrived) -> Fate:
    """What becomes of a message that opens no case."""
    if waits_for_review(None, fact):
        return Fate.REVIEW
    return Fate.SPAM if fact.routing.spam else Fate.ARCHIVED


def _matched(routing: Routing) -> tuple[str, ...]:
    """The rules that matched, as one finds them again."""
    return tuple(f"{verdict.rule} ({verdict.place})" for verdict in routing.trace if verdict.matched)


def _owner(routing: Routing) -> str:
    """Whose case it is to be, as far as the rules say: one of several is chosen when the case opens."""
    assign = routing.assign
    if assign is None:
        return routing.traits.owner
    people = ", ".join(assign.people)
    return people if assign.mode is AssignMode.FIXED else f"{assign.mode}: {people}"


def _stage(decision: Decision) -> str:
    """The stage in which the decision leaves the case; empty when it moves it nowhere."""
    stages = [event.stage for event in decision.events if isinstance(event, CaseOpened | StageMoved)]
    return stages[-1] if stages else ""


def _templates(decision: Decision) -> tuple[str, ...]:
    return tuple(event.template for event in decision.events if isinstance(event, MailDecided))
