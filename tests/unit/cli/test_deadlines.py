"""`maild deadlines`, and the deadlines of `maild case show`."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.app.deadlines import DeadlineView
from maild.cli.deadlines import lateness, title_of
from maild.clock import ManualClock
from maild.model.progress import DeadlineState
from tests.sim.rig import Rig, a_mail
from tests.unit.cli.test_commands import Shell

TUESDAY = datetime(2024, 3, 5, 8, 40, tzinfo=UTC)  # 16:40 in Shanghai, and long ago
VIEW = DeadlineView(
    name="first_response",
    title={"zh": "初步响应", "en": "First response"},
    state=DeadlineState.RUNNING,
    started_at=TUESDAY,
    due_at=TUESDAY,
    ended_at=None,
    late_s=None,
)


@pytest.fixture
def maild(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A case that nobody has answered."""
    monkeypatch.setenv("MAILD_SERVICE_PASSWORD", "secret")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    rig = Rig(tmp_path)
    rig.clock = ManualClock(TUESDAY)
    with rig.running() as running:
        rig.imap.deliver(a_mail(), TUESDAY)
        running.work()
    return Shell(rig.config, capsys)


def test_what_is_promised_is_listed(maild: Shell) -> None:
    assert maild("deadlines") == 0
    assert re.search(
        r"C-2024-00001 │ First response │ 2024-03-06 18:00 \+0800 │ running │ \d+ d \d+ h", maild.output
    )
    assert maild("deadlines", "--late", "--owner", "", "--json") == 0
    (row,) = maild.rows()
    deadline = row.pop("deadline")
    assert row == {"case_number": "C-2024-00001", "subject": "询价", "owner": ""}
    assert isinstance(deadline, dict)
    assert isinstance(deadline.pop("late_s"), int)
    assert deadline == {
        "name": "first_response",
        "title": {"zh": "初步响应", "en": "First response"},
        "state": "running",
        "started_at": "2024-03-05T16:40:00+08:00",
        "due_at": "2024-03-06T18:00:00+08:00",
        "ended_at": None,
    }


def test_of_somebody_without_cases_nothing_is_listed(maild: Shell) -> None:
    assert maild("deadlines", "--owner", "li@example.com") == 0
    assert (maild.output, maild.errors) == ("", "none\n")


def test_a_case_shows_its_deadlines(maild: Shell) -> None:
    assert maild("case", "show", "C-2024-00001") == 0
    assert re.search(
        r"First response │ running │ 2024-03-05 16:40 \+0800 │ 2024-03-06 18:00 \+0800", maild.output
    )
    assert re.search(r"deadline_started │ first_response, case_opened \(playbooks/customer", maild.output)
    assert maild("case", "show", "C-2024-00001", "--json") == 0
    (deadline,) = json.loads(maild.output)["deadlines"]
    assert (deadline["name"], deadline["state"]) == ("first_response", "running")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        pytest.param(None, "", id="not late"),
        pytest.param(1, "1 min", id="a second"),
        pytest.param(59 * 60, "59 min", id="minutes"),
        pytest.param(3600, "1 h 0 min", id="an hour"),
        pytest.param(86_400 * 3 + 7200, "3 d 2 h", id="days"),
    ],
)
def test_how_late(seconds: int | None, told: str) -> None:
    assert lateness(replace(VIEW, late_s=seconds)) == told


@pytest.mark.parametrize(
    ("locale", "title", "told"),
    [
        pytest.param("zh_CN.UTF-8", VIEW.title, "初步响应", id="Chinese"),
        pytest.param("C", VIEW.title, "First response", id="English"),
        pytest.param("C", {"zh": "初步响应"}, "初步响应", id="only in Chinese"),
        pytest.param("C", {}, "first_response", id="its playbook does not know it any more"),
    ],
)
def test_its_title(monkeypatch: pytest.MonkeyPatch, locale: str, title: dict[str, str], told: str) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert title_of(replace(VIEW, title=title)) == told
