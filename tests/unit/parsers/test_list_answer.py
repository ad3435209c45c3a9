"""Answers to a list of cases, line by line."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.commands import Instructions, ListAnswer, Solve, WaitForCustomer
from maild.parsers import case_number
from maild.parsers.list_answer import read_lines

TODAY = date(2026, 9, 30)
ZONE = ZoneInfo("Asia/Shanghai")


def _read(text: str) -> ListAnswer:
    return read_lines(text, TODAY, ZONE)


def _told(text: str) -> list[tuple[str, Instructions]]:
    return [(answer.number, answer.instructions) for answer in _read(text).answers]


@pytest.mark.parametrize(
    "line",
    [
        "C-2026-00012 已联系客户",
        "c-2026-00012：已联系客户",
        "Ｃ－２０２６－０００１２，已联系客户",
        "【C-2026-00012】已联系客户",
        "- C-2026-00012 - 已联系客户",
        "• [C-2026-00012] 已联系客户",
        "1. C-2026-00012 已联系客户",
        "（1）C-2026-00012: 已联系客户",
        "2、C-2026-00012：已联系客户",
        "> C-2026-00012 | 已联系客户",
        "C—2026—00012 已联系客户",
    ],
)
def test_one_line(line: str) -> None:
    assert _told(line) == [("C-2026-00012", Instructions(text="已联系客户"))]


def test_a_command_on_a_line() -> None:
    assert _told("C-2026-00013: /solve") == [("C-2026-00013", Instructions(commands=(Solve(),)))]


def test_several_numbers_share_an_answer() -> None:
    wait = Instructions(commands=(WaitForCustomer(text="照片"),))
    assert _told("C-2026-00012、S-2026-00013: /等待 照片") == [("C-2026-00012", wait), ("S-2026-00013", wait)]


def test_lines_go_on_until_a_blank_one_and_the_rest_is_stray() -> None:
    text = "您好：\nC-2026-00012 周五发货\n周六到\n\nC-2026-00013\n\n谢谢\n见 C-2026-00014"
    assert _read(text).stray == ("您好：", "谢谢", "见 C-2026-00014")
    assert _told(text) == [
        ("C-2026-00012", Instructions(text="周五发货\n周六到")),
        ("C-2026-00013", Instructions()),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [("[c-2026-00012]", "C-2026-00012"), ("C-2026-12", ""), ("x C-2026-00012", ""), ("", "")],
)
def test_a_case_number_alone(text: str, number: str) -> None:
    assert case_number.read(text) == number


@given(
    st.lists(
        st.sampled_from(["C-2026-00012", "：", "/", "solve", "\n", " ", "好", "- ", "1. ", ","]), max_size=20
    )
)
def test_reading_never_raises_and_no_line_is_lost(pieces: list[str]) -> None:
    text = "".join(pieces)
    answer = _read(text)
    assert all(line in text for line in answer.stray)
    assert bool(answer.answers or answer.stray) == bool(text.strip())


@given(st.text(max_size=100))
def test_any_text_is_read(text: str) -> None:
    assert _read(text).answers == ()
