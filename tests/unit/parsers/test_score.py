"""Scores read from plain answers; what is unclear is never scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.answers import NoScore, Score, ScoreReading, Unclear
from maild.parsers.score import read_score
from tests.unit.parsers.answer_examples import NONE, SCORES, UNCLEAR


def _told(reading: ScoreReading) -> int | str:
    match reading:
        case Score(value=value):
            return value
        case Unclear():
            return UNCLEAR
        case NoScore():
            return NONE


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:40] or "nothing") for row in SCORES]
)
def test_examples(text: str, expected: int | str) -> None:
    assert _told(read_score(text)) == expected


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        pytest.param("4", "", id="none"),
        pytest.param("4，谢谢", "", id="thanks are none"),
        pytest.param("4分，发货有点慢。", "发货有点慢。", id="behind"),
        pytest.param("发货慢，4分，但态度好", "发货慢，4分，但态度好", id="on both sides"),
        pytest.param("满意\n\n另请寄发票，\n抬头见附件！", "另请寄发票，\n抬头见附件！", id="lines are kept"),
    ],
)
def test_the_remark_is_what_else_was_written(text: str, remark: str) -> None:
    reading = read_score(text)
    assert isinstance(reading, Score)
    assert reading.remark == remark


def test_a_signature_is_no_part_of_it() -> None:
    assert read_score("5\n\n王伟\n采购部\n13800138000", names=("王伟",)) == Score(value=5)


@pytest.mark.parametrize(
    "text", ["满意" * 5_000, "4 " * 4_000, "好" * 4_000 + "!", "我" * 4_000, "not " * 2_000]
)
def test_long_texts_are_read_in_bounds(text: str) -> None:
    assert not isinstance(read_score(text), Score)


WORDS = st.lists(
    st.sampled_from(
        [
            *"4５分星满意不很太没，。？!/ \n★☆",
            "非常",
            "satisfied",
            "not ",
            "very ",
            "谢谢",
            "10",
            "一般",
            "ok",
        ]
    ),
    max_size=12,
).map("".join)


@given(st.text(max_size=80) | WORDS)
def test_reading_never_raises_and_keeps_the_scale(text: str) -> None:
    reading = read_score(text)
    assert not isinstance(reading, Score) or 1 <= reading.value <= 5


@given(WORDS)
def test_a_question_is_never_a_score(text: str) -> None:
    asked = text.replace("，", "").replace("。", "").replace("!", "").replace("\n", "") + "？"
    assert not isinstance(read_score(asked), Score)
