"""docs/rules.md names every key and operator, and its examples are right."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from maild.mistakes import keys_at
from maild.model.mail import AutomaticKind
from maild.model.rule import Operator
from maild.rules.list_schema import LIST_SCHEMA, PEOPLE_SCHEMA
from maild.rules.load import load_lists, load_people, load_rules
from maild.rules.schema import RULE_SCHEMA

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
EXAMPLES: list[str] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def _rows(heading: str) -> list[str]:
    """The first cells of the table with that heading."""
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        pytest.param("key of a rule", keys_at(RULE_SCHEMA, ("rules", 0)), id="rule"),
        pytest.param("key of `when`", keys_at(RULE_SCHEMA, ("rules", 0, "when")), id="when"),
        pytest.param("key of `then`", keys_at(RULE_SCHEMA, ("rules", 0, "then")), id="then"),
        pytest.param("operator", Operator, id="operators"),
        pytest.param(
            "operator",
            set(keys_at(RULE_SCHEMA, ("rules", 0, "when", "header:", "x"))) - {"fold"},
            id="operators of a file",
        ),
        pytest.param("word", AutomaticKind, id="automatic"),
        pytest.param("key of a file", keys_at(RULE_SCHEMA, ()), id="file"),
        pytest.param("key of a test", keys_at(RULE_SCHEMA, ("tests", 0)), id="test"),
        pytest.param("key of `message`", keys_at(RULE_SCHEMA, ("tests", 0, "message")), id="message"),
        pytest.param("key of `expect`", keys_at(RULE_SCHEMA, ("tests", 0, "expect")), id="expect"),
        pytest.param("way", keys_at(RULE_SCHEMA, ("rules", 0, "then", "owner")), id="owner"),
        pytest.param("key of a list", keys_at(LIST_SCHEMA, ()), id="list"),
        pytest.param("key of people.yaml", keys_at(PEOPLE_SCHEMA, ()), id="people.yaml"),
        pytest.param("key of `departments`", keys_at(PEOPLE_SCHEMA, ("departments", 0)), id="departments"),
        pytest.param("key of `people`", keys_at(PEOPLE_SCHEMA, ("people", 0)), id="people"),
        pytest.param("key of `away`", keys_at(PEOPLE_SCHEMA, ("people", 0, "away", 0)), id="away"),
    ],
)
def test_every_word_has_its_row(heading: str, words: Iterable[str]) -> None:
    assert sorted(_rows(heading)) == sorted(map(str, words))


def _loaded(folder: Path, example: str) -> int:
    """How many things (of people.yaml: desks) a file of the sort that the example is holds."""
    path = folder / "example.yaml"
    path.write_text(example, "utf-8")
    if example.startswith("departments:"):
        return len(load_people(path).service_desk)
    if example.startswith(("party:", "entries:")):
        return len(load_lists(folder))
    return len(load_rules(folder))


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_right(tmp_path: Path, example: str) -> None:
    assert _loaded(tmp_path, example) == 1


def test_there_are_examples_of_each_sort() -> None:
    assert {example.partition(":")[0] for example in EXAMPLES} == {"rules", "party", "departments"}


def _examples(heading: str) -> list[str]:
    """The last cells of the table with that heading."""
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `.*\| `([^|]*)` \|$", table, re.MULTILINE)


@pytest.mark.parametrize("test", [*_examples("key of `when`"), *_examples("operator")])
def test_each_example_of_a_condition_is_right(tmp_path: Path, test: str) -> None:
    assert _loaded(tmp_path, f"rules:\n- name: one\n  when:\n    {test}\n  then: {{stop: true}}\n") == 1


@pytest.mark.parametrize("action", _examples("key of `then`"))
def test_each_example_of_an_action_is_right(tmp_path: Path, action: str) -> None:
    assert _loaded(tmp_path, f"rules:\n- name: one\n  when: {{to: a}}\n  then:\n    {action}\n") == 1


@pytest.mark.parametrize(
    ("heading"), [pytest.param("key of `when`"), pytest.param("operator"), pytest.param("key of `then`")]
)
def test_each_key_has_its_example(heading: str) -> None:
    assert len(_examples(heading)) == len(_rows(heading))
