"""Folding keeps places, and is done once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.parsers.fold import folded, letters
from maild.parsers.numerals import number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("／Template：ＡＢ\u3000４", "/template:ab 4", id="full width"),
        pytest.param("滿意，謝謝", "满意,谢谢", id="traditional"),
        pytest.param("C–2026—00012", "c-2026-00012", id="dashes"),
        pytest.param("Plain\tText", "plain text", id="ascii"),
        pytest.param("“我’s”", '"我\'s"', id="quotes"),
        pytest.param("İstanbul", "İstanbul", id="a lower case of two characters"),
    ],
)
def test_folded(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text(max_size=200))
def test_folding_keeps_places_and_is_idempotent(text: str) -> None:
    once = folded(text)
    assert len(once) == len(text)
    assert folded(once) == once


@given(st.text(max_size=80))
def test_letters_are_idempotent(text: str) -> None:
    assert letters(letters(text)) == letters(text)


def test_letters_leave_out_marks_and_width() -> None:
    assert letters(" 负 责 人（Ａ）: ") == "负责人a"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("12", 12, id="digits"),
        pytest.param("十", 10, id="ten"),
        pytest.param("二十五", 25, id="tens"),
        pytest.param("两百零三", 203, id="hundreds"),
        pytest.param("三万五千", 35_000, id="ten thousands"),
        pytest.param("seven", 7, id="english"),
        pytest.param("几", None, id="no number"),
        pytest.param("万万", None, id="no numeral"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_number(word: str, expected: int | None) -> None:
    assert number(word) == expected
