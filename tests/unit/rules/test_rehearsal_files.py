"""Scenarios: what they say, and what is told of a mistake."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from maild.errors import ConfigError
from maild.model.calendar import Span, SpanMode, SpanUnit
from maild.model.rehearsal import (
    AnswerMail,
    DeadlineStanding,
    ExpectCase,
    ExpectDeadline,
    ExpectMail,
    MakeCall,
    PassTime,
    WriteMail,
)
from maild.rules.load import load_scenario

FULL = """\
title: all of it
start: 2026-09-29T16:40:00+08:00
seed: 7
steps:
  - mail:
      from: 李雷 <li@customer.example>
      to: kefu@example.com
      cc: [a@b.example]
      subject: 投诉
      body: 坏了
      attach: 照片.png
      in_reply_to: first
      message_id: <1@x>
      headers: {List-Id: <x.y>}
      charset: GBK
      authentication: fail
  - reply: {from: 王芳, body: 好}
  - reply: {from: 王芳, to: 陈主任, attach: [a.pdf], charset: big5, authentication: fail}
  - call: {from: 王芳, text: 已通话}
  - wait: 2 working days
  - until: 2026-10-08T18:00
  - expect:
      {to: a@b.example, template: reply, subject_contains: 投诉, text_contains: 好, count: 0, by: 3 days}
  - expect: {count: 1, by: 2026-10-08 18:00}
  - expect_case: {case: first, kind: complaint, stage: open, owner: 王芳}
  - expect_case: {deadline: {name: a, state: met_late, due: 2026-10-08T18:00}}
"""
SHANGHAI = timezone(timedelta(hours=8))


def _load(folder: Path, text: str) -> list[str]:
    (folder / "x.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario(folder / "x.yaml")
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def _span(count: int, unit: SpanUnit) -> Span:
    return Span(count=count, unit=unit, mode=SpanMode.TO_HOUR)


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(FULL, "utf-8")
    scenario = load_scenario(path)
    start = datetime(2026, 9, 29, 16, 40, tzinfo=SHANGHAI)
    assert (scenario.title, scenario.start, scenario.seed, scenario.people) == ("all of it", start, 7, "")
    closing = datetime(2026, 10, 8, 18)  # noqa: DTZ001 -- in whatever zone the calendar has
    expected = [
        WriteMail(
            place=f"{path}:5:5",
            from_="李雷 <li@customer.example>",
            to=("kefu@example.com",),
            cc=("a@b.example",),
            subject="投诉",
            body="坏了",
            attach=("照片.png",),
            in_reply_to="first",
            message_id="<1@x>",
            headers=(("List-Id", "<x.y>"),),
            charset="gbk",
            genuine=False,
        ),
        AnswerMail(place=f"{path}:17:5", from_="王芳", body="好"),
        AnswerMail(
            place=f"{path}:18:5",
            from_="王芳",
            got_by="陈主任",
            attach=("a.pdf",),
            charset="big5",
            genuine=False,
        ),
        MakeCall(place=f"{path}:19:5", from_="王芳", text="已通话"),
        PassTime(place=f"{path}:20:5", to=_span(2, SpanUnit.WORKING_DAYS)),
        PassTime(place=f"{path}:21:5", to=closing),
        ExpectMail(
            place=f"{path}:22:5",
            to="a@b.example",
            template="reply",
            subject_contains="投诉",
            text_contains="好",
            count=0,
            by=_span(3, SpanUnit.DAYS),
        ),
        ExpectMail(place=f"{path}:24:5", count=1, by=closing),
        ExpectCase(place=f"{path}:25:5", case="first", case_kind="complaint", stage="open", owner="王芳"),
        ExpectCase(
            place=f"{path}:26:5",
            deadline=ExpectDeadline(name="a", standing=DeadlineStanding.MET_LATE, due_at=closing),
        ),
    ]
    assert list(scenario.steps) == expected


def test_people_are_kept_as_a_file_of_their_own(tmp_path: Path) -> None:
    somebody = "people: [{name: A, address: a@b.c, department: s}]"
    people = f"people: {{service_desk: [a@b.c], departments: [s], {somebody}}}"
    (tmp_path / "x.yaml").write_text(f"start: 2026-09-29T16:40\n{people}\nsteps: [wait: 1 day]\n", "utf-8")
    assert '"service_desk": ["a@b.c"]' in load_scenario(tmp_path / "x.yaml").people


START = "start: 2026-09-29T16:40\nsteps:\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "start: 2026-09-29\nsteps: [wait: 1 day]", "x.yaml:1:1: '2026-09-29' is no time", id="date"
        ),
        pytest.param("start: soon\nsteps: [wait: 1 day]", "x.yaml:1:1: 'soon' is no time", id="no time"),
        pytest.param(
            "start: 2026-09-29T16:40\nsteps: []", "x.yaml:2:1: steps must not be empty", id="no steps"
        ),
        pytest.param(
            START + "- mial: {from: a@b.c}", "x.yaml:3:3: unknown key 'mial' (did you mean 'mail'?)", id="key"
        ),
        pytest.param(START + "- wait: 2 workin days", "did you mean 'working day'?", id="unit"),
        pytest.param(
            START + "- wait: 1 day\n  until: 2026-10-01T08:00", "x.yaml:3:3: a step is one thing", id="two"
        ),
        pytest.param(START + "- {}", "x.yaml:3:3: a step is one thing", id="none"),
        pytest.param(START + "- expect: {}", "it expects nothing (write one of to, template", id="nothing"),
        pytest.param(START + "- expect: {by: 1 day}", "it expects nothing", id="only by"),
        pytest.param(
            START + "- expect_case: {case: last}", "it expects nothing (write one of kind", id="case"
        ),
        pytest.param(START + "- expect: {to: a, by: soon}", "'soon' is no span of time", id="by"),
        pytest.param(START + "- expect: {to: a, by: 2026-13-01T08:00}", "is no time", id="by a month"),
        pytest.param(
            START + "- expect_case: {deadline: {name: a, state: lat}}", "did you mean 'late'?", id="state"
        ),
        pytest.param(
            START + "- mail: {from: a@b.c, charset: gb1803}", "no charset is called 'gb1803'", id="charset"
        ),
        pytest.param(START + "- mail:", "x.yaml:3:3: nothing stands behind the key", id="empty"),
        pytest.param(START + "- call: {from: a@b.c}", "text is missing (add it to call)", id="call"),
        pytest.param(
            "start: 2026-09-29T16:40\npeople: {service_desk: [a@b.c]}\nsteps: [wait: 1 day]",
            "x.yaml:2:25: a@b.c is nobody among `people`",
            id="people",
        ),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, text: str, told: str) -> None:
    assert any(told in problem for problem in _load(tmp_path, text + "\n")), _load(tmp_path, text + "\n")


def test_a_charset_that_knows_no_chinese_is_one(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(START + "- mail: {from: a@b.c, charset: latin-1}\n", "utf-8")
    (step,) = load_scenario(tmp_path / "x.yaml").steps
    assert isinstance(step, WriteMail)
    assert step.charset == "iso8859-1"
