"""What may stand in a file of config/playbooks: one flow, as an admin writes it."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from maild.model.calendar import SpanMode
from maild.model.delivery import DoubtPolicy
from maild.model.playbook import Again, Guard, Role
from maild.rules.happening import parse_happening
from maild.rules.shape import Shape
from maild.rules.span import parse_span

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="small letters, digits and _ only")]
Names = Annotated[list[Name], Field(min_length=1)]
Template = Annotated[str, Field(min_length=1)]
Parsed = TypeVar("Parsed")


def _one_or_more(value: object) -> object:
    """A single word, or a single proof, stands for a list of one."""
    return [value] if isinstance(value, str | dict) else value


def _readable(parse: Callable[[str], Parsed]) -> Callable[[str], str]:
    """A check that `parse` can read a text; what it says is wrong is told to the admin."""

    def check(text: str) -> str:
        try:
            parse(text)
        except PydanticCustomError:
            raise
        except ValueError as exc:
            raise PydanticCustomError("unreadable", "{what}", {"what": str(exc), "hint": ""}) from exc
        return text

    return check


HappeningText = Annotated[str, AfterValidator(_readable(parse_happening))]
SpanText = Annotated[str, AfterValidator(_readable(parse_span))]
Happenings = Annotated[
    list[HappeningText],
    BeforeValidator(_one_or_more),
    Field(min_length=1),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]


class ReactionEntry(Shape):
    """On a fact, unless a guard holds: send a template, move to a stage, or both."""

    fact: Happenings = Field(description="what must have happened: one of these")
    stages: list[Name] = Field([], alias="while", description="only in these stages; none: in any")
    unless: list[Guard] = Field([], description="what keeps it from happening")
    send: Template | None = Field(None, description="the template to send")
    to: Role = Field(Role.CONTACT, description="who gets it")
    move_to: Name | None = Field(None, description="the stage to move to; previous: the one it came from")

    @model_validator(mode="after")
    def _something_done(self) -> "ReactionEntry":
        if self.send is None and self.move_to is None:
            hint = "write send or move_to"
            raise PydanticCustomError("no_reaction", "a fact on which nothing is done", {"hint": hint})
        return self


_HAPPENING, _PROOF = "a happening", "a proof"  # as a mistake tells of them

ProofPart = Annotated[
    Annotated[HappeningText, Tag(_HAPPENING)] | Annotated["ProofEntry", Tag(_PROOF)],
    Discriminator(lambda value: _HAPPENING if isinstance(value, str) else _PROOF),
]
ProofParts = Annotated[list[ProofPart], Field(min_length=1)]


class ProofEntry(Shape):
    """What shows that a promise was kept: one thing, or all or any of several."""

    fact: HappeningText | None = Field(None, description="what must have happened")
    days: Annotated[int, Field(ge=1, le=100)] = Field(1, description="on how many different working days")
    all_: ProofParts | None = Field(None, alias="all", description="every one of these")
    any_: ProofParts | None = Field(None, alias="any", description="one of these")

    @model_validator(mode="after")
    def _one_way(self) -> "ProofEntry":
        if [self.fact, self.all_, self.any_].count(None) != 2:  # two of the three ways stay empty
            hint = "write one of fact, all and any"
            raise PydanticCustomError("proof", "a proof in more ways than one, or in none", {"hint": hint})
        if self.fact is None and "days" in self.model_fields_set:
            hint = "days goes with fact: write it there"
            raise PydanticCustomError("proof_days", "days are counted of one happening", {"hint": hint})
        return self


Proofs = Annotated[list[ProofPart], BeforeValidator(_one_or_more), Field(min_length=1)]


class ReminderEntry(Shape):
    """A mail to a colleague before a promise is due."""

    before: SpanText = Field(description="how long before, such as 2 working hours")
    to: Role = Field(Role.OWNER, description="who gets it")
    send: Template = Field("reminder", description="the template to send")


class EscalationEntry(Shape):
    """A mail to a colleague when a promise is not kept."""

    after: SpanText | None = Field(None, description="how long after it was due; not written: at once")
    to: Role = Field(Role.HEAD, description="who gets it")
    send: Template = Field("escalation", description="the template to send")


class DeadlineEntry(Shape):
    """A promise with its time."""

    name: Name = Field(description="how the deadline is called; no two of a playbook are alike")
    title: dict[str, str] = Field(description="how people call it, by language", min_length=1)
    starts: Happenings = Field(description="what starts its clock: one of these")
    stages: list[Name] = Field([], alias="while", description="starts in these stages only; none: in any")
    unless: list[Guard] = Field([], description="what keeps it from starting")
    within: SpanText = Field(description="how long it has, such as 1 working day")
    counts: SpanMode = Field(
        SpanMode.TO_CLOSE, description="to_close: to the end of the last day; to_hour: to the same hour"
    )
    again: Again = Field(Again.KEEP, description="when it starts once more while it runs: keep, or restart")
    met_by: Proofs = Field(description="what keeps it: one of these")
    dropped_by: Happenings = Field(default_factory=list, description="what ends it unkept")
    paused_in: list[Name] = Field([], description="the stages in which its clock stands still")
    remind: list[ReminderEntry] = Field([], description="mails before it is due")
    escalate: list[EscalationEntry] = Field([], description="mails when it is not kept, level by level")


class TimerEntry(Shape):
    """Something that comes after a while: `elapsed NAME` happens then."""

    name: Name = Field(description="how the timer is called; deadlines and updates have other names")
    starts: Happenings = Field(description="what starts it: one of these")
    stages: list[Name] = Field([], alias="while", description="only in these stages; left, it is dropped")
    after: SpanText = Field(description="how long it takes, such as 3 days; to the hour, in office hours")
    again: Again = Field(
        Again.RESTART, description="when it starts once more while it runs: keep, or restart"
    )
    dropped_by: Happenings = Field(default_factory=list, description="what ends it before")


class UpdateEntry(Shape):
    """News for the contact, every so often: with the owner's line, or honestly without one."""

    name: Name = Field(description="how the update is called; deadlines and timers have other names")
    title: dict[str, str] = Field(description="how people call it, by language", min_length=1)
    starts: Happenings = Field(description="what starts it: one of these")
    news: Happenings = Field(default_factory=list, description="what counts as news: the time begins again")
    every: SpanText = Field(
        description="how often, such as 3 days; what falls in a closure goes out before it"
    )
    stages: list[Name] = Field([], alias="while", description="only in these stages; left, it is dropped")
    paused_in: list[Name] = Field([], description="the stages in which its clock stands still")
    ask_before: SpanText = Field("1 working day", description="how long before the owner is asked for a line")
    ask: Role = Field(Role.OWNER, description="who is asked")
    ask_with: Template = Field("ask_line", description="the mail that asks; the answer to it is the line")
    send: Template = Field(description="the template that is sent with the line")
    otherwise: Template = Field(description="the template that is sent without one")
    at_most: Annotated[int, Field(ge=0, le=100)] = Field(2, description="how often in a row without a line")
    then: Role = Field(Role.HEAD, description="who must act after that")
    then_send: Template = Field("no_line", description="the mail that says so")


class PlaybookFile(Shape):
    """A file of config/playbooks."""

    name: Name = Field(
        description="how the playbook is called, in small letters, digits and _; no two are alike"
    )
    version: Annotated[str, Field(min_length=1)] = Field(description="any text in quotes")
    number_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,8}$")] = Field(
        description="what case numbers begin with: C gives C-2026-00001"
    )
    kinds: Names = Field(description="the kinds of case that run by it")
    stages: Names = Field(description="the stages of a case; the first is where it begins")
    closing_stages: list[Name] = Field(description="the stages in which a case is closed")
    when_in_doubt: DoubtPolicy = Field(
        DoubtPolicy.HOLD, description="mail that may or may not have arrived: hold it for a person, or resend"
    )
    on: list[ReactionEntry] = Field([], description="what is done on which fact, in this order")
    deadlines: list[DeadlineEntry] = Field([], description="what is promised, and by when")
    updates: list[UpdateEntry] = Field([], description="what the contact hears regularly")
    timers: list[TimerEntry] = Field([], description="what comes after a while")


PLAYBOOK_SCHEMA: dict[str, Any] = PlaybookFile.model_json_schema()
