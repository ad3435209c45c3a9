"""`maild rules backtest` as an admin calls it."""

from pathlib import Path

import pytest

from tests.sim.purchasing import QUOTATIONS, edited_copy, receive_old_mail
from tests.sim.rig import Rig, a_mail
from tests.unit.cli.test_commands import Shell


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture
def maild(rig: Rig, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The shell of somebody who has edited a copy of the config folder, with old mail in the archive."""
    monkeypatch.setenv("MAILD_SERVICE_PASSWORD", "secret")
    with rig.running() as running:
        receive_old_mail(running)
    return Shell(edited_copy(rig.config), capsys)


def test_it_shows_what_would_have_moved(maild: Shell) -> None:
    assert maild("rules", "backtest") == 0
    for told in (
        "12 of 26 messages would be treated differently.",
        "kind: request → purchasing",
        "quotations of Hongda go to purchasing (rules/00-suppliers.yaml:2:5)",
        "no rule",
        "0@old.example",
        "第11批法兰报价",
    ):
        assert told in maild.output
    rows = [line.split("│")[1:-1] for line in maild.output.splitlines() if "│ kind " in line]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["kind", "purchasing", "0", "12", "+12"],
        ["kind", "request", "23", "11", "-12"],
    ]
    assert maild.errors == ""


def test_the_list_is_cut_and_says_so(maild: Shell) -> None:
    assert maild("rules", "backtest", "--limit", "2") == 0
    assert maild.output.count("@old.example") == 2
    assert "... and 10 more: --limit shows more of them, --json all" in maild.output


def test_as_json_each_message_and_the_totals_last(maild: Shell) -> None:
    assert maild("rules", "backtest", "--json") == 0
    *moved, totals = maild.rows()
    assert len(moved) == QUOTATIONS
    assert moved[0]["message_id"] == "0@old.example"
    assert (totals["tested"], totals["changed"]) == (26, 12)


def test_a_change_can_fail_a_check(rig: Rig, maild: Shell) -> None:
    assert maild("rules", "backtest", "--fail-on-change") == 1
    assert maild("rules", "backtest", "--fail-on-change", "--against", str(maild.config)) == 0
    assert maild.output == "0 of 26 messages would be treated differently.\n"
    maild.config = rig.config
    assert maild("rules", "backtest", "--fail-on-change") == 0


def test_the_set_that_is_tried_is_not_kept(rig: Rig, maild: Shell) -> None:
    maild("rules", "backtest")
    with rig.running() as running:
        stored = running.context.store.read(
            lambda conn: [row[0] for row in conn.exec_driver_sql("SELECT hash FROM config_set")]
        )
    assert stored == [running.context.configuration.hash]


@pytest.mark.parametrize(
    ("span", "told"),
    [
        pytest.param("1h", "no decision to try the rules on", id="hours"),
        pytest.param("52000w", "12 of 26", id="weeks"),
    ],
)
def test_since_a_span_of_time(maild: Shell, span: str, told: str) -> None:
    assert maild("rules", "backtest", "--since", span) == 0
    assert told in maild.output


def test_what_is_left_out_is_told(maild: Shell, tmp_path: Path) -> None:
    (tmp_path / "old.eml").write_bytes(a_mail(Message_ID="<old@x.example>"))
    assert maild("import", str(tmp_path / "old.eml")) == 0
    path = maild.config / "maild.toml"
    path.write_text(path.read_text("utf-8").replace('name = "service"', 'name = "sales"'), "utf-8")
    assert maild("rules", "backtest") == 0
    assert "26 reached a mailbox that is not in maild.toml: left out." in maild.output
    assert "1 were archived without a decision (imported, or old): left out." in maild.output


@pytest.mark.parametrize("span", ["90", "d", "90 d", "90y", "-1d"])
def test_a_span_that_is_none(maild: Shell, span: str) -> None:
    assert maild("rules", "backtest", f"--since={span}") == 2
    assert "write 12h, 90d or 8w" in maild.errors


def test_a_wrong_rule_is_told_with_its_line(maild: Shell) -> None:
    path = maild.config / "rules" / "00-suppliers.yaml"
    path.write_text(path.read_text("utf-8").replace("contains", "contain"), "utf-8")
    assert maild("rules", "backtest") == 2
    assert "00-suppliers.yaml:6:" in maild.errors
