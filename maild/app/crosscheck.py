"""What no single file of a configuration shows: whether its files fit together.

Each template, list, colleague, kind, mailbox and calendar that is named exists; one playbook runs each kind.
A part that could not be loaded is None: what depends on it is not checked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from maild.errors import ConfigError, Problem
from maild.mistakes import Loc, nearest, problem_at
from maild.model.people import Staff
from maild.model.playbook import Playbook
from maild.model.rule import NamedList, Operator, Rule
from maild.rules.field_schema import MOST_WORDS
from maild.rules.lint import lint
from maild.rules.match import tests_in
from maild.rules.settle import REVIEW
from maild.settings import Settings
from maild.toml_places import read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a configuration, None where one could not be loaded."""

    settings: Settings
    rules: Sequence[Rule] | None
    playbooks: Sequence[Playbook] | None
    template_names: Collection[str] | None
    lists: Sequence[NamedList] | None
    staff: Staff | None
    calendar_names: Collection[str] | None = None


def cross_check(parts: Parts) -> tuple[Problem, ...]:
    """A Problem for everything that does not fit together."""
    return (
        *_unknown_mailboxes(parts),
        *_unknown_lists(parts),
        *_unknown_cases(parts),
        *_unknown_colleagues(parts),
        *_unknown_templates(parts),
        *_templates_of_rules(parts),
        *_shared_words(parts),
        *_kinds_of_rules(parts),
        *_kinds_of_mailboxes(parts),
        *_calendars_of_mailboxes(parts),
    )


def lint_problems(parts: Parts) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """What is wrong between two rules, and what is only worth a warning."""
    found = lint(tuple(parts.rules or ()))
    told = [(each.is_warning, _problem(parts, each.place, each.what, each.hint)) for each in found]
    return (
        tuple(problem for is_warning, problem in told if not is_warning),
        tuple(problem for is_warning, problem in told if is_warning),
    )


def _unknown_lists(parts: Parts) -> Iterator[Problem]:
    if parts.lists is None:
        return
    known = {each.name: len(each.entries) for each in parts.lists}
    for rule in parts.rules or ():
        for test in tests_in(rule.when):
            if test.operator in {Operator.IN, Operator.MENTIONS}:
                for name in test.values:
                    if name not in known:
                        what = f"rule {rule.name!r}: there is no list {name!r} in config/lists"
                        yield _problem(parts, rule.place, what, nearest(name, known))
                    elif test.operator is Operator.MENTIONS and known[name] > MOST_WORDS:
                        what = f"rule {rule.name!r}: the list {name!r} has more than {MOST_WORDS} entries"
                        yield _problem(
                            parts, rule.place, what, "mentions looks for each of them: split the list"
                        )


def _unknown_cases(parts: Parts) -> Iterator[Problem]:
    """Kinds and stages that a rule asks for."""
    if parts.playbooks is None:
        return
    stages = [stage for playbook in parts.playbooks for stage in playbook.stages]
    words = {"case_kind": _kinds(parts) or [], "case_stage": stages}
    for rule in parts.rules or ():
        for test in tests_in(rule.when):
            if test.field in words and test.operator is Operator.IS:
                for word in test.values:
                    if word not in words[test.field]:
                        what = f"rule {rule.name!r}: no playbook has the {test.field} {word!r}"
                        yield _problem(parts, rule.place, what, nearest(word, words[test.field]))


def _unknown_colleagues(parts: Parts) -> Iterator[Problem]:
    if parts.staff is None:
        return
    people = [person.address for person in parts.staff.people]
    manned = {person.department for person in parts.staff.people}
    for rule in parts.rules or ():
        department, assign = rule.then.department, rule.then.assign
        if department is not None and department not in parts.staff.department_names:
            what = f"rule {rule.name!r}: there is no department {department!r} in people.yaml"
            yield _problem(parts, rule.place, what, nearest(department, parts.staff.department_names))
        for word in assign.people if assign else ():
            if word not in people and word not in manned:
                what = f"rule {rule.name!r}: {word!r} is nobody in people.yaml"
                yield _problem(parts, rule.place, what, nearest(word, (*people, *manned)))


