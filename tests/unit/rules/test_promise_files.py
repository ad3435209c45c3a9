"""Deadlines in playbook files: what they compile into, and every wrong edit with its place and mend."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from maild.errors import ConfigError
from maild.model.calendar import Span, SpanMode, SpanUnit
from maild.model.happening import QUALIFIED, Happening, Occurrence
from maild.model.playbook import (
    Again,
    Deadline,
    Either,
    Escalation,
    Every,
    Guard,
    Playbook,
    Reaction,
    Reminder,
    Role,
    Seen,
)
from maild.rules.editor_schema import editor_schemas
from maild.rules.happening import parse_happening
from maild.rules.load import load_playbooks, read_yaml

GOOD = """\
name: customer
version: "1"
number_prefix: C
kinds: [request]
stages: [open, waiting, closed]
closing_stages: [closed]
on:
  - fact: [entered waiting, missed answer]
    while: [open]
    send: new_message
    to: owner
deadlines:
  - name: first_response
    title: {zh: 初步响应, en: First response}
    starts: case_opened
    while: [open]
    unless: [automatic]
    within: 1 working day
    counts: to_hour
    again: restart
    met_by: [reply_sent, call_logged]
    dropped_by: [contact_thanked, entered closed]
    paused_in: [waiting]
    remind:
      - before: 2 working hours
        to: desk
        send: hurry
    escalate:
      - to: leader
      - after: 1个工作日
        send: alarm
  - name: answer
    title: {zh: 答复}
    starts: [met first_response]
    within: 3 days
    met_by:
      - all:
          - sent formal_reply
          - any: [call_logged, call_waived, {fact: call_tried, days: 2}]
