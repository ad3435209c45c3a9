"""docs/playbooks.md names every key, happening, guard, role and proof, and its examples are right."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from maild.mistakes import Loc, keys_at
from maild.model.happening import QUALIFIED, Occurrence
from maild.model.playbook import Guard, Role
from maild.rules.load import load_playbooks
from maild.rules.playbook_schema import PLAYBOOK_SCHEMA

PAGE = (Path(__file__).parents[2] / "docs" / "playbooks.md").read_text("utf-8")
EXAMPLES: list[str] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)

KEYS: dict[str, Loc] = {
    "key of a playbook": (),
    "key of `on`": ("on", 0),
    "key of `deadlines`": ("deadlines", 0),
    "key of `remind`": ("deadlines", 0, "remind", 0),
    "key of `escalate`": ("deadlines", 0, "escalate", 0),
    "key of `updates`": ("updates", 0),
    "key of `timers`": ("timers", 0),
    "key of a proof": ("deadlines", 0, "met_by", 0),
}
"""Each table of keys, and where in a file they stand."""

PLAYBOOK = {
    "name": "example",
    "version": '"1"',
    "number_prefix": "E",
    "kinds": "[example]",
    "stages": "[open, waiting, closed]",
    "closing_stages": "[closed]",
}
REACTION = {"fact": "case_opened", "send": "acknowledgement"}
DEADLINE = {
    "name": "answer",
    "title": "{en: Answer}",
    "starts": "contact_wrote",
    "within": "1 working day",
    "met_by": "reply_sent",
}
UPDATE = {
    "name": "progress",
    "title": "{en: Progress}",
    "starts": "case_opened",
    "every": "3 days",
    "send": "progress",
    "otherwise": "progress_pending",
}
TIMER = {"name": "wait", "starts": "entered waiting", "after": "3 days"}
REMINDER = {"before": "1 working hour"}


def _cells(heading: str) -> list[tuple[str, str]]:
    """The first cell of each row of the table with that heading, and the last one."""
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \|.*?\| ?`?([^`|]*)`? \|$", table, re.MULTILINE)


def _rows(heading: str) -> list[str]:
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \| \S", table, re.MULTILINE)


@pytest.mark.parametrize(("heading", "loc"), KEYS.items())
def test_every_key_has_its_row(heading: str, loc: Loc) -> None:
    assert _rows(heading) == list(keys_at(PLAYBOOK_SCHEMA, loc))


def test_every_level_has_its_table() -> None:
    below = {name for name in PLAYBOOK_SCHEMA["$defs"] if name.endswith("Entry")}
    assert len(KEYS) == len(below) + 1


@pytest.mark.parametrize(
    ("heading", "words"),
    [pytest.param("guard", Guard, id="guards"), pytest.param("role", Role, id="roles")],
)
def test_every_word_has_its_row(heading: str, words: Iterable[str]) -> None:
    assert _rows(heading) == [str(word) for word in words]


def test_every_happening_has_its_row_and_says_of_what() -> None:
    rows = [row.split() for row in _rows("happening")]
    assert [row[0] for row in rows] == [str(one) for one in Occurrence]
    assert {row[0] for row in rows if row[1:]} == QUALIFIED


def _mapping(default: dict[str, str], example: str) -> str:
    """A mapping in YAML's short form, with the key of the example as the example has it."""
    key, _, value = example.partition(": ")
    return "{" + ", ".join(f"{name}: {text}" for name, text in (default | {key: value}).items()) + "}"


def _deadline(entry: str) -> str:
    return _mapping(PLAYBOOK, f"deadlines: [{_mapping(DEADLINE, entry)}]")


WHOLE: dict[str, Callable[[str], str]] = {
    "key of a playbook": lambda example: _mapping(PLAYBOOK, example),
    "key of `on`": lambda example: _mapping(PLAYBOOK, f"on: [{_mapping(REACTION, example)}]"),
    "key of `deadlines`": _deadline,
    "key of `remind`": lambda example: _deadline(f"remind: [{_mapping(REMINDER, example)}]"),
    "key of `escalate`": lambda example: _deadline(f"escalate: [{_mapping({}, example)}]"),
    "key of `updates`": lambda example: _mapping(PLAYBOOK, f"updates: [{_mapping(UPDATE, example)}]"),
    "key of `timers`": lambda example: _mapping(PLAYBOOK, f"timers: [{_mapping(TIMER, example)}]"),
    "key of a proof": lambda example: _deadline(f"met_by: [{example}]"),
}
"""A playbook that holds an example of each table in its place."""


@pytest.mark.parametrize(
    ("heading", "key", "example"),
    [(heading, key, example) for heading in KEYS for key, example in _cells(heading)],
)
def test_each_key_has_an_example_that_is_right(tmp_path: Path, heading: str, key: str, example: str) -> None:
    assert re.search(rf"\b{key}: ", example)
    (tmp_path / "example.yaml").write_text(WHOLE[heading](example), "utf-8")
    assert len(load_playbooks(tmp_path)) == 1


@pytest.mark.parametrize("heading", KEYS)
def test_no_example_is_left_out(heading: str) -> None:
    assert len(_cells(heading)) == len(_rows(heading))


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_whole_example_is_right(tmp_path: Path, example: str) -> None:
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    assert len(load_playbooks(tmp_path)) == 1


def test_there_are_whole_examples() -> None:
    assert len(EXAMPLES) == 2
