"""Chinese, English, or neither."""

import pytest

from maild.parsers import language


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        pytest.param("您好，请报价。", "", "zh", id="chinese"),
        pytest.param("Please send me the quotation.", "", "en", id="english"),
        pytest.param(
            "请看 the attached file of the order, thank you for your help and have a nice day",
            "",
            "en",
            id="mixed",
        ),
        pytest.param("収到しました。よろしくお願いします", "", "", id="japanese"),
        pytest.param("Bitte senden Sie mir das Angebot für nächste Woche", "", "", id="german"),
        pytest.param("Ωραία µέρα σε όλους ok the", "", "", id="greek"),
        pytest.param("", "订单问题", "zh", id="by the subject"),
        pytest.param("4711", "4711", "", id="no telling"),
    ],
)
def test_of(text: str, subject: str, expected: str) -> None:
    assert language.of(text, subject) == expected
