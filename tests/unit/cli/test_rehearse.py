"""`maild rehearse`: the story as text and as JSON, and its exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from maild.app.shipped import shipped_config
from maild.cli.main import app

SCENARIO = """\
start: 2026-10-12T09:00+08:00
steps:
  - mail: {from: news@weekly.example, subject: 行情, body: x, headers: {List-Id: <x.y>}}
  - mail: {from: 李雷 <li@customer.example>, subject: 询价, body: 请报价。}
  - expect: {to: li@customer.example, template: acknowledgement}
  - wait: 1 day
"""


def _run(path: Path, text: str, *words: str) -> tuple[int, str]:
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(app, ["rehearse", str(path), "--config", str(shipped_config()), *words])
    return result.exit_code, result.output


def test_the_story_as_text(tmp_path: Path) -> None:
    code, told = _run(tmp_path / "x.yaml", SCENARIO)
    assert code == 0
    assert "2026-10-12 Mon 09:00 mail  li@customer.example: 询价" in told
    assert "no case: archived without a case" in told
    assert (
        "C-2026-00001 first_response is due 2026-10-13 Tue 18:00  (case_opened (playbooks/customer.yaml:"
        in told
    )
    assert "sent  acknowledgement to li@customer.example: [C-2026-00001]" in told
    assert told.endswith("1 of 1 expectations held.\n")


def test_a_failure_is_exit_1(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    code, told = _run(path, SCENARIO + "  - expect_case: {stage: closed}\n")
    assert code == 1
    assert f"NOT   {path}:7:5: expected C-2026-00001 with stage closed" in told
    assert "C-2026-00001 has stage open" in told
    assert told.endswith("1 of 2 expectations held.\n")


def test_the_story_as_json(tmp_path: Path) -> None:
    code, told = _run(tmp_path / "x.yaml", SCENARIO, "--json")
    lines = [json.loads(line) for line in told.splitlines()]
    assert code == 0
    assert {line["type"] for line in lines} == {"remark", "fact", "event", "effect", "check", "end"}
    assert lines[-1] == {"type": "end", "ok": True}
    (effect,) = [line for line in lines if line["type"] == "effect"]
    assert (effect["case"], effect["template"], effect["to"]) == (
        "C-2026-00001",
        "acknowledgement",
        ["li@customer.example"],
    )


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_mistake_is_an_error(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "x.yaml").write_text("start: soon\nsteps: [wait: 1 day]\n", "utf-8")
    result = CliRunner().invoke(app, ["rehearse", str(tmp_path / "x.yaml"), *words])
    assert "'soon' is no time" in str(result.exception)
