"""Rules, lists and people as the model knows them, made from what pydantic has checked."""

from collections.abc import Iterator
from dataclasses import replace

from maild.errors import Problem
from maild.mistakes import Document, Loc, nearest
from maild.model.people import Absence, Assign, AssignMode, Department, Person, Staff
from maild.model.rule import Action, AllOf, AnyOf, Condition, NamedList, Not, Operator, Rule, Test
from maild.rules.field_schema import FieldTest
from maild.rules.list_schema import DepartmentEntry, ListFile, PeopleFile, PersonEntry
from maild.rules.schema import OwnerEntry, RuleFile, Then, When


def rules_of(file: RuleFile, document: Document, name: str) -> tuple[Rule, ...]:
    """The rules in the order of the file; `name` stands in their places before line and column."""
    return tuple(
        Rule(
            name=entry.name,
            place=_place(document, ("rules", at), name),
            when=_condition(entry.when),
            then=_action(entry.then),
        )
        for at, entry in enumerate(file.rules)
    )


def list_of(file: ListFile, document: Document, name: str) -> NamedList:
    """The list of a file; its name is that of the file."""
    stem = name.rpartition("/")[2].rpartition(".")[0]
    return NamedList(
        name=stem, place=_place(document, (), name), entries=tuple(file.entries), party=file.kind
    )


def staff_of(file: PeopleFile, document: Document, name: str) -> Staff:
    """The departments and the people of people.yaml; addresses are case-folded."""
    people = (_person(entry, _place(document, ("people", at), name)) for at, entry in enumerate(file.people))
    return Staff(
        departments=tuple(map(_department, file.departments)),
        people=tuple(people),
        service_desk=tuple(map(str.casefold, file.service_desk)),
    )


def _person(entry: PersonEntry, place: str) -> Person:
    return Person(
        name=entry.name,
        address=entry.address.casefold(),
        department=entry.department,
        place=place,
        language=entry.language or "",
        deputy=(entry.deputy or "").casefold(),
        absences=tuple(Absence(from_on=each.from_, to_on=each.to) for each in entry.away),
    )


def _department(entry: str | DepartmentEntry) -> Department:
    if isinstance(entry, str):
        return Department(name=entry)
    head, leader = (entry.head or "").casefold(), (entry.leader or "").casefold()
    return Department(name=entry.name, head=head, leader=leader)


def wrong_people(file: PeopleFile, document: Document) -> Iterator[Problem]:
    """A Problem for each unknown department and colleague, what stands twice, and who is his own deputy."""
    departments = [_department(entry).name for entry in file.departments]
    known = [entry.address.casefold() for entry in file.people]
    for at, name in enumerate(departments):
        if name in departments[:at]:
            yield document.problem(
                ("departments", at), f"the department {name!r} stands here twice", "keep one"
            )
    for at, entry in enumerate(file.people):
        if entry.department not in departments:
            what = f"there is no department {entry.department!r}"
            yield document.problem(("people", at, "department"), what, nearest(entry.department, departments))
        if entry.address.casefold() in known[:at]:
            what = f"{entry.address} stands here twice"
            yield document.problem(("people", at, "address"), what, "keep one")
        if (entry.deputy or "").casefold() == entry.address.casefold():
            what = f"{entry.address} stands in for itself"
            yield document.problem(("people", at, "deputy"), what, "name another colleague")
    for loc, address in _colleagues_named(file):
        if address.casefold() not in known:
            what = f"{address} is nobody among `people`"
            yield document.problem(loc, what, nearest(address.casefold(), known))


def _colleagues_named(file: PeopleFile) -> Iterator[tuple[Loc, str]]:
    yield from ((("service_desk", at), address) for at, address in enumerate(file.service_desk))
    yield from ((("people", at, "deputy"), one.deputy) for at, one in enumerate(file.people) if one.deputy)
    for at, entry in enumerate(file.departments):
        if isinstance(entry, DepartmentEntry):
            named = (("head", entry.head), ("leader", entry.leader))
            yield from ((("departments", at, key), address) for key, address in named if address)


def with_people(rules: tuple[Rule, ...], staff: Staff) -> tuple[Rule, ...]:
    """The rules, with a department among possible owners replaced by those who work there."""
    actions = (replace(rule.then, assign=_people(rule.then.assign, staff)) for rule in rules)
    return tuple(replace(rule, then=then) for rule, then in zip(rules, actions, strict=True))


def _people(assign: Assign | None, staff: Staff) -> Assign | None:
    if assign is None:
        return None
    named = [
        person.address
        for word in assign.people
        for person in staff.people
        if word in {person.address, person.department}
    ]
    return replace(assign, people=tuple(dict.fromkeys(named)))


def _action(then: Then) -> Action:
    return Action(
        case_kind=then.kind,
        priority=then.priority,
        archive_only=then.archive,
        spam=then.spam,
        assign=None if then.owner is None else _assign(then.owner),
        department=then.department,
        confidential=then.confidential,
        labels=tuple(then.labels or ()),
        fields=tuple(sorted((then.fields or {}).items())),
        template=then.template,
        stop=then.stop,
    )


def _assign(owner: OwnerEntry) -> Assign:
    """The one way that the schema has made sure of."""
    ways = (
        (AssignMode.ROUND_ROBIN, owner.round_robin),
        (AssignMode.BY_LOAD, owner.by_load),
        (AssignMode.FIXED, [owner.fixed or ""]),
    )
    mode, people = next((mode, people) for mode, people in ways if people)
    return Assign(
        mode=mode, people=tuple(person.casefold() if "@" in person else person for person in people)
    )


def _place(document: Document, loc: Loc, name: str) -> str:
    line, column = document.place(loc)
    return f"{name}:{line}:{column}"


def _condition(when: When) -> Condition:
    """One part as itself, several as AllOf."""
    parts = tuple(_parts(when))
    return parts[0] if len(parts) == 1 else AllOf(parts=parts)


def _parts(when: When) -> Iterator[Condition]:
    for name, info in When.model_fields.items():
        part: FieldTest | When | list[When] | dict[str, FieldTest] | None = getattr(when, name)
        match part:
            case None:
                continue
            case dict():
                for header, each in part.items():
                    yield from _tests(header.casefold(), each)
            case When():
                yield Not(part=_condition(part))
            case list():
                inner = tuple(_condition(each) for each in part)
                yield AnyOf(parts=inner) if name == "any_" else AllOf(parts=inner)
            case _:
                yield from _tests(info.alias or name, part)


def _tests(field: str, test: FieldTest) -> Iterator[Test]:
    given = test.model_dump(by_alias=True, exclude_none=True)
    chinese = given.pop("fold", None) is not None
    for name, values in given.items():
        words = (str(values).lower(),) if isinstance(values, bool) else tuple(values)
        yield Test(field=field, operator=Operator(name), values=words, fold_chinese=chinese)
