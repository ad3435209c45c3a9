"""The YAML files of the config folder, read with the place of everything in them.

YAML 1.2 (ruamel.yaml): `on` and `yes` are words, 10:30 is text, a key that stands twice is refused.
Only this module knows the YAML library.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from maild.errors import ConfigError, Problem
from maild.mistakes import Document, Loc, Schema, in_order, problem_at, problems_of
from maild.model.calendar import CalendarPlan
from maild.model.people import Staff
from maild.model.playbook import Playbook
from maild.model.rehearsal import Scenario
from maild.model.rule import NamedList, Rule
from maild.rules.calendar_schema import CALENDAR_SCHEMA, CalendarFile
from maild.rules.compile import list_of, rules_of, staff_of, wrong_people
from maild.rules.compile_calendar import contradictions, plan_of
from maild.rules.compile_rehearsal import scenario_of
from maild.rules.expectation_schema import ExpectationEntry
from maild.rules.list_schema import LIST_SCHEMA, PEOPLE_SCHEMA, ListFile, PeopleFile
from maild.rules.playbook_compile import playbook_of, wrong_names
from maild.rules.playbook_schema import PLAYBOOK_SCHEMA, PlaybookFile
from maild.rules.rehearsal_schema import SCENARIO_SCHEMA, ScenarioFile
from maild.rules.schema import RULE_SCHEMA, RuleFile

Shape = TypeVar("Shape", bound=BaseModel)
Named = TypeVar("Named", Rule, Playbook, NamedList, CalendarPlan)
Places = dict[Loc, tuple[int, int]]


def load_rules(folder: Path) -> tuple[Rule, ...]:
    """The rules of every file in the folder: files by name, rules by line. Raises: ConfigError."""
    return _load(folder, _rules_in)


def load_lists(folder: Path) -> tuple[NamedList, ...]:
    """The lists of the folder, one a file, named as it is. Raises: ConfigError."""
    return _load(folder, _list_in)


def load_people(path: Path) -> Staff:
    """Who works here; nobody when there is no file. Raises: ConfigError."""
    if not path.exists():
        return Staff()
    document = read_yaml(path)
    if document.data is None:
        return Staff()
    file = _checked(PeopleFile, document, PEOPLE_SCHEMA)
    if problems := tuple(wrong_people(file, document)):
        raise ConfigError(problems)
    return staff_of(file, document, path.name)


def load_expectations(folder: Path) -> tuple[tuple[str, ExpectationEntry], ...]:
    """The `tests:` of every file of rules, each with its place. Raises: ConfigError."""
    found: list[tuple[str, ExpectationEntry]] = []
    for path in _files(folder):
        document = read_yaml(path)
        if document.data is not None:
            file = _checked(RuleFile, document, RULE_SCHEMA)
            for at, test in enumerate(file.tests):
                line, column = document.place(("tests", at))
                found.append((f"{_short(path)}:{line}:{column}", test))
    return tuple(found)


def load_playbooks(folder: Path) -> tuple[Playbook, ...]:
    """The playbooks of the folder, one a file, files by name. Raises: ConfigError."""
    return _load(folder, _playbook_in)


def load_calendar_plans(folder: Path) -> tuple[CalendarPlan, ...]:
    """The calendars of the folder, one a file, files by name. Raises: ConfigError."""
    return _load(folder, _calendar_in)


def load_scenario(path: Path) -> Scenario:
    """The scenario in a file; its times stay as they are written. Raises: ConfigError."""
    document = read_yaml(path, _PlainConstructor)
    file = _checked(ScenarioFile, document, SCENARIO_SCHEMA)
    if file.people and (problems := tuple(wrong_people(file.people, document.below("people")))):
        raise ConfigError(problems)
    return scenario_of(file, document)


def read_yaml(path: Path, constructor: type[SafeConstructor] | None = None) -> Document:
    """The file, parsed, with the place of every key and item. Raises: ConfigError when it is no YAML."""
    try:
        text = path.read_text("utf-8-sig")
        data, places = _parsed(text, constructor or _Constructor)  # type: ignore[arg-type]  # a class is hashable
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ConfigError((_unreadable(str(path), error),)) from error
    return Document(file=str(path), data=data, places=places)


@lru_cache(maxsize=256)
def _parsed(text: str, constructor: type[SafeConstructor]) -> tuple[Any, Places]:
    """The data and the places of a text; read once, since a reload changes one file out of many.

    Nobody changes what is handed out here.
    """
    data = _parser(constructor).load(text)
    root = _parser(constructor).compose(text)
    places: Places = {}
    if root is not None:
        _note(root, (), places, ())
    return data, places


def _load(folder: Path, read: Callable[[Path], tuple[Named, ...]]) -> tuple[Named, ...]:
    """Everything in every file, or the problems of all files together."""
    found: list[Named] = []
    problems: list[Problem] = []
    for path in _files(folder):
        try:
            news = read(path)
        except ConfigError as error:
            problems += error.problems
        else:
            problems += _taken(found, news, folder)
            found += news
    if problems:
        raise ConfigError(in_order(problems))
    return tuple(found)


def _files(folder: Path) -> list[Path]:
    return sorted((*folder.glob("*.yaml"), *folder.glob("*.yml")))


def _taken(found: list[Named], news: tuple[Named, ...], folder: Path) -> Iterator[Problem]:
    """A Problem for each name that stands in a file before or further up in this one."""
    places = {each.name: each.place for each in found}
    for each in news:
        first = places.setdefault(each.name, each.place)
        if first != each.place:
            what = f"the name {each.name!r} is taken in {first}"
            yield problem_at(folder.parent, each.place, what, "choose another")


def _rules_in(path: Path) -> tuple[Rule, ...]:
    document = read_yaml(path)
    if document.data is None:  # everything in it is commented out
        return ()
    return rules_of(_checked(RuleFile, document, RULE_SCHEMA), document, _short(path))


def _list_in(path: Path) -> tuple[NamedList]:
    document = read_yaml(path)
    return (list_of(_checked(ListFile, document, LIST_SCHEMA), document, _short(path)),)


def _playbook_in(path: Path) -> tuple[Playbook]:
    document = read_yaml(path)
    file = _checked(PlaybookFile, document, PLAYBOOK_SCHEMA)
    problems = tuple(wrong_names(file, document))
    if problems:
        raise ConfigError(problems)
    return (playbook_of(file, document, _short(path)),)


def _calendar_in(path: Path) -> tuple[CalendarPlan, ...]:
    document = read_yaml(path)
    if document.data is None:  # everything in it is commented out
        return ()
    file = _checked(CalendarFile, document, CALENDAR_SCHEMA)
    if problems := tuple(contradictions(file, document)):
        raise ConfigError(problems)
    return (plan_of(file, document, _short(path)),)


def _checked(shape: type[Shape], document: Document, schema: Schema) -> Shape:
    try:
        return shape.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(problems_of(error, document, schema)) from error


def _short(path: Path) -> str:
    """The place as decisions keep it: the same on every machine."""
    return f"{path.parent.name}/{path.name}"


class _Constructor(SafeConstructor):
    """Values out of nodes: what looks like a date and is none stays text, which a schema can name."""

    def date_or_text(self, node: ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.date_or_text)


class _PlainConstructor(SafeConstructor):
    """Values out of nodes, with dates and times as text: YAML would lose their zone."""


_PlainConstructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def _parser(constructor: type[SafeConstructor]) -> YAML:
    parser = YAML(typ="safe", pure=True)
    parser.Constructor = constructor
    return parser


def _note(node: Node, loc: Loc, places: Places, above: tuple[Node, ...]) -> None:
    """Note the places below a node; an alias of something above it would lead in a circle."""
    places.setdefault(loc, _position(node.start_mark))
    if node in above:
        return
    for key, place, child in _children(node):
        places[*loc, key] = place
        _note(child, (*loc, key), places, (*above, node))


def _children(node: Node) -> Iterator[tuple[int | str, tuple[int, int], Node]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield str(key.value), _position(key.start_mark), value
    elif isinstance(node, SequenceNode):
        for at, item in enumerate(node.value):
            yield at, _position(item.start_mark), item


def _position(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _unreadable(file: str, error: OSError | UnicodeDecodeError | YAMLError) -> Problem:
    match error:
        case OSError():
            return Problem(file=file, what=f"cannot be read: {error.strerror}")
        case UnicodeDecodeError():
            before = error.object[: error.start].decode("utf-8")  # all right up to here
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            return Problem(file=file, line=line, column=column, what="is not UTF-8", hint="save it as UTF-8")
        case MarkedYAMLError(problem_mark=mark) if mark is not None:
            line, column = _position(mark)
            what, hint = _said(error)
            return Problem(file=file, line=line, column=column, what=what, hint=hint)
        case _:
            return Problem(
                file=file, what="not YAML: a character that cannot stand in it", hint="retype the line"
            )


def _said(error: MarkedYAMLError) -> tuple[str, str]:
    """What is wrong and how to mend it, without the library's second line."""
    said = str(error.problem or "")
    if isinstance(error, DuplicateKeyError):
        return said.partition(" with value")[0].replace("found duplicate", "the same") + " twice", "keep one"
    for part, hint in _MENDS:
        if part in said:
            return f"not YAML: {said}", hint
    return f"not YAML: {said}", "look at the indent, the quotes and the brackets here and one line above"


_MENDS = (
    ("'\\t'", "indent with spaces, not with tabs"),
    ("mapping values are not allowed", "look at the indent, or put text that holds ': ' in quotes"),
    ("cannot start any token", "put the text in quotes"),
    ("expected <block end>", "look at the indent: lines of one list or mapping begin in one column"),
    ("unexpected end of stream", "a quote or a bracket is not closed"),
    ("another document", "one document a file: take the --- out"),
    ("undefined alias", "put text that begins with * in quotes"),
    ("constructor for the tag", "put text that begins with ! in quotes"),
)