def _unknown_mailboxes(parts: Parts) -> Iterator[Problem]:
    known = [mailbox.name for mailbox in parts.settings.mailboxes]
    for rule in parts.rules or ():
        for test in tests_in(rule.when):
            if test.field == "mailbox" and test.operator is Operator.IS:
                for name in test.values:
                    if name not in known:
                        what = f"rule {rule.name!r}: there is no mailbox {name!r}"
                        yield _problem(parts, rule.place, what, nearest(name, known))


def _unknown_templates(parts: Parts) -> Iterator[Problem]:
    known = parts.template_names
    for playbook in parts.playbooks or ():
        for template, place in playbook.templates:
            if known is not None and template not in known:
                what = f"there is no template {template!r}"
                yield _problem(parts, place, what, nearest(template, known))


def _templates_of_rules(parts: Parts) -> Iterator[Problem]:
    known = parts.template_names
    for rule in parts.rules or ():
        template = rule.then.template
        if known is not None and template is not None and template not in known:
            what = f"rule {rule.name!r}: there is no template {template!r}"
            yield _problem(parts, rule.place, what, nearest(template, known))


def _shared_words(parts: Parts) -> Iterator[Problem]:
    """Kinds and number prefixes that two playbooks claim."""
    claimed: dict[tuple[str, str], str] = {}
    for playbook in parts.playbooks or ():
        if REVIEW in playbook.kinds:
            what = f"the kind {REVIEW!r} is mail that waits for a person"
            yield _problem(parts, playbook.place, what, "choose another name for it")
        words = [("kind", kind) for kind in playbook.kinds] + [("number_prefix", playbook.number_prefix)]
        for sort, word in words:
            first = claimed.setdefault((sort, word), playbook.place)
            if first != playbook.place:
                what = f"the {sort} {word!r} belongs to the playbook in {first}"
                yield _problem(parts, playbook.place, what, "take it out of one of them")


def _kinds_of_rules(parts: Parts) -> Iterator[Problem]:
    known = _kinds(parts)
    for rule in parts.rules or ():
        kind = rule.then.case_kind
        if known is not None and kind is not None and kind not in {*known, REVIEW}:
            what = f"rule {rule.name!r}: no playbook runs cases of the kind {kind!r}"
            yield _problem(parts, rule.place, what, nearest(kind, known))


def _kinds_of_mailboxes(parts: Parts) -> Iterator[Problem]:
    known = _kinds(parts)
    for at, mailbox in enumerate(parts.settings.mailboxes):
        if known is not None and mailbox.default_kind not in {*known, REVIEW}:
            what = f"mailbox {mailbox.name!r}: no playbook runs cases of the kind {mailbox.default_kind!r}"
            hint = nearest(mailbox.default_kind, (*known, REVIEW))
            yield _in_settings(parts.settings, ("mailbox", at, "default_kind"), what, hint)


def _calendars_of_mailboxes(parts: Parts) -> Iterator[Problem]:
    known, settings = parts.calendar_names, parts.settings
    if known is None:
        return
    named: list[tuple[Loc, str]] = [(("calendar",), settings.calendar)]
    named += [
        (("mailbox", at, "calendar"), mailbox.calendar)
        for at, mailbox in enumerate(settings.mailboxes)
        if mailbox.calendar
    ]
    for loc, name in named:
        if name not in known:
            yield _in_settings(settings, loc, f"there is no calendar {name!r}", nearest(name, known))


def _in_settings(settings: Settings, loc: Loc, what: str, hint: str) -> Problem:
    """The settings do not know their lines: they are looked up again."""
    try:
        return read_toml(settings.path).problem(loc, what, hint)
    except ConfigError:
        return Problem(file=str(settings.path), what=what, hint=hint)


def _kinds(parts: Parts) -> list[str] | None:
    return None if parts.playbooks is None else [kind for each in parts.playbooks for kind in each.kinds]


def _problem(parts: Parts, place: str, what: str, hint: str) -> Problem:
    return problem_at(parts.settings.folder, place, what, hint)
