"""Charsets named rightly, wrongly and not at all."""

import codecs

import pytest

from maild.parsers import charset


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        pytest.param("gb2312", "gb18030", id="the superset that gb2312 means"),
        pytest.param(" x-gbk ", "gb18030", id="blanks around"),
        pytest.param("ISO-GB2312", "gb18030", id="made-up name"),
        pytest.param("Big5", "big5hkscs", id="big5 with Hong Kong's characters"),
        pytest.param("ks_c_5601-1987", "cp949", id="korean"),
        pytest.param('"iso-8859-1"', "cp1252", id="quoted latin 1"),
        pytest.param("utf-8; format=flowed", "utf-8", id="a parameter pasted on"),
        pytest.param("x-iso-8859-5", "iso8859-5", id="a known name behind x-"),
        pytest.param("charset=utf-8", "utf-8", id="the parameter's name repeated"),
        pytest.param("latin_1", "cp1252", id="one of python's own names"),
        pytest.param("y", "", id="says nothing"),
        pytest.param("DEFAULT", "", id="the name of a default"),
        pytest.param("no-such-charset", "", id="does not exist"),
        pytest.param("base64", "", id="a codec that is no charset"),
        pytest.param("idna", "", id="a codec that is no charset of text"),
        pytest.param("a\0b", "", id="a null inside"),
    ],
)
def test_codec_of(label: str, codec: str) -> None:
    assert charset.codec_of(label) == codec


CHINESE = "您好，请尽快提供报价单和合同，谢谢。"


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        pytest.param("订单".encode("gb18030"), "gb2312", "订单", id="gb2312"),
        pytest.param("镕㐂".encode("gb18030"), "gb2312", "镕㐂", id="characters that gb2312 lacks"),
        pytest.param(CHINESE.encode(), "gb2312", CHINESE, id="a label that lies"),
        pytest.param(CHINESE.encode(), "iso-8859-1", CHINESE, id="latin 1 that is utf-8"),
        pytest.param("ok \ufffd".encode(), "latin1", "ok ï¿½", id="loss kept by the label"),
        pytest.param(b"\x93quoted\x94 \x81", "iso-8859-1", "“quoted” \x81", id="windows-1252 and its holes"),
        pytest.param("Grüße".encode("cp1252"), "us-ascii", "Grüße", id="ascii that is not"),
        pytest.param(b"\x1b$B-!\x1b(B", "iso-2022-jp", "①", id="NEC's row 13"),
        pytest.param(
            b"\x1b$B\x21\x21-!\x30\x21\x1b(Bab", "iso-2022-jp", "\u3000①亜ab", id="rows even and odd"
        ),
        pytest.param(b"\x1b$B\x80\x80-!\x1b(B", "iso-2022-jp", "??①", id="bytes that are no row"),
        pytest.param("ab".encode("utf-16-le"), "utf-16le", "ab", id="wide"),
        pytest.param(b"a+AGI-", "utf-7", "ab", id="utf-7"),
        pytest.param(b"plain", "gb2312", "plain", id="ascii under any label"),
        pytest.param(
            ("中文" * 40).encode("gb18030") + b"\xff" + "文".encode("gb18030"),
            "gbk",
            "中文" * 40 + "\ufffd文",
            id="one broken byte",
        ),
    ],
)
def test_decode_by_label(data: bytes, label: str, text: str) -> None:
    assert charset.decode(data, label)[0] == text


@pytest.mark.parametrize(
    ("data", "hints", "text"),
    [
        pytest.param(CHINESE.encode(), (), CHINESE, id="utf-8 first"),
        pytest.param(CHINESE.encode("gb18030"), (), CHINESE, id="common hanzi"),
        pytest.param("詢價單".encode("big5"), ("big5",), "詢價單", id="what the message uses elsewhere"),
        pytest.param("Grüße aus Köln, der Preis ist 5 €.".encode("cp1252"), (), None, id="western"),
        pytest.param(CHINESE.encode() + b"\xff", (), CHINESE + "\ufffd", id="utf-8 with one byte lost"),
        pytest.param(
            "Добрый день, пришлите прайс".encode("cp1251"),
            ("y",),
            "Добрый день, пришлите прайс",
            id="cyrillic",
        ),
    ],
)
def test_decode_without_a_label(data: bytes, hints: tuple[str, ...], text: str | None) -> None:
    decoded, defect = charset.decode(data, "", hints)
    assert decoded == (text or data.decode("cp1252"))
    assert defect.startswith("charset not named, read as")


@pytest.mark.parametrize(
    ("text", "label", "defect"),
    [
        pytest.param("微软雅\ufffd", "utf-8", "characters lost before it was sent", id="by its sender"),
        pytest.param("微软雅黑", "utf-8", "", id="nothing"),
        pytest.param("锟斤拷", "gb2312", "", id="the same bytes are characters of GBK"),
    ],
)
def test_characters_that_came_as_lost(text: str, label: str, defect: str) -> None:
    data = text.encode("gb18030" if label == "gb2312" else "utf-8")
    assert charset.decode(data, label) == (text, defect)


def test_cyrillic_labelled_latin_1_is_found_out() -> None:
    text = "Добрый день, пришлите пожалуйста прайс лист и договор"
    assert charset.decode(text.encode("cp1251"), "iso-8859-1")[0] == text


def test_surrogates_never_come_out() -> None:
    assert "\ud800" not in charset.decode(b"+2AA-", "utf-7")[0]


def test_an_impossible_guess_is_latin() -> None:
    text, defect = charset.decode(bytes(range(128, 256)) * 2, "no-such-charset")
    assert "\ufffd" not in text
    assert "no-such-charset" in defect


def test_the_error_handler_is_for_decoding_only() -> None:
    handler = codecs.lookup_error("maild.c1")
    with pytest.raises(UnicodeEncodeError):
        handler(UnicodeEncodeError("cp1252", "x", 0, 1, "no"))
