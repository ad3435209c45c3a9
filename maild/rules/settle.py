"""What the rules that matched settle together: a later one wins, labels and fields add up."""

from dataclasses import dataclass, replace

from maild.model.case import CaseTraits
from maild.model.facts import Routing, RuleVerdict
from maild.model.rule import Action

REVIEW = "review"
"""The default_kind that is none: a person looks at what no rule has decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the rules are asked for a message: its mailbox's default kind, and whether it joins a case."""

    default_kind: str
    joins: bool


def merged(settled: Action, then: Action, verdict: RuleVerdict) -> Action:
    """`settled`, with what a rule that matched adds; what its patterns captured becomes case fields."""
    given = {name: value for name in _OVERRIDING if (value := getattr(then, name)) is not None}
    captured = [pair for test in verdict.tests if test.passed for pair in test.captured]
    fields = dict(settled.fields) | dict(captured) | dict(then.fields)
    return replace(
        settled,
        labels=tuple(sorted({*settled.labels, *then.labels})),
        fields=tuple(sorted(fields.items())),
        **given,
    )


_OVERRIDING = (
    "case_kind",
    "priority",
    "archive_only",
    "spam",
    "assign",
    "department",
    "confidential",
    "template",
)


def routing_of(settled: Action, trace: tuple[RuleVerdict, ...], asked: Asked) -> Routing:
    """What becomes of the message, and why."""
    silent = bool(settled.archive_only or settled.spam)
    kind = settled.case_kind or asked.default_kind
    review = kind == REVIEW and not silent and not asked.joins
    return Routing(
        opens_case=not silent and not review,
        case_kind="" if kind == REVIEW else kind,
        priority=settled.priority or ("" if asked.joins else "normal"),
        reason=_reason(trace, settled, asked),
        trace=trace,
        traits=CaseTraits(
            department=settled.department or "",
            labels=settled.labels,
            fields=settled.fields,
            confidential=bool(settled.confidential),
        ),
        assign=settled.assign,
        template=settled.template,
        review=review,
        spam=bool(settled.spam),
        on_case=asked.joins,
    )


def _reason(trace: tuple[RuleVerdict, ...], settled: Action, asked: Asked) -> str:
    matched = ", ".join(f"rule {verdict.rule!r} ({verdict.place})" for verdict in trace if verdict.matched)
    if asked.joins:
        return matched or "no rule about cases matched"
    default = "a person looks at it" if asked.default_kind == REVIEW else "the mailbox's default kind"
    if not matched:
        return f"no rule matched: {default}"
    if settled.spam:
        return f"spam: {matched}"
    if settled.case_kind is None and not settled.archive_only:
        return f"{matched}; {default}"
    return matched
