"""Whether two subjects speak of one matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.matter import one_matter


@pytest.mark.parametrize(
    ("subject", "other", "expected"),
    [
        pytest.param("询价", "询价", True, id="the-same"),
        pytest.param("ＲＦＱ pumps", "rfq  Pumps", True, id="case-and-width"),
        pytest.param("询价（补充规格）", "询价", True, id="added-to"),
        pytest.param(
            "Supported controllers: X300 and U", "supported controllers: X300 and UBX", True, id="cut"
        ),
        pytest.param("[C-2026-00001] 已收到您的来信：询价", "询价", True, id="our-answer"),
        pytest.param("发货时间 (was: 询价)", "询价水泵三台", True, id="was"),
        pytest.param("发货时间（原主题：询价）", "水泵", True, id="was-in-chinese"),
        pytest.param("验收第二阶段", "验收第一阶段", True, id="stages-in-chinese"),
        pytest.param("Rollout, stage 3", "Rollout, stage 12", True, id="stages"),
        pytest.param("Order 10023 is late", "Order 10024 is late", False, id="order-numbers"),
        pytest.param("", "询价", True, id="empty"),
        pytest.param("询价", "??!", True, id="nothing-but-signs"),
        pytest.param("投诉产品质量", "询价", False, id="another"),
        pytest.param("Invoice is wrong", "I was: late", False, id="was-without-brackets"),
    ],
)
def test_subjects(subject: str, other: str, *, expected: bool) -> None:
    assert one_matter(subject, [other]) is expected
    assert one_matter(other, [subject]) is expected


def test_one_subject_that_fits_is_enough() -> None:
    assert one_matter("投诉", ["询价", "投诉质量"])
    assert not one_matter("投诉", [])


@given(st.text(), st.text())
def test_it_does_not_matter_which_came_first(one: str, other: str) -> None:
    assert one_matter(one, [other]) is one_matter(other, [one])
    assert one_matter(one, [one])
