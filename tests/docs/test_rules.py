"""docs/rules.md names every key, operator, fact and guard, and its examples are right."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from maild.mistakes import keys_at
from maild.model.mail import AutomaticKind
from maild.model.playbook import Guard, Trigger
from maild.model.rule import Operator
from maild.rules.load import load_playbooks, load_rules
from maild.rules.playbook_schema import PLAYBOOK_SCHEMA
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
            "operator", keys_at(RULE_SCHEMA, ("rules", 0, "when", "text")), id="operators of a file"
        ),
        pytest.param("word", AutomaticKind, id="automatic"),
        pytest.param("key of a playbook", keys_at(PLAYBOOK_SCHEMA, ()), id="playbook"),
        pytest.param("key of `on`", keys_at(PLAYBOOK_SCHEMA, ("on", 0)), id="on"),
        pytest.param("fact", Trigger, id="facts"),
        pytest.param("guard", Guard, id="guards"),
    ],
)
def test_every_word_has_its_row(heading: str, words: Iterable[str]) -> None:
    assert sorted(_rows(heading)) == sorted(map(str, words))


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_right(tmp_path: Path, example: str) -> None:
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    loaded = load_rules(tmp_path) if example.startswith("rules:") else load_playbooks(tmp_path)
    assert len(loaded) == 1


def test_there_are_examples_of_both() -> None:
    assert {example.startswith("rules:") for example in EXAMPLES} == {True, False}
