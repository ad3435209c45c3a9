"""docs/rehearsals.md names every key and word, and its example holds."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from maild.app.shipped import shipped_config
from maild.app.trial import scenario_in
from maild.mistakes import keys_at
from maild.model.rehearsal import DeadlineStanding
from maild.rehearsal.play import rehearse
from maild.rules.rehearsal_schema import SCENARIO_SCHEMA

PAGE = (Path(__file__).parents[2] / "docs" / "rehearsals.md").read_text("utf-8")
STEP = ("steps", 0)


def _rows(heading: str) -> list[str]:
    """The first cells of the table with that heading."""
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \| \S", table, re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        pytest.param("key of a scenario", keys_at(SCENARIO_SCHEMA, ()), id="scenario"),
        pytest.param("key of a step", keys_at(SCENARIO_SCHEMA, STEP), id="step"),
        pytest.param("key of `mail`", keys_at(SCENARIO_SCHEMA, (*STEP, "mail")), id="mail"),
        pytest.param("key of `reply`", keys_at(SCENARIO_SCHEMA, (*STEP, "reply")), id="reply"),
        pytest.param("key of `call`", keys_at(SCENARIO_SCHEMA, (*STEP, "call")), id="call"),
        pytest.param("key of `expect`", keys_at(SCENARIO_SCHEMA, (*STEP, "expect")), id="expect"),
        pytest.param("key of `expect_case`", keys_at(SCENARIO_SCHEMA, (*STEP, "expect_case")), id="case"),
        pytest.param(
            "key of `deadline`", keys_at(SCENARIO_SCHEMA, (*STEP, "expect_case", "deadline")), id="deadline"
        ),
        pytest.param("state", DeadlineStanding, id="states"),
    ],
)
def test_every_word_has_its_row(heading: str, words: Iterable[str]) -> None:
    assert sorted(_rows(heading)) == sorted(map(str, words))


def test_the_example_holds(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    assert rehearse(scenario_in(tmp_path / "example.yaml"), shipped_config(), lambda _: None)