"""
NAME = "playbooks/0.yaml"


def _load(folder: Path, text: str) -> Playbook:
    playbooks = folder / "playbooks"
    playbooks.mkdir()
    (playbooks / "0.yaml").write_text(text, "utf-8")
    (playbook,) = load_playbooks(playbooks)
    return playbook


def _seen(occurrence: Occurrence, of: str = "", days: int = 1) -> Seen:
    return Seen(happening=Happening(occurrence, of), days=days)


def _span(count: int, unit: SpanUnit, mode: SpanMode = SpanMode.TO_CLOSE) -> Span:
    return Span(count=count, unit=unit, mode=mode)


def test_what_a_promise_compiles_into(tmp_path: Path) -> None:
    playbook = _load(tmp_path, GOOD)
    assert playbook.reactions == (
        Reaction(
            on=(Happening(Occurrence.ENTERED, "waiting"), Happening(Occurrence.MISSED, "answer")),
            unless=(),
            send="new_message",
            to=Role.OWNER,
            move_to=None,
            stages=frozenset({"open"}),
            place=f"{NAME}:8:5",
        ),
    )
    first, answer = playbook.deadlines
    assert first == Deadline(
        name="first_response",
        title=(("zh", "初步响应"), ("en", "First response")),
        starts=(Happening(Occurrence.CASE_OPENED),),
        stages=frozenset({"open"}),
        unless=(Guard.AUTOMATIC,),
        within=_span(1, SpanUnit.WORKING_DAYS, SpanMode.TO_HOUR),
        again=Again.RESTART,
        met_by=Either(parts=(_seen(Occurrence.REPLY_SENT), _seen(Occurrence.CALL_LOGGED))),
        dropped_by=(Happening(Occurrence.CONTACT_THANKED), Happening(Occurrence.ENTERED, "closed")),
        paused_in=frozenset({"waiting"}),
        reminders=(Reminder(before=_span(2, SpanUnit.WORKING_HOURS), to=Role.DESK, template="hurry"),),
        escalations=(
            Escalation(after=None, to=Role.LEADER, template="escalation"),
            Escalation(after=_span(1, SpanUnit.WORKING_DAYS), to=Role.HEAD, template="alarm"),
        ),
        place=f"{NAME}:13:5",
    )
    assert answer.met_by == Every(
        parts=(
            _seen(Occurrence.SENT, "formal_reply"),
            Either(
                parts=(
                    _seen(Occurrence.CALL_LOGGED),
                    _seen(Occurrence.CALL_WAIVED),
                    _seen(Occurrence.CALL_TRIED, days=2),
                )
            ),
        )
    )
    assert (answer.within, answer.again, answer.dropped_by) == (_span(3, SpanUnit.DAYS), Again.KEEP, ())
    assert playbook.deadline("answer") is answer
    assert [template for template, _ in playbook.templates] == ["new_message", "hurry", "escalation", "alarm"]


@pytest.mark.parametrize(
    ("proof", "right"),
    [
        pytest.param("reply_sent", True, id="one happening"),
        pytest.param("{fact: call_tried, days: 2}", True, id="one proof"),
        pytest.param("[{any: [reply_sent]}]", True, id="a list"),
        pytest.param("[]", False, id="nothing"),
    ],
)
def test_editors_judge_alike(tmp_path: Path, proof: str, right: bool) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(GOOD.replace("[reply_sent, call_logged]", proof), "utf-8")
    schema = Draft202012Validator(json.loads(editor_schemas()["playbook.schema.json"]))
    assert schema.is_valid(read_yaml(path).data) is right


def test_one_proof_needs_no_list(tmp_path: Path) -> None:
    text = GOOD.replace("met_by: [reply_sent, call_logged]", "met_by: {fact: call_tried, days: 2}")
    assert _load(tmp_path, text).deadlines[0].met_by == _seen(Occurrence.CALL_TRIED, days=2)


WRONG = [
    pytest.param(
        "case_opened",
        "case_opend",
        15,
        5,
        "nothing is called 'case_opend' (did you mean 'case_opened'",
        id="happening",
    ),
    pytest.param(
        "entered waiting",
        "entered",
        8,
        12,
        "'entered' of what? (name it behind, such as 'entered solved'",
        id="of nothing",
    ),
    pytest.param(
        "reply_sent",
        "reply_sent now",
        21,
        14,
        "is said of the case, not of 'now' (write 'reply_sent' alone",
        id="of something",
    ),
    pytest.param(
        "sent formal_reply",
        "sent the reply",
        38,
        13,
        "'sent' of one word, not of 'the reply'",
        id="two words",
    ),
    pytest.param(
        "    while: [open]\n    send",
        "    while: [opn]\n    send",
        9,
        13,
        "there is no stage 'opn' (did you mean 'open'",
        id="while of a reaction",
    ),
    pytest.param(
        "    while: [open]\n    unless",
        "    while: [opn]\n    unless",
        16,
        13,
        "there is no stage 'opn' (did you mean 'open'",
        id="while",
    ),
    pytest.param(
        "paused_in: [waiting]", "paused_in: [waitng]", 23, 17, "did you mean 'waiting'", id="paused_in"
    ),
    pytest.param(
        "entered waiting",
        "entered waitin",
        8,
        12,
        "there is no stage 'waitin' (did you mean 'waiting'",
        id="entered",
    ),
    pytest.param("entered closed", "entered close", 22, 35, "did you mean 'closed'", id="dropped by"),
    pytest.param(
        "missed answer",
        "missed anser",
        8,
        29,
        "there is no deadline 'anser' (did you mean 'answer'",
        id="missed",
    ),
    pytest.param("met first_response", "met first", 34, 14, "there is no deadline 'first'", id="met"),
    pytest.param(
        "name: answer",
        "name: first_response",
        32,
        5,
        "'first_response' stands here twice (choose another",
        id="twice",
    ),
    pytest.param("1 working day\n", "one day\n", 18, 5, "write one such as '2 working days'", id="span"),
    pytest.param("3 days", "3 weeks", 35, 5, "which is no unit", id="unit"),
    pytest.param("2 working hours", "soon", 25, 9, "is no span of time", id="before"),
    pytest.param("1个工作日", "0个工作日", 30, 9, "is not between 1 and 9999", id="after"),
    pytest.param(
        "      - all:\n",
        "      - fact: reply_sent\n        all:\n",
        37,
        9,
        "in more ways than one, or in none (write one of fact, all and any",
        id="two ways",
    ),
    pytest.param(
        "{fact: call_tried, days: 2}", "{days: 2}", 39, 45, "write one of fact, all and any", id="no way"
    ),
    pytest.param(
        "          - any: [call_logged, call_waived, {fact: call_tried, days: 2}]",
        "          - {any: [call_logged], days: 2}",
        39,
        13,
        "days goes with fact",
        id="days of several",
    ),
    pytest.param(
        "[call_logged, call_waived, {fact: call_tried, days: 2}]",
        "[]",
        39,
        13,
        "must not be empty",
        id="any of nothing",
    ),
    pytest.param("days: 2", "days: 0", 39, 64, "greater than or equal to 1", id="no days"),
    pytest.param(
        "met_by: [reply_sent, call_logged]", "met_by: []", 21, 5, "must not be empty", id="proof of nothing"
    ),
    pytest.param("starts: case_opened", "starts: []", 15, 5, "must not be empty", id="starts on nothing"),
    pytest.param(
        "[contact_thanked, entered closed]", "[]", 22, 5, "must not be empty", id="dropped by nothing"
    ),
    pytest.param("    within: 3 days\n", "", 32, 5, "within is missing", id="no time"),
    pytest.param("title: {zh: 答复}", "title: {}", 33, 5, "must not be empty", id="no title"),
    pytest.param("counts: to_hour", "counts: to_day", 19, 5, "known: to_close, to_hour", id="counts"),
    pytest.param("again: restart", "again: always", 20, 5, "known: keep, restart", id="again"),
    pytest.param("to: desk", "to: dsk", 26, 9, "did you mean 'desk'", id="role"),
    pytest.param("send: alarm", "sent: alarm", 31, 9, "unknown key 'sent' (did you mean 'send'", id="key"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "column", "words"), WRONG)
def test_each_wrong_edit_is_named_with_its_place(
    tmp_path: Path, right: str, wrong: str, line: int, column: int, words: str
) -> None:
    assert right in GOOD
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, GOOD.replace(right, wrong, 1))
    problems = caught.value.problems
    assert any((each.line, each.column) == (line, column) and words in str(each) for each in problems), (
        problems
    )


@pytest.mark.parametrize("occurrence", Occurrence)
def test_every_happening_reads_back(occurrence: Occurrence) -> None:
    of = "it" if occurrence in QUALIFIED else ""
    happening = Happening(occurrence, of)
    assert parse_happening(f"  {happening} ") == happening
