"""`maild calendar`: what is printed, as text and as JSON."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from maild.cli.main import app


def _run(folder: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["calendar", *words, "--config", str(folder), "--lang", "en"])
    assert result.exception is None, result.exception
    return result.exit_code, result.output


def test_add_prints_due_and_explain(tmp_path: Path) -> None:
    code, told = _run(tmp_path, "add", "2026-09-30T16:40+08:00", "1 working day", "--json")
    assert code == 0
    answer = json.loads(told)
    assert list(answer) == ["due", "explain"]
    assert answer["due"] == "2026-10-08T18:00:00+08:00"
    assert "Thu 1 Oct to Wed 7 Oct: National Day" in answer["explain"]


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (("add", "2026-10-03T11:00+08:00", "1 working day"), "2026-10-08 18:00 +0800"),
        (("add", "2026-09-30T16:40+08:00", "1 working day", "--to-hour"), "2026-10-08 16:40 +0800"),
        (("subtract", "2026-10-08T18:00", "1 working day", "--calendar", "china"), "2026-09-30 09:00 +0800"),
    ],
)
def test_text_names_the_instant_and_the_reason(tmp_path: Path, words: tuple[str, ...], due: str) -> None:
    _, told = _run(tmp_path, *words)
    assert due in told
    assert "National Day" in told


def test_show_lists_the_days_of_a_year(tmp_path: Path) -> None:
    _, told = _run(tmp_path, "show", "--year", "2026")
    assert "2026-10-10 Sat" in told
    assert "not known" not in told
    _, told = _run(tmp_path, "show", "--year", "2040")
    assert "the official calendar of 2040 is not known" in told
    _, told = _run(tmp_path, "show", "--json")
    assert json.loads(told)["calendar"] == "china"
