"""`maild rules check`, `schema`, `test`, `maild review` and `maild explain --lang` as a person calls them."""

import json
from pathlib import Path

import pytest

from maild.app.shipped import shipped_config
from maild.rules.editor_schema import editor_schemas
from tests.sim.rig import Rig, a_mail
from tests.unit.cli.test_commands import Shell


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture
def maild(rig: Rig, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("MAILD_SERVICE_PASSWORD", "secret")
    return Shell(rig.config, capsys)


def _edit(path: Path, right: str, wrong: str) -> None:
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")


def test_the_shipped_rules_do_what_the_tests_beside_them_say(maild: Shell) -> None:
    assert maild("rules", "test", "--json") == 0
    (row,) = maild.rows()
    assert row["ok"]
    files = {path.name for path in (shipped_config() / "rules").iterdir()}
    assert isinstance(row["tests"], list)
    assert {test["place"].partition(":")[0].rpartition("/")[2] for test in row["tests"]} == files


def test_a_rule_that_does_something_else_fails_its_test(maild: Shell) -> None:
    _edit(maild.config / "rules" / "customer.yaml", "kind: complaint, priority: high", "kind: request")
    assert maild("rules", "test") == 1
    assert "a complaint in Chinese" in maild.output
    assert "kind: expected complaint, got request" in maild.output
    assert "14 of 16 tests are right" in maild.output


def test_wrong_files_are_named_and_not_tested(maild: Shell) -> None:
    _edit(maild.config / "rules" / "customer.yaml", "kind: complaint,", "knd: complaint,")
    assert maild("rules", "test") == 2
    assert "did you mean 'kind'" in maild.errors
    assert maild("rules", "check") == 2
    assert "did you mean 'kind'" in maild.output
    assert maild("rules", "check", "--json") == 2
    (row,) = maild.rows()
    assert (row["ok"], row["warnings"]) == (False, [])


def test_a_warning_is_printed_and_leaves_the_files_usable(maild: Shell) -> None:
    two = "{name: %s, when: {subject: {contains: 水泵}}, then: {priority: %s}}"
    text = f"rules: [{two % ('a', 'low')}, {two % ('b', 'high')}]\n"
    (maild.config / "rules" / "aaa.yaml").write_text(text, "utf-8")
    assert maild("rules", "check") == 0
    assert "warning: " in maild.output
    assert "11 rules are right" in maild.output
    assert maild("rules", "check", "--json") == 0
    (row,) = maild.rows()
    assert isinstance(row["warnings"], list)
    assert len(row["warnings"]) == 1


def test_schemas_are_printed_or_written(maild: Shell, tmp_path: Path) -> None:
    maild.bare("rules", "schema")
    assert maild.output == "".join(editor_schemas().values())
    maild.bare("rules", "schema", str(tmp_path / "schemas"))
    assert {
        path.name: path.read_text("utf-8") for path in (tmp_path / "schemas").iterdir()
    } == editor_schemas()


def test_a_case_is_opened_from_review(rig: Rig, maild: Shell) -> None:
    _edit(maild.config / "maild.toml", 'default_kind = "request"', 'default_kind = "review"')
    with rig.running() as running:
        rig.imap.deliver(a_mail(subject="你好"), rig.clock.now())
        running.work()
    assert maild("review", "list", "--json") == 0
    message = maild.rows()[0]["message"]
    assert isinstance(message, dict)
    key = str(message["key"])
    assert maild("review", "open", key) == 2
    assert "--kind" in maild.errors
    assert maild("review", "open", key, "--kind", "requst") == 2
    assert "did you mean 'request'?" in maild.errors
    assert maild("review", "open", key, "--kind", "request") == 0
    assert "opens C-2026-00001 (shell says so); sends acknowledgement to li@customer.example" in maild.output
    assert maild("review", "open", key, "--kind", "request") == 1
    assert maild("case", "show", "C-2026-00001") == 0
    assert "kind, review, request, shell" in maild.output


def test_review_lists_what_waits_until_it_is_done(rig: Rig, maild: Shell) -> None:
    _edit(maild.config / "maild.toml", 'default_kind = "request"', 'default_kind = "review"')
    with rig.running() as running:
        rig.imap.deliver(a_mail(subject="你好"), rig.clock.now())
        running.work()
    assert maild("review", "list") == 0
    assert "你好" in maild.output
    assert maild("review", "list", "--json") == 0
    (row,) = maild.rows()
    message = row["message"]
    assert isinstance(message, dict)
    assert maild("review", "done", str(message["key"]), "--note", "handed on") == 0
    assert maild("review", "list", "--json") == 0
    assert maild.rows() == []
    assert maild("review", "done", str(message["key"])) == 1


@pytest.mark.parametrize(
    ("words", "locale", "told"),
    [
        pytest.param((), "zh_CN.UTF-8", "现在收到会如何处理", id="terminal"),
        pytest.param((), "en_GB.UTF-8", "what would happen now", id="another terminal"),
        pytest.param(("--lang", "zh"), "C", "自动邮件类型", id="asked"),
    ],
)
def test_explain_speaks_the_language_of_the_terminal_or_that_asked_for(
    maild: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    locale: str,
    told: str,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    (tmp_path / "one.eml").write_bytes(a_mail())
    assert maild("explain", str(tmp_path / "one.eml"), *words) == 0
    assert told in maild.output
    assert maild("explain", str(tmp_path / "one.eml"), *words, "--json") == 0
    assert json.loads(maild.output)["happened"] is False
