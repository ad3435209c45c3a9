"""The demo in this process: told in order, everything put back, and an end when it takes too long."""

import logging
from pathlib import Path
from shutil import copyfile

import pytest

from maild.app.shipped import shipped_config
from maild.demo.news import Kind, Line
from maild.demo.run import Demo, check_once
from maild.demo.scenario import SCENARIO


def test_the_story_is_told_in_order() -> None:
    handlers = logging.getLogger().handlers[:]
    lines: list[Line] = []
    checks = check_once(Demo(tell=lines.append))
    assert [one for one in checks if not one.ok] == []
    came_in = [line.text for line in lines if line.kind is Kind.IN]
    assert len(came_in) == len(SCENARIO)
    assert all(letter.author.address in text for letter, text in zip(SCENARIO, came_in, strict=True))
    assert [line.kind for line in lines[:3]] == [Kind.IN, Kind.CASE, Kind.OUT]
    assert lines == sorted(lines, key=lambda line: line.at)
    assert logging.getLogger().handlers == handlers


def test_playbooks_of_ones_own_are_tried(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "mine.yaml").write_text(
        'name: mine\nversion: "1"\nnumber_prefix: Q\nkinds: [request, complaint, after_sales, contract]\n'
        "stages: [open, closed]\nclosing_stages: [closed]\non:\n"
        "  - {fact: case_opened, unless: [automatic, staff, ourselves], send: acknowledgement}\n",
        "utf-8",
    )
    copyfile(shipped_config() / "playbooks" / "supplier.yaml", tmp_path / "playbooks" / "supplier.yaml")
    lines: list[Line] = []
    checks = check_once(Demo(tell=lines.append, config=tmp_path))
    assert [one for one in checks if not one.ok] == []
    assert any("[Q-20" in line.text for line in lines if line.kind is Kind.OUT)


def test_what_takes_too_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maild.demo.run.LIMIT_S", 0.01)
    checks = {one.what: one for one in check_once(Demo(tell=lambda _: None))}
    assert checks["scenario"].got == "the daemon did not settle everything in time"
    assert not checks["archive"].ok
