"""One word that was asked for, and thanks that ask for nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.answers import Accepted, More, Nothing, WordReading
from maild.parsers.answer import only_thanks, read_word
from tests.unit.parsers.answer_examples import ACCEPTED, MORE, NOTHING, THANKS, WORDS


def _told(reading: WordReading) -> str:
    match reading:
        case Accepted(word=word):
            return word
        case More():
            return MORE
        case Nothing():
            return NOTHING


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:40] or "nothing") for row in WORDS]
)
def test_words(text: str, expected: str) -> None:
    assert _told(read_word(text, ACCEPTED)) == expected


def test_more_keeps_the_text() -> None:
    assert read_word("\n同意，但要改日期\n", ACCEPTED) == More(text="同意，但要改日期")


@pytest.mark.parametrize(
    ("text", "accepted", "expected"),
    [
        pytest.param("👍", ("👍",), "👍", id="an emoji of the list"),
        pytest.param("👍🏻", ("👍",), "👍", id="in any colour"),
        pytest.param("好的", ("好的",), "好的", id="a courtesy of the list"),
        pytest.param("No objection.", ("no objection",), "no objection", id="two words"),
        pytest.param("收到", ("", "收到"), "收到", id="an empty word is none"),
        pytest.param("收到...", ("收到",), MORE, id="dots doubt"),
        pytest.param("好的……", ("收到",), MORE, id="a courtesy with dots"),
        pytest.param("收" + "，" * 5_000, ("收",), MORE, id="too long"),
    ],
)
def test_the_list_decides(text: str, accepted: tuple[str, ...], expected: str) -> None:
    assert _told(read_word(text, accepted)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("收到\n张三", "收到", id="name"),
        pytest.param("收到\n\n采购部 张三", "收到", id="department and name"),
        pytest.param("收到\n张三 经理\n采购部\n021-62345678\n", "收到", id="post and number below"),
        pytest.param("收到\n张三\n不同意第三条", MORE, id="text below the name"),
        pytest.param("收到\n李四", MORE, id="another's name"),
        pytest.param("张三", MORE, id="a name alone"),
    ],
)
def test_the_authors_name_is_a_signature(text: str, expected: str) -> None:
    assert _told(read_word(text, ACCEPTED, names=("张三", ""))) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:40] or "nothing") for row in THANKS]
)
def test_thanks(text: str, expected: bool) -> None:
    assert only_thanks(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("谢谢\n\n王伟", True, id="the author's name"),
        pytest.param("谢谢\n\n李雷", False, id="another's"),
        pytest.param("您好！", False, id="only a greeting"),
        pytest.param("谢谢" * 3_000, False, id="too long"),
        pytest.param(
            "Thanks!\n\nBest regards\n" + "A long line of a signature. " * 4, False, id="not a signature"
        ),
    ],
)
def test_thanks_and_signatures(text: str, expected: bool) -> None:
    assert only_thanks(text, names=("王伟",)) is expected


PIECES = st.lists(
    st.sampled_from(
        [
            "谢谢",
            "收到",
            "好的",
            "您好",
            "，",
            "？",
            "\n",
            "但",
            "同意",
            "thanks ",
            "for ",
            "ok",
            "👍",
            "Regards",
        ]
    ),
    max_size=10,
).map("".join)


@given(st.text(max_size=80) | PIECES)
def test_reading_never_raises(text: str) -> None:
    only_thanks(text)
    read_word(text, ACCEPTED, names=("张三",))


@given(PIECES)
def test_a_question_mark_is_never_an_acceptance(text: str) -> None:
    assert not isinstance(read_word(f"{text}同意？", ACCEPTED), Accepted)
