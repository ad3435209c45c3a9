"""Classification rules as the YAML compiles into them, and the input that they see."""

from dataclasses import dataclass
from enum import StrEnum

from maild.model.people import Assign, PartyKind


class Operator(StrEnum):
    """How a test compares."""

    IS = "is"
    IN = "in"  # a named list, one of whose entries is the value
    CONTAINS = "contains"
    MENTIONS = "mentions"  # a named list, one of whose entries stands in the value
    STARTS = "starts"
    ENDS = "ends"
    MATCHES = "matches"  # RE2
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One field compared with any of some values."""

    __test__ = False  # pytest: this is not a test class

    field: str  # from, from_domain, to, mailbox, subject, base_subject, text, automatic, header:NAME ...
    operator: Operator
    values: tuple[str, ...]
    fold_chinese: bool = False  # traditional characters are compared as simplified ones


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """True when every part is; true when there are none."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """True when one part is."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """True when the part is not."""

    part: "Condition"


Condition = Test | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedList:
    """A file of config/lists: addresses, domains or words under a name; `party` says who stands in it."""

    name: str
    place: str  # file:line:column
    entries: tuple[str, ...]
    party: PartyKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a rule that matched settles; None leaves the field as it was."""

    case_kind: str | None = None
    priority: str | None = None
    archive_only: bool | None = None
    spam: bool | None = None
    assign: Assign | None = None
    department: str | None = None
    confidential: bool | None = None
    labels: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    template: str | None = None
    stop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A named condition with its action, and where it stands."""

    name: str
    place: str  # file:line:column
    when: Condition
    then: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInput:
    """What rules see of a message: text bounded, kept with each decision for back-tests.

    `fields` maps a field name to its values, in order; a test holds when one of them does.
    """

    fields: tuple[tuple[str, tuple[str, ...]], ...]
