"""What is right in every single rule and still wrong between two of them, told before it surprises anybody.

Whether one condition implies another is decided by their shape, never by trial: what is reported is so, but
not everything that is so is reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from maild.model.rule import Action, AllOf, AnyOf, Condition, Not, Operator, Rule, Test
from maild.rules.match import asks_about_case
from maild.rules.values import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a rule; a warning leaves it usable."""

    place: str  # file:line:column
    what: str
    hint: str
    is_warning: bool


def lint(rules: tuple[Rule, ...]) -> tuple[Finding, ...]:
    """Rules that can never match, and fields to which two rules give two values on the same mail."""
    found: list[Finding] = []
    for at, later in enumerate(rules):
        blocker = next((rule for rule in rules[:at] if _blocks(rule, later)), None)
        if blocker is not None:
            found.append(_never(later, blocker))
            continue
        for earlier in rules[:at]:
            found += _contradictions(earlier, later)
    return tuple(found)


def implies(one: Condition, other: Condition) -> bool:
    """True when whatever matches `one` also matches `other`, as far as their shape tells."""
    match one, other:
        case _ if one == other:
            verdict = True
        case (AnyOf(parts=parts), _):
            verdict = bool(parts) and all(implies(part, other) for part in parts)
        case (_, AllOf(parts=parts)):
            verdict = all(implies(one, part) for part in parts)
        case (AllOf(parts=parts), _) if any(implies(part, other) for part in parts):
            verdict = True
        case (_, AnyOf(parts=parts)):
            verdict = any(implies(one, part) for part in parts)
        case (Not(part=part), Not(part=wanted)):
            verdict = implies(wanted, part)
        case (Test(), Test()):
            verdict = _test_implies(one, other)
        case _:
            verdict = False
    return verdict


def _test_implies(one: Test, other: Test) -> bool:
    """Each word by which `one` passes makes `other` pass by one of its own."""
    if one.field != other.field or (one.fold_chinese and not other.fold_chinese):
        return False
    return all(
        any(_word_implies(one.operator, word, other.operator, wanted) for wanted in other.values)
        for word in one.values
    )


def _word_implies(operator: Operator, word: str, other: Operator, wanted: str) -> bool:
    match operator, other:
        case (Operator.ABOVE, Operator.ABOVE):
            return float(word) >= float(wanted)
        case (Operator.BELOW, Operator.BELOW):
            return float(word) <= float(wanted)
        case (Operator.IS | Operator.CONTAINS | Operator.STARTS | Operator.ENDS, _):
            return _text_implies(operator, fold(word), other, fold(wanted))
        case _:
            return operator is other and word == wanted


def _text_implies(operator: Operator, word: str, other: Operator, wanted: str) -> bool:
    """A text of which `operator word` is true: is `other wanted` true of it?"""
    whole = operator is Operator.IS
    match other:
        case Operator.CONTAINS:
            return wanted in word
        case Operator.STARTS:
            return word.startswith(wanted) and (whole or operator is Operator.STARTS)
        case Operator.ENDS:
            return word.endswith(wanted) and (whole or operator is Operator.ENDS)
        case Operator.IS:
            return whole and word.strip() == wanted.strip()
        case _:
            return False


def _blocks(earlier: Rule, later: Rule) -> bool:
    """Rules that do not ask about cases are passed by on mail that joins one: they block none that do."""
    passes_by = asks_about_case(later) and not asks_about_case(earlier)
    return earlier.then.stop and not passes_by and implies(later.when, earlier.when)


def _never(later: Rule, blocker: Rule) -> Finding:
    what = f"rule {later.name!r} can never match: {blocker.name!r} ({blocker.place}) takes its mail and stops"
    return Finding(
        place=later.place,
        what=what,
        hint="put it above that rule, or take it out",
        is_warning=False,
    )


def _contradictions(earlier: Rule, later: Rule) -> Iterator[Finding]:
    """Only where both certainly match the same mail, and the second is tried after the first."""
    if earlier.then.stop or not (implies(earlier.when, later.when) or implies(later.when, earlier.when)):
        return
    first, second = _values(earlier.then), _values(later.then)
    for name in first.keys() & second.keys():
        if first[name] != second[name]:
            what = (
                f"rule {later.name!r} gives {name} another value than rule {earlier.name!r} ({earlier.place})"
                " on the same mail"
            )
            yield Finding(
                place=later.place,
                what=what,
                hint="the later one wins; write stop: true in the first if that is not meant",
                is_warning=True,
            )


def _values(then: Action) -> dict[str, object]:
    """What a rule gives a value to, as the file calls it."""
    given: dict[str, object | None] = {
        "kind": then.case_kind,
        "priority": then.priority,
        "archive": then.archive_only,
        "spam": then.spam,
        "owner": then.assign,
        "department": then.department,
        "confidential": then.confidential,
        "template": then.template,
    }
    named = {f"fields.{name}": value for name, value in then.fields}
    return {name: value for name, value in (given | named).items() if value is not None}
