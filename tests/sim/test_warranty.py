"""The example of docs/playbooks.md, played: it does what the page reads aloud."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.app.queries import show_case
from maild.model.case import Case
from maild.model.people import SHELL
from maild.model.progress import DeadlineState
from maild.rehearsal.smtp import TakenMail
from tests.sim.rig import Rig, Running, a_mail, header_of, subject_of

PAGE = (Path(__file__).parents[2] / "docs" / "playbooks.md").read_text("utf-8")
PEOPLE = """\
departments:
  - {name: service, head: chen@example.com, leader: zhao@example.com}
people:
  - {name: 王芳, address: wang@example.com, department: service}
  - {name: 陈主任, address: chen@example.com, department: service}
  - {name: 赵总, address: zhao@example.com, department: service}
"""
RULE = """\
rules:
  - name: repairs
    when: {mailbox: service}
    then: {kind: warranty, department: service, owner: wang@example.com}
"""


@pytest.fixture
def maild(tmp_path: Path, url: str) -> Iterator[Running]:
    rig = Rig(tmp_path, overrides={"database_url": url})
    example = re.findall(r"^```yaml\n(name: warranty\n.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]
    (rig.config / "playbooks" / "warranty.yaml").write_text(example, "utf-8")
    (rig.config / "people.yaml").write_text(PEOPLE, "utf-8")
    (rig.config / "rules" / "zz.yaml").write_text(RULE, "utf-8")
    with rig.running() as running:
        yield running


def arrive(maild: Running, raw: bytes) -> None:
    maild.rig.imap.deliver(raw, maild.rig.clock.now())
    maild.work()


def wait_until(maild: Running, local: str) -> None:
    """Work at that minute of Shanghai's clock."""
    maild.rig.clock.jump(datetime.fromisoformat(f"{local}+08:00").astimezone(UTC))
    maild.work()


def to(maild: Running, address: str) -> list[TakenMail]:
    return [mail for mail in maild.rig.smtp.taken if mail.recipients == (address,)]


def answer_to(mail: TakenMail) -> bytes:
    references = {name: header_of(mail.raw, "Message-ID") for name in ("In_Reply_To", "References")}
    subject = f"Re: {subject_of(mail.raw)}"
    return a_mail("wang@example.com", subject, "明天上门。", Message_ID="<a1@example.com>", **references)


def of_customer(number: int) -> bytes:
    first = "<m1@customer.example>"
    return a_mail(subject="Re: 询价", Message_ID=f"<m{number}@customer.example>", In_Reply_To=first)


def case_of(maild: Running) -> Case:
    return show_case(maild.context, SHELL, "W-2026-00001").case


def states(maild: Running) -> dict[str, DeadlineState]:
    return {run.name: run.state for run in case_of(maild).progress.deadlines}


def test_nobody_answers(maild: Running) -> None:
    arrive(maild, a_mail())
    counts = []
    for moment in ("10-08T15:59", "10-08T16:00", "10-08T18:00", "10-09T18:00", "10-30T18:00"):
        wait_until(maild, f"2026-{moment}")
        counts.append([len(to(maild, f"{who}@example.com")) for who in ("wang", "chen", "zhao")])
    assert counts == [[1, 0, 0], [2, 0, 0], [2, 1, 0], [2, 1, 1], [2, 1, 1]]


def test_the_customer_falls_silent_and_comes_back(maild: Running) -> None:
    arrive(maild, a_mail())
    maild.rig.clock.advance(timedelta(minutes=10))
    arrive(maild, answer_to(to(maild, "wang@example.com")[0]))
    assert case_of(maild).stage == "waiting"
    assert states(maild) == {"first_response": DeadlineState.MET, "customer_answer": DeadlineState.RUNNING}
    wait_until(maild, "2026-10-20T18:00")  # ten working days, the Saturday of 10 October among them
    assert case_of(maild).stage == "closed"
    arrive(maild, of_customer(2))
    assert (case_of(maild).stage, states(maild)["answer"]) == ("open", DeadlineState.RUNNING)


def test_the_customer_answers_in_time(maild: Running) -> None:
    arrive(maild, a_mail())
    arrive(maild, answer_to(to(maild, "wang@example.com")[0]))
    wait_until(maild, "2026-10-09T10:00")
    arrive(maild, of_customer(2))
    assert case_of(maild).stage == "open"
    assert states(maild) == {
        "first_response": DeadlineState.MET,
        "customer_answer": DeadlineState.MET,
        "answer": DeadlineState.RUNNING,
    }
    assert [run.due_at for run in case_of(maild).progress.deadlines][-1] == datetime(
        2026, 10, 9, 7, 0, tzinfo=UTC
    )
