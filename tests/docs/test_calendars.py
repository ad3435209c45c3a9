"""docs/calendars.md names every key, and its example is right."""

import re
from pathlib import Path

import pytest

from maild.mistakes import Loc, keys_at
from maild.rules.calendar_schema import CALENDAR_SCHEMA
from maild.rules.load import load_calendar_plans
from maild.rules.span import parse_span

PAGE = (Path(__file__).parents[2] / "docs" / "calendars.md").read_text("utf-8")


def _rows(heading: str) -> list[str]:
    """The first cells of the table with that heading."""
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \| \S", table, re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "loc"),
    [
        pytest.param("key of a calendar", (), id="calendar"),
        pytest.param("key of `office_hours`", ("office_hours",), id="hours"),
        pytest.param("key of a day", ("closed", 0), id="day"),
    ],
)
def test_every_key_has_its_row(heading: str, loc: Loc) -> None:
    assert _rows(heading) == list(keys_at(CALENDAR_SCHEMA, loc))


def test_the_example_is_right(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    (plan,) = load_calendar_plans(tmp_path)
    assert len(plan.days) == 5


def test_every_span_that_is_shown_is_one() -> None:
    shown = PAGE.partition("A span is")[2].partition("\n\n")[0]
    spans = [parse_span(text) for text in re.findall(r"`([^`]+)`", shown)]
    assert len(spans) == 11
