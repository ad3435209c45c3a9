"""`maild init` and `maild check`, as a person runs them."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from maild.cli.check import check
from maild.cli.init import init
from maild.errors import UsageError


def _app() -> typer.Typer:
    app = typer.Typer()
    app.command()(init)
    app.command()(check)
    return app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config"


def _run(*words: str, variable: str | None = "x") -> tuple[int, str]:
    result = CliRunner().invoke(_app(), list(words), env={"MAILD_SERVICE_PASSWORD": variable})
    if isinstance(result.exception, UsageError):
        raise result.exception
    return result.exit_code, result.output


def test_init_then_check(folder: Path) -> None:
    code, told = _run("init", str(folder))
    assert code == 0
    assert f"wrote {folder / 'rules' / 'customer.yaml'}" in told
    assert f"maild check --config {folder}" in told
    code, told = _run("check", "--config", str(folder))
    assert (code, told.startswith("all is well: 1 mailbox, 9 rules, 2 playbooks, ")) == (0, True)


def test_init_refuses_what_is_there(folder: Path) -> None:
    _run("init", str(folder))
    with pytest.raises(UsageError, match="left alone"):
        _run("init", str(folder))


def test_check_names_a_password_that_is_not_set(folder: Path) -> None:
    _run("init", str(folder))
    code, told = _run("check", "-c", str(folder), variable=None)
    assert (code, told.count("'MAILD_SERVICE_PASSWORD' is not set")) == (2, 2)


def test_check_prints_each_problem_on_a_line(folder: Path) -> None:
    _run("init", str(folder))
    (folder / "keys").write_text("nonsense\n")
    (folder / "rules" / "more.yaml").write_text("rules: [{name: x, when: {to: a}, thn: {}}]\n")
    code, told = _run("check", "-c", str(folder))
    lines = told.splitlines()
    assert (code, len(lines)) == (2, 3)
    assert lines[0].startswith(f"{folder / 'keys'}:1: not a key")
    assert lines[2] == f"{folder / 'rules' / 'more.yaml'}:1:34: unknown key 'thn' (did you mean 'then'?)"


def test_check_as_json(folder: Path) -> None:
    _run("init", str(folder))
    code, told = _run("check", "-c", str(folder), "--json")
    row = json.loads(told)
    assert (code, row["ok"], row["problems"], len(row["hash"])) == (0, True, [], 64)
    (folder / "maild.toml").unlink()
    code, told = _run("check", "-c", str(folder), "--json")
    row = json.loads(told)
    assert (code, row["ok"], row["hash"]) == (2, False, None)
    assert row["problems"][0]["hint"] == "`maild init` writes one"
