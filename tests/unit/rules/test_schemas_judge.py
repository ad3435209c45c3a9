"""What editors are told by the JSON Schemas: a validator of JSON Schema finds the shipped files right, and
wrong ones wrong. What only the program can know (does that list exist?) is not asked here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from maild.mistakes import keys_at
from maild.rules.editor_schema import editor_schemas
from maild.rules.list_schema import PEOPLE_SCHEMA
from maild.rules.load import load_people, read_yaml

ROOT = Path(__file__).parents[3]
SCHEMAS: dict[str, dict[str, Any]] = {
    name.partition(".")[0]: json.loads(text) for name, text in editor_schemas().items()
}
FOLDERS = {
    "rules": "rules",
    "lists": "list",
    "playbooks": "playbook",
    "calendars": "calendar",
    "rehearsals": "scenario",
}
SHIPPED = [
    *((path, FOLDERS[path.parent.name]) for path in sorted((ROOT / "config").glob("*/*.yaml"))),
    (ROOT / "config" / "people.yaml", "people"),
]
EXAMPLES: list[str] = [
    example
    for page in ("rules.md", "playbooks.md")
    for example in re.findall(
        r"^```yaml\n(.*?)^```", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
]
SORTS = {"rules": "rules", "party": "list", "departments": "people", "name": "playbook"}


def _judge(schema: str, path: Path) -> str:
    """What the validator has against a file; empty when it is right."""
    data = read_yaml(path).data
    if data is None:  # all of it is commented out
        return ""
    as_json = json.loads(json.dumps(data, default=str))  # which has no days: an editor sees text
    mistake = best_match(Draft202012Validator(SCHEMAS[schema]).iter_errors(as_json))
    return "" if mistake is None else f"{mistake.json_path}: {mistake.message}"


def _judge_text(schema: str, folder: Path, text: str) -> str:
    (folder / "x.yaml").write_text(text, "utf-8")
    return _judge(schema, folder / "x.yaml")


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_each_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize(("path", "schema"), [pytest.param(*each, id=each[0].stem) for each in SHIPPED])
def test_the_shipped_files_are_right(path: Path, schema: str) -> None:
    assert _judge(schema, path) == ""


def test_the_example_in_people_yaml_is_right_and_whole(tmp_path: Path) -> None:
    shipped = (ROOT / "config" / "people.yaml").read_text("utf-8")
    example = "".join(re.findall(r"^#  (.*\n)", shipped, re.MULTILINE))
    assert _judge_text("people", tmp_path, example) == ""
    staff = load_people(tmp_path / "x.yaml")
    assert [person.deputy for person in staff.people if person.absences] == ["chen.gang@example.com"]
    for loc in ((), ("departments", 0), ("people", 0), ("people", 0, "away", 0)):
        assert [key for key in keys_at(PEOPLE_SCHEMA, loc) if f"{key}:" not in example] == []


def test_files_of_every_sort_are_shipped() -> None:
    assert {schema for _, schema in SHIPPED} == set(SCHEMAS)
    assert set((ROOT / "config").rglob("*.yaml")) == {path for path, _ in SHIPPED}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_documents_are_right(tmp_path: Path, example: str) -> None:
    assert _judge_text(SORTS[example.partition(":")[0]], tmp_path, example) == ""


RULE = "rules: [{{name: a, when: {when}, then: {then}}}]"


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("{from: a@b.example}", id="a bare value"),
        pytest.param("{from: [a@b.example, c@d.example]}", id="a bare list"),
        pytest.param("{from: {in: vips}}", id="a list by name"),
        pytest.param("{header:X-Spam-Score: {below: 5}}", id="a header"),
        pytest.param("{attachment_size: {above: 5 MB}}", id="a size"),
        pytest.param("{any: [{language: zh}, {not: {automatic: list}}]}", id="any and not"),
    ],
)
def test_what_may_be_written_short_is_right(tmp_path: Path, when: str) -> None:
    assert _judge_text("rules", tmp_path, RULE.format(when=when, then="{kind: a}")) == ""


WRONG = [
    pytest.param("rules", "rule: []", "'rule' was unexpected", id="unknown key of a file"),
    pytest.param("rules", "rules: {}", "not of type 'array'", id="no list of rules"),
    pytest.param("rules", "rules: [{when: {from: a}, then: {kind: a}}]", "'name'", id="no name"),
    pytest.param(
        "rules", "rules: [{name: 7, when: {from: a}, then: {kind: a}}]", "7", id="a name that is none"
    ),
    pytest.param("rules", RULE.format(when="{form: a}", then="{kind: a}"), "form", id="unknown field"),
    pytest.param("rules", RULE.format(when="{x-header: a}", then="{kind: a}"), "x-header", id="no header"),
    pytest.param(
        "rules",
        RULE.format(when="{from: {containing: a}}", then="{kind: a}"),
        "containing",
        id="unknown operator",
    ),
    pytest.param(
        "rules", RULE.format(when="{automatic: robot}", then="{kind: a}"), "robot", id="unknown word"
    ),
    pytest.param(
        "rules",
        RULE.format(when="{authenticated: maybe}", then="{kind: a}"),
        "maybe",
        id="neither true nor false",
    ),
    pytest.param(
        "rules", RULE.format(when="{all: {from: a}}", then="{kind: a}"), "when.all", id="all without list"
    ),
    pytest.param("rules", RULE.format(when="{from: a}", then="{knid: a}"), "knid", id="unknown action"),
    pytest.param(
        "rules",
        RULE.format(when="{from: a}", then="{kind: a, priority: hihg}"),
        "hihg",
        id="unknown priority",
    ),
    pytest.param(
        "rules", RULE.format(when="{from: a}", then="{kind: a, stop: 1}"), "boolean", id="1 for true"
    ),
    pytest.param(
        "rules",
        RULE.format(when="{from: a}", then="{owner: {by_lot: [a]}}"),
        "by_lot",
        id="unknown way to choose",
    ),
    pytest.param("rules", RULE.format(when="{from: a}", then="{labels: {a: b}}"), "{'a': 'b'}", id="labels"),
    pytest.param(
        "rules",
        "rules: []\ntests: [{name: a, message: {from: a}}]",
        "'expect'",
        id="a test that expects nothing",
    ),
    pytest.param(
        "rules",
        "rules: []\ntests: [{name: a, message: {form: a}, expect: {kind: a}}]",
        "form",
        id="unknown key of a message",
    ),
    pytest.param("list", "party: supplier", "'entries'", id="no entries"),
    pytest.param("list", "{party: vendor, entries: []}", "vendor", id="unknown party"),
    pytest.param("list", "{entries: [{a: b}]}", "{'a': 'b'}", id="an entry that is no word"),
    pytest.param("people", "departments: [sales]\npersons: []", "persons", id="unknown key of people"),
    pytest.param("people", "people: [{name: Wu, address: wu, department: a}]", "wu", id="no address"),
    pytest.param("people", "people: [{name: Wu, address: wu@a.example}]", "'department'", id="no department"),
    pytest.param("playbook", "kinds: [a]", "is a required property", id="an incomplete playbook"),
    pytest.param("playbook", "- a", "not of type 'object'", id="a list for a playbook"),
]


@pytest.mark.parametrize(("schema", "text", "words"), WRONG)
def test_a_wrong_file_is_refused(tmp_path: Path, schema: str, text: str, words: str) -> None:
    said = _judge_text(schema, tmp_path, text)
    assert said
    assert words in said
