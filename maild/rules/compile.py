"""Rules and playbooks as the model knows them, made from what pydantic has checked.

What no single key can show is checked here: a stage that the playbook does not have.
"""

from collections.abc import Iterator

from maild.errors import Problem
from maild.mistakes import Document, Loc, nearest
from maild.model.playbook import Playbook, Reaction
from maild.model.rule import Action, AllOf, AnyOf, Condition, Not, Operator, Rule, Test
from maild.rules.playbook_schema import PlaybookFile
from maild.rules.schema import AutomaticTest, RuleFile, TextTest, Then, When


def rules_of(file: RuleFile, document: Document, name: str) -> tuple[Rule, ...]:
    """The rules in the order of the file; `name` stands in their places before the line."""
    return tuple(
        Rule(
            name=entry.name,
            place=f"{name}:{document.place(('rules', at))[0]}",
            when=_condition(entry.when),
            then=_action(entry.then),
        )
        for at, entry in enumerate(file.rules)
    )


def playbook_of(file: PlaybookFile, document: Document, name: str) -> Playbook:
    """The playbook; `name` stands in its places before the line."""
    reactions = (
        Reaction(
            on=entry.fact,
            unless=tuple(entry.unless),
            send=entry.send,
            move_to=entry.move_to,
            place=f"{name}:{document.place(('on', at))[0]}",
        )
        for at, entry in enumerate(file.on)
    )
    return Playbook(
        name=file.name,
        version=file.version,
        number_prefix=file.number_prefix,
        kinds=tuple(file.kinds),
        stages=tuple(file.stages),
        closing_stages=frozenset(file.closing_stages),
        reactions=tuple(reactions),
        doubt_policy=file.when_in_doubt,
        place=f"{name}:{document.place(('name',))[0]}",
    )


def unknown_stages(file: PlaybookFile, document: Document) -> Iterator[Problem]:
    """A Problem for each stage that is named but not among `stages`."""
    named: list[tuple[Loc, str]] = [
        (("closing_stages", at), stage) for at, stage in enumerate(file.closing_stages)
    ]
    named += [(("on", at, "move_to"), entry.move_to) for at, entry in enumerate(file.on) if entry.move_to]
    for loc, stage in named:
        if stage not in file.stages:
            yield document.problem(loc, f"there is no stage {stage!r}", nearest(stage, file.stages))


def _action(then: Then) -> Action:
    return Action(case_kind=then.kind, priority=then.priority, archive_only=then.archive, stop=then.stop)


def _condition(when: When) -> Condition:
    """One part as itself, several as AllOf."""
    parts = tuple(_parts(when))
    return parts[0] if len(parts) == 1 else AllOf(parts=parts)


def _parts(when: When) -> Iterator[Condition]:
    for name, info in When.model_fields.items():
        part: TextTest | AutomaticTest | When | list[When] | dict[str, TextTest] | None = getattr(when, name)
        match part:
            case None:
                continue
            case TextTest() | AutomaticTest():
                yield from _tests(info.alias or name, part)
            case dict():
                for header, each in part.items():
                    yield from _tests(header.casefold(), each)
            case When():
                yield Not(part=_condition(part))
            case _:
                inner = tuple(_condition(each) for each in part)
                yield AnyOf(parts=inner) if name == "any_" else AllOf(parts=inner)


def _tests(field: str, test: TextTest | AutomaticTest) -> Iterator[Test]:
    for name, values in test.model_dump(by_alias=True, exclude_none=True).items():
        yield Test(field=field, operator=Operator(name), values=tuple(values))
