"""Base subjects in the languages that people answer in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.parsers.subject import base_subject, is_forward, is_reply


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        pytest.param("Order 4711", "Order 4711", id="bare"),
        pytest.param("Re: Order", "Order", id="english"),
        pytest.param("RE: re: FW: Order", "Order", id="stacked"),
        pytest.param("回复：订单", "订单", id="full-width colon"),
        pytest.param("答复: 转发: 订单", "订单", id="chinese, stacked"),
        pytest.param("回覆：Re: 訂單", "訂單", id="traditional"),
        pytest.param("自动回复:订单", "订单", id="automatic"),
        pytest.param("AW: WG: Auftrag", "Auftrag", id="german"),
        pytest.param("SV: Ordre", "Ordre", id="nordic"),
        pytest.param("RE[2]: Order", "Order", id="counter in brackets"),
        pytest.param("Re(3): Order", "Order", id="counter in parentheses"),
        pytest.param("Re^2: Order", "Order", id="counter with a caret"),
        pytest.param("Re2: Order", "Order", id="counter alone"),
        pytest.param("[service] Re: [service] Order", "Order", id="list tags"),
        pytest.param("【转发】订单", "订单", id="mark in brackets"),
        pytest.param("[Fwd: Order]", "Order", id="netscape's forward"),
        pytest.param("Order (fwd)", "Order", id="pine's forward"),
        pytest.param("[PATCH v2 1/3] x", "[PATCH v2 1/3] x", id="a numbered tag stays"),
        pytest.param("【紧急】订单", "【紧急】订单", id="a chinese tag stays"),
        pytest.param("Re: 【紧急】订单", "【紧急】订单", id="and stays behind a mark"),
        pytest.param("[2024-01] Report", "[2024-01] Report", id="a date stays"),
        pytest.param("[only a tag]", "[only a tag]", id="a tag alone stays"),
        pytest.param("Re:", "", id="nothing but a mark"),
        pytest.param("Regarding: x", "Regarding: x", id="a word that begins like a mark"),
        pytest.param(" a \t b ", "a b", id="blanks"),
    ],
)
def test_base_subject(subject: str, base: str) -> None:
    assert base_subject(subject) == base


@given(st.text(alphabet="Re: FwdaW回复转发：[](2)订 ", max_size=60))
def test_base_subject_is_idempotent(subject: str) -> None:
    assert base_subject(base_subject(subject)) == base_subject(subject)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        pytest.param("Re: x", True, id="answer"),
        pytest.param("[tag] 回复：x", True, id="behind a tag"),
        pytest.param("【回复】x", True, id="in brackets"),
        pytest.param("Fwd: x", False, id="forward"),
        pytest.param("x", False, id="neither"),
    ],
)
def test_is_reply(subject: str, expected: bool) -> None:
    assert is_reply(subject) is expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        pytest.param("Re: x", False, id="answer"),
        pytest.param("[tag] 转发：x", True, id="forward behind a tag"),
        pytest.param("【转发】x", True, id="in brackets"),
        pytest.param("x: Re: y", False, id="a mark further on"),
    ],
)
def test_is_forward(subject: str, expected: bool) -> None:
    assert is_forward(subject) is expected
