"""docs/answers.md names every command and type of field, and what it shows is read as it says."""

import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.model.answers import Accepted, NoScore, Score, ScoreReading, Unclear
from maild.model.commands import FixPlan
from maild.model.forms import FieldType
from maild.parsers import answer, command, score
from maild.parsers.command_table import ENTRIES
from maild.parsers.moment import read as read_moment

PAGE = (Path(__file__).parents[2] / "docs" / "answers.md").read_text("utf-8")
TODAY = date(2026, 9, 30)
ZONE = ZoneInfo("Asia/Shanghai")


def _table(heading: str) -> list[list[str]]:
    """The cells of each row of the table whose first column is headed so."""
    rows = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0].split("\n")[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))] for row in rows]


def _named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_command_has_its_row_with_all_its_names() -> None:
    shown = [[*_named(row[0]), *_named(row[1]), *_named(row[2])] for row in _table("command")]
    names = [
        [f"/{name}" for name in (entry.english[0], entry.chinese[0], *entry.english[1:], *entry.chinese[1:])]
        for entry in ENTRIES
    ]
    assert [sorted(row) for row in shown] == [sorted(row) for row in names]


@pytest.mark.parametrize("example", [_named(row[4])[0] for row in _table("command")])
def test_each_example_of_a_command_is_right(example: str) -> None:
    instructions = command.read(example, TODAY, ZONE)
    assert len(instructions.commands) == 1
    assert instructions.mistakes == ()


def test_the_plans_say_the_same() -> None:
    block = PAGE.partition("```text\n")[2].partition("```")[0]
    columns = zip(*(re.split(r" {3,}", line) for line in block.splitlines()), strict=False)
    plans = [command.read("\n".join(column), TODAY, ZONE).commands for column in columns]
    plans += [command.read("/plan 换密封圈，王工，10月12日", TODAY, ZONE).commands]
    steps = [plan.steps for (plan,) in plans if isinstance(plan, FixPlan)]
    assert len(steps) == 3
    assert {(step.what, step.responsible, step.due.on) for (step,) in steps} == {
        ("换密封圈", "王工", date(2026, 10, 12))
    }


def test_days_are_read_unless_the_page_says_not() -> None:
    for written, meaning in _table("written")[:6]:
        words = [word for word in _named(written) if word != "next Friday"]
        assert {read_moment(word, TODAY, ZONE).is_read for word in words} == {
            not meaning.startswith("not read")
        }


def test_every_type_of_field_has_its_row() -> None:
    assert [_named(row[0])[0] for row in _table("type")] == list(FieldType)


def _told(reading: ScoreReading) -> str:
    match reading:
        case Score(value=value):
            return str(value)
        case Unclear():
            return "unclear"
        case NoScore():
            return "none"


SCORES = (
    PAGE.partition("## A satisfaction score")[2]
    .partition("\n| written |")[2]
    .partition("\n\n")[0]
    .split("\n")[2:]
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (text, row.split("|")[2].strip().partition(":")[0])
        for row in SCORES
        for text in _named(row.split("|")[1])
    ],
)
def test_each_example_of_a_score_is_right(text: str, told: str) -> None:
    assert _told(score.read_score(text)) == told


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}")[2].partition("\n## ")[0]


def test_each_example_of_a_word_is_right() -> None:
    text, _, more = _section("One word").partition("goes to a\nperson")
    accepted = ("已阅", "收到", "确认", "同意", "approved")
    assert all(isinstance(answer.read_word(each, accepted), Accepted) for each in _named(text))
    assert not any(isinstance(answer.read_word(each, accepted), Accepted) for each in _named(more))


def test_each_example_of_thanks_is_right() -> None:
    section = " ".join(_section("Only thanks").split())
    thanks, _, more = section.partition("your help`.")
    assert [answer.only_thanks(each) for each in _named(f"{thanks}your help`")] == [True] * 3
    assert [answer.only_thanks(each) for each in _named(more)] == [False] * 3
