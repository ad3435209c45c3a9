"""`maild demo` as a person calls it: it works, it can fail, and it ends cleanly."""

import json
import re
import signal
import subprocess
import sys
from imaplib import IMAP4
from pathlib import Path
from smtplib import SMTP
from typing import Any

import pytest

MAILD = str(Path(sys.executable).with_name("maild"))
LIMIT_S = 90.0

_ENGLISH_IN_CHINESE_PLACE = """\
---
name: acknowledgement
version: 2
purpose: An English text where the Chinese one should stand
language: zh
subject: "[{{ case_number }}] Received: {{ case_subject }}"
---
We have received your message. Thank you very much for writing to us, {{ contact_name }}.
"""
_NO_LETTER_IS_ANSWERED = """\
rules:
  - name: nothing is answered
    when:
      automatic: {is: [none, bounce, auto_reply, list, read_receipt, abuse_report, calendar, other]}
    then: {archive: true, stop: true}
"""


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MAILD, "demo", *arguments], capture_output=True, encoding="utf-8", timeout=LIMIT_S, check=False
    )


def summary(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = demo("--once", "--json", *arguments)
    assert not done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, told


def wrong(told: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What is not as it should be: expected and got, by what was looked at."""
    return {one["what"]: (one["expected"], one["got"]) for one in told["checks"] if not one["ok"]}


def tried(folder: Path, file: str, text: str) -> str:
    (folder / file).parent.mkdir(parents=True)
    (folder / file).write_text(text, "utf-8")
    return str(folder)


def test_the_scenario_is_told_and_right() -> None:
    done = demo("--once")
    assert (done.returncode, done.stderr) == (0, "")
    for said in (
        "in    李明 <li.ming@huaxin.example>: 投诉：三月批次法兰密封面有划痕",
        "opens C-20",
        "out   acknowledgement in Chinese to li.ming@huaxin.example: [C-20",
        "joins C-20",
        "(written by a machine: auto_reply)",
        "zhao.qiang@hengtong.example: refused 550 5.1.1",
    ):
        assert said in done.stdout
    assert re.search(r"^(\d+) of \1 checks are right\.$", done.stdout, re.MULTILINE)


def test_the_summary_as_json() -> None:
    code, told = summary()
    assert (code, told["ok"], wrong(told)) == (0, True, {})
    looked_at = {one["what"] for one in told["checks"]}
    assert {"scenario", "archive", "search 投诉", "mailbox of emma.brown@steelworks.example"} <= looked_at


def test_a_wrong_language_is_found(tmp_path: Path) -> None:
    config = tried(tmp_path, "templates/acknowledgement.zh.md", _ENGLISH_IN_CHINESE_PLACE)
    code, told = summary("--config", config)
    found = wrong(told)
    assert code == 1
    assert "in English" in found["mailbox of wang.fang@lantian.example"][1]
    assert "in Chinese" in found["mailbox of wang.fang@lantian.example"][0]
    assert "mailbox of john.smith@northwind.example" not in found


def test_mail_that_is_not_answered_is_named(tmp_path: Path) -> None:
    config = tried(tmp_path, "rules/all.yaml", _NO_LETTER_IS_ANSWERED)
    done = demo("--once", "--config", config)
    assert done.returncode == 1
    said = "NOT as it should be: mailbox of wang.fang@lantian.example: expected"
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(said)]
    assert line.endswith("got 'nothing'")


def test_a_mistake_is_named_where_it_was_made(tmp_path: Path) -> None:
    config = tried(tmp_path, "rules/mine.yaml", "rules:\n  - nam: typo\n")
    done = demo("--once", "--config", config)
    assert done.returncode == 2
    assert f"{tmp_path}/rules/mine.yaml:2" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--json"], "--json needs --once", id="json without an end"),
        pytest.param(
            ["--once", "--config", "/nowhere"], "/nowhere: there is no folder rules", id="no config"
        ),
    ],
)
def test_a_wrong_call_is_told(arguments: list[str], said: str) -> None:
    done = demo(*arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_without_its_servers_it_says_what_to_install() -> None:
    without = "import sys; sys.modules['pymap'] = None; from maild.cli.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", without, "demo"],
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'maild[demo]'" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_person_is_answered_until_ctrl_c(number: signal.Signals) -> None:
    with subprocess.Popen([MAILD, "demo"], stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        ports: dict[str, int] = {}
        folder = Path()
        for line in process.stdout:
            if found := re.match(r"(IMAP|SMTP) +127\.0\.0\.1 port (\d+)", line):
                ports[found[1]] = int(found[2])
            if exported := re.match(r"export MAILD_CONFIG=(\S+)", line):
                folder = Path(exported[1])
            if "search 投诉" in line:
                write(ports["SMTP"])
            if "out   acknowledgement in English to you@visitor.example" in line:
                break
        answer = read(ports["IMAP"])
        assert (folder / "maild.toml").exists()
        process.send_signal(number)
        rest = process.stdout.read()
    assert b"Your case number is C-20" in answer
    assert process.returncode == 0
    assert "The demo has ended" in rest
    assert not folder.exists()


def write(port: int) -> None:
    letter = b"From: you@visitor.example\r\nTo: kefu@example.com\r\nSubject: Hi\r\n\r\nHow are you today?\r\n"
    with SMTP("127.0.0.1", port, timeout=10) as server:
        server.login("you@visitor.example", "demo")
        server.sendmail("you@visitor.example", "kefu@example.com", letter)


def read(port: int) -> bytes:
    with IMAP4("127.0.0.1", port, timeout=10) as box:
        box.login("you@visitor.example", "demo")
        box.select()
        _, rows = box.fetch("*", "(BODY[])")
    (row,) = [row for row in rows if isinstance(row, tuple)]
    return row[1]
