"""Encoded words as senders write them."""

import base64

import pytest

from maild.parsers import words

CONTRACT = "关于合同".encode()


def _b(data: bytes, label: str = "utf-8") -> bytes:
    return b"=?%s?B?%s?=" % (label.encode(), base64.b64encode(data))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(b"plain", "plain", id="plain"),
        pytest.param(_b(CONTRACT), "关于合同", id="base64"),
        pytest.param(b"=?utf-8?Q?caf=C3=A9_au_lait?=", "café au lait", id="quoted-printable"),
        pytest.param(_b(CONTRACT[:4]) + b" " + _b(CONTRACT[4:]), "关于合同", id="split inside a character"),
        pytest.param(
            _b(CONTRACT[:4]) + b"=?UTF-8?q?" + b"".join(b"=%02X" % c for c in CONTRACT[4:]) + b"?=",
            "关于合同",
            id="half B, half Q",
        ),
        pytest.param(b"Re: " + _b(CONTRACT) + b" end", "Re: 关于合同 end", id="text around"),
        pytest.param(b"a" + _b(b"b") + b"c", "abc", id="glued to text"),
        pytest.param(b"=?utf-8*en?Q?x?=", "x", id="language tag"),
        pytest.param(b"=?utf-8?B?YQ?=", "a", id="padding lost"),
        pytest.param(b"=?utf-8?B?YQ==YQ==?=", "aa", id="pasted together"),
        pytest.param(b"=?utf-8?B?YWJjZ?=", "abc", id="one character too many"),
        pytest.param(b"=?utf-8?Q?a b?=", "a b", id="blank inside"),
        pytest.param(b"=?gb2312?B?" + base64.b64encode("镕".encode("gbk")) + b"?=", "镕", id="gbk as gb2312"),
        pytest.param(b"=?x-none?Q?=C3=A9?=", "é", id="charset that does not exist"),
        pytest.param(b"=??Q?x?=", "x", id="no charset"),
        pytest.param(b"cut =?utf-8?B?5YWz5LqO", "cut 关于", id="cut off inside the last word"),
        pytest.param(b"=?utf-8?B?5YWz5LqO", "关于", id="nothing but a cut word"),
        pytest.param(_b(_b(CONTRACT)), "关于合同", id="encoded twice"),
        pytest.param(_b(b"=? no word"), "=? no word", id="what only looks like a word"),
        pytest.param("投诉产品破损".encode("gb18030") + b" =?", "投诉产品破损 =?", id="raw bytes"),
        pytest.param(b"=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab", id="blank between words is none"),
        pytest.param(
            _b("甲".encode("gbk"), "gbk") + b" " + _b("乙".encode(), "utf-8"), "甲乙", id="two charsets"
        ),
    ],
)
def test_decode(raw: bytes, text: str) -> None:
    assert words.decode(raw)[0] == text


def test_defects_are_told() -> None:
    assert words.decode(b"=?x-none?Q?=C3=A9?=")[1] == "charset x-none, read as utf-8"
    assert words.decode(_b(_b(CONTRACT)))[1] == "encoded word inside an encoded word"
    assert words.decode(_b(CONTRACT))[1] == ""


def test_many_broken_words_cost_linear_time() -> None:
    assert words.decode(b"=?a?b?" * 50_000)[0]
