"""Each command as a person calls it: what it prints, and its exit code."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.cli.main import run
from tests.sim.rig import Rig, a_mail


class Shell:
    """Calls `maild` in-process with one config folder."""

    def __init__(self, config: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.config = config
        self._capture = capture
        self.output = self.errors = ""

    def __call__(self, *arguments: str) -> int:
        """The exit code; what was printed is in `output` and `errors`."""
        with pytest.raises(SystemExit) as ended:
            run([*arguments, "--config", str(self.config)])
        self.output, self.errors = self._capture.readouterr()
        code = ended.value.code
        return code if isinstance(code, int) else 0

    def bare(self, *arguments: str) -> int:
        """The exit code of a command that needs no config folder."""
        with pytest.raises(SystemExit) as ended:
            run([*arguments])
        self.output, self.errors = self._capture.readouterr()
        return ended.value.code if isinstance(ended.value.code, int) else 0

    def rows(self) -> list[dict[str, object]]:
        """The output as JSON, a row a line."""
        return [json.loads(line) for line in self.output.splitlines()]


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture
def maild(rig: Rig, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("MAILD_SERVICE_PASSWORD", "secret")
    return Shell(rig.config, capsys)


@pytest.fixture
def answered(rig: Rig, maild: Shell) -> Shell:
    """A mailbox in which 李雷 has complained and nobody@ could not be answered."""
    with rig.running() as running:
        rig.imap.deliver(a_mail(subject="投诉：电池坏了"), rig.clock.now())
        rig.imap.deliver(a_mail("reject@x.example", Message_ID="<m2@x>"), rig.clock.now())
        running.work()
    return maild


@pytest.fixture
def eml(tmp_path: Path) -> Callable[..., str]:
    def write(name: str = "one.eml", **headers: str) -> str:
        path = tmp_path / name
        path.write_bytes(a_mail(**headers))
        return str(path)

    return write


def test_check_says_that_all_is_well(maild: Shell) -> None:
    assert maild("check") == 0
    assert maild.output.startswith("all is well: 1 mailbox")


def test_a_wrong_setting_is_told_with_its_line_and_mend(maild: Shell) -> None:
    path = maild.config / "maild.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("default_kind", "default_knd"), encoding="utf-8")
    assert maild("case", "list") == 2
    assert "maild.toml:" in maild.errors
    assert "default_kind" in maild.errors


def test_without_a_config_folder_it_says_what_to_do(maild: Shell, tmp_path: Path) -> None:
    maild.config = tmp_path / "nowhere"
    assert maild("run") == 2
    assert "maild init" in maild.errors


def test_cases_are_listed_newest_first(answered: Shell) -> None:
    assert answered("case", "list") == 0
    assert "投诉：电池坏了" in answered.output
    assert answered("case", "list", "--json", "--kind", "complaint") == 0
    (row,) = answered.rows()
    assert (row["number"], row["kind"], row["contact"]) == (
        "C-2026-00001",
        "complaint",
        {"name": "李雷", "address": "li@customer.example"},
    )


def test_what_rules_settled_is_shown(rig: Rig, maild: Shell) -> None:
    people = "departments: [sales]\npeople: [{name: Wu, address: wu@example.com, department: sales}]\n"
    (rig.config / "people.yaml").write_text(people, "utf-8")
    then = (
        "{kind: request, owner: wu@example.com, department: sales, labels: [pump, vip],"
        ' fields: {pump_no: "7"}, confidential: true, stop: true}'
    )
    rule = f"rules:\n  - {{name: pumps, when: {{subject: {{contains: 水泵}}}}, then: {then}}}\n"
    (rig.config / "rules" / "00.yaml").write_text(rule, "utf-8")
    with rig.running() as running:
        rig.imap.deliver(a_mail(subject="水泵"), rig.clock.now())
        running.work()
    assert maild("case", "show", "C-2026-00001") == 0
    shown = dict(re.findall(r"^([A-Z][a-z]+) +(\S.*?) *$", maild.output, re.MULTILINE))
    assert {name: shown[name] for name in ("Owner", "Department", "Labels", "Fields", "Confidential")} == {
        "Owner": "wu@example.com",
        "Department": "sales",
        "Labels": "pump, vip",
        "Fields": "pump_no=7",
        "Confidential": "yes",
    }
    traits = {
        "owner": "wu@example.com",
        "department": "sales",
        "labels": ["pump", "vip"],
        "fields": [["pump_no", "7"]],
        "confidential": True,
    }
    assert maild("case", "show", "C-2026-00001", "--json") == 0
    assert json.loads(maild.output)["case"]["traits"] == traits
    assert maild("case", "list", "--json") == 0
    assert maild.rows()[0]["traits"] == traits


def test_a_case_is_shown_whole(answered: Shell) -> None:
    assert answered("case", "show", "C-2026-00002") == 0
    for told in ("C-2026-00002", "reject@x.example", "refused", "550", "case_opened", "mail_settled"):
        assert told in answered.output
    assert answered("case", "show", "c-2026-00001", "--json") == 0
    (row,) = answered.rows()
    assert set(row) == {"case", "messages", "mails", "deadlines", "journal"}


def test_a_case_that_is_not_there(answered: Shell) -> None:
    assert answered("case", "show", "C-2026-99999") == 1
    assert answered.errors == "maild: there is no case C-2026-99999; `maild case list` shows the newest\n"


def test_search_finds_chinese_and_says_when_it_finds_nothing(answered: Shell) -> None:
    assert answered("search", "电池") == 0
    assert "C-2026-00001" in answered.output
    assert answered("search", "from:reject@x.example", "--json") == 0
    assert len(answered.rows()) == 1
    assert answered("search", "洗衣机") == 1
    assert (answered.output, answered.errors) == ("", "nothing found\n")
    assert answered("search", "before:yesterday") == 2
    assert "yesterday" in answered.errors


def test_the_outbox_is_listed(answered: Shell) -> None:
    assert answered("outbox", "list", "--state", "done", "--json") == 0
    assert [row["state"] for row in answered.rows()] == ["done", "done"]
    assert answered("outbox", "list") == 0
    assert "reject@x.example: refused" in answered.output
    assert answered("outbox", "list", "--state", "held") == 0
    assert answered.output == ""


def test_only_mail_in_doubt_can_be_settled(answered: Shell) -> None:
    answered("outbox", "list", "--json")
    mail = str(answered.rows()[0]["id"])
    assert answered("outbox", "settle", mail, "sent") == 1
    assert "nobody on mail" in answered.errors
    assert answered("outbox", "settle", "nothing", "resend") == 1


def test_quarantine_is_listed_and_released(answered: Shell) -> None:
    assert answered("quarantine", "list", "--json") == 0
    assert answered.rows() == []
    assert answered("quarantine", "list") == 0
    assert answered("quarantine", "retry", "nothing") == 1
    assert "is in quarantine" in answered.errors


def test_import_can_be_repeated_and_answers_nothing(maild: Shell, eml: Callable[..., str]) -> None:
    path = eml()
    assert maild("import", path) == 0
    assert "1 new in the archive of service" in maild.output
    assert maild("import", path, "--json") == 0
    assert maild.rows() == [{"seen": 1, "new": 0, "quarantined": 0}]
    assert maild("search", "询价") == 0
    assert maild("case", "list", "--json") == 0
    assert maild.rows() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("import", "nowhere.eml"), "nowhere.eml: no such file or folder", id="no-file"),
        pytest.param(("import", ".", "--mailbox", "sales"), "there is no mailbox 'sales'", id="no-mailbox"),
        pytest.param(("mailbox", "verify", "sales"), "there is no mailbox 'sales'", id="verify-no-mailbox"),
    ],
)
def test_a_wrong_call_ends_with_2(maild: Shell, arguments: tuple[str, ...], told: str) -> None:
    assert maild(*arguments) == 2
    assert told in maild.errors


def test_explain_tells_what_would_happen_and_what_did(answered: Shell, eml: Callable[..., str]) -> None:
    would = eml(subject="合同", Message_ID="<new@x>")
    assert answered("explain", would) == 0
    for told in ("what would happen now", "C-2026-00003", "acknowledgement to li@customer.example", "✓"):
        assert told in answered.output
    assert answered("explain", "<m1@customer.example>", "--json") == 0
    (row,) = answered.rows()
    assert (row["happened"], row["case_number"]) == (True, "C-2026-00001")
    assert answered("case", "show", "C-2026-00003") == 1
    assert answered("explain", "unknown@x") == 1


def test_an_unreachable_server_is_told_in_one_line(rig: Rig, maild: Shell) -> None:
    path = maild.config / "maild.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('host = "imap.example.com"', 'host = "127.0.0.1"\nport = 1\ntls = "none"'),
        encoding="utf-8",
    )
    assert maild("mailbox", "verify") == 3
    (line,) = maild.errors.splitlines()
    assert "service" in line
    assert "127.0.0.1:1" in line


def ended(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as exit_:
        run(arguments)
    return exit_.value.code if isinstance(exit_.value.code, int) else 0


def test_parse_prints_a_record_a_line(eml: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    path = eml(subject="回复：询价")
    assert ended(["parse", path, path, "--json"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == second
    assert (first["subject"], first["base_subject"]) == ("回复：询价", "询价")
    assert ended(["parse", path]) == 0
    assert "请报价" in capsys.readouterr().out
    assert ended(["parse", "nowhere.eml"]) == 2


def test_thread_groups_files(eml: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    first, second = eml("a.eml"), eml("b.eml", Message_ID="<m2@x>", References="<m1@customer.example>")
    assert ended(["thread", first, second, "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["thread"] for row in rows] == ["m1@customer.example"] * 2
    assert ended(["thread", first, second]) == 0
    assert "refers to <m1@customer.example>" in capsys.readouterr().out
    assert ended(["thread", "nowhere"]) == 2


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(["--version"]) == 0
    assert capsys.readouterr().out.startswith("maild ")
    assert ended(["--help"]) == 0
    assert "quarantine" in capsys.readouterr().out
