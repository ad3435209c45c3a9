"""MIME fields and transfer encodings."""

import base64

import pytest

from maild.parsers import mime


@pytest.mark.parametrize(
    ("raw", "name", "value"),
    [
        pytest.param(b'text/plain; charset="utf-8"', "charset", "utf-8", id="quoted"),
        pytest.param(b"text/plain;charset=utf-8;;format=flowed", "format", "flowed", id="stray semicolons"),
        pytest.param(b'a/b; name="a;b.txt"', "name", "a;b.txt", id="semicolon in quotes"),
        pytest.param(b'a/b; name="a\\"b.txt"', "name", 'a"b.txt', id="escaped quote"),
        pytest.param(
            b'a/b; name="C:\\TEMP\\a.png"', "name", "C:\\TEMP\\a.png", id="path that nobody escaped"
        ),
        pytest.param(b'a/b; name="a "b".txt"', "name", 'a b".txt', id="bare quotes in quotes"),
        pytest.param(b'a/b; name="unclosed.txt', "name", "unclosed.txt", id="unclosed"),
        pytest.param(b"a/b; name*=utf-8''%E5%90%88.pdf", "name", "合.pdf", id="RFC 2231"),
        pytest.param(
            b"a/b; name*0*=utf-8''%E5%90; name*1*=%88.pdf", "name", "合.pdf", id="split in a character"
        ),
        pytest.param(b'a/b; name*1="b.txt"; name*0="a"', "name", "ab.txt", id="sections out of order"),
        pytest.param(b"a/b; name*0=a; name*1*=%62", "name", "ab", id="sections of both kinds"),
        pytest.param(b"a/b; name=x.txt; name*=utf-8''y.txt", "name", "y.txt", id="both forms"),
        pytest.param(b"a/b; name*=%E5%90%88", "name", "合", id="no charset told"),
        pytest.param(b"a/b; name*==?utf-8?B?5ZCI?=", "name", "合", id="an encoded word in RFC 2231"),
        pytest.param(b'a/b; name="=?gb2312?B?us8=?="', "name", "合", id="encoded word in quotes"),
        pytest.param("a/b; name=合.txt".encode("gb18030"), "name", None, id="raw 8-bit"),
        pytest.param(b'a/b; name="%E5%90%88.pdf"', "name", "合.pdf", id="RFC 2231 without the star"),
        pytest.param(b"a/b; name=\"utf-8''%E5%90%88.pdf\"", "name", "合.pdf", id="and with its charset"),
        pytest.param(b"a/b; name=100%.txt", "name", "100%.txt", id="a per cent sign"),
        pytest.param(b"a/b; =x; name*x=1; a=b", "a", "b", id="nonsense beside it"),
        pytest.param(b"a/b; boundary=%41%42", "boundary", "%41%42", id="a boundary is never decoded"),
        pytest.param(b"a/b", "name", "", id="none"),
    ],
)
def test_parameters(raw: bytes, name: str, value: str | None) -> None:
    found = mime.value_of(raw).get(name)
    assert found == value if value is not None else found.endswith(".txt")


def test_long_values_are_read_too() -> None:
    assert mime.value_of(b"a/b; name=" + b"x" * 500).get("name") == "x" * 500


@pytest.mark.parametrize(
    ("raw", "default", "expected"),
    [
        pytest.param(b"Text/HTML; x=y", "text/plain", "text/html", id="case"),
        pytest.param(b"", "message/rfc822", "message/rfc822", id="missing"),
        pytest.param(b"text", "message/rfc822", "text/plain", id="makes no sense"),
    ],
)
def test_content_type(raw: bytes, default: str, expected: str) -> None:
    assert mime.content_type(raw, default) == expected


@pytest.mark.parametrize(
    ("data", "encoding", "content", "defect"),
    [
        pytest.param(base64.b64encode(b"abc"), "base64", b"abc", "", id="base64"),
        pytest.param(b"YWJj!", "base64", b"abc", "", id="foreign characters in base64"),
        pytest.param(b"YWJjZA", "base64", b"abcd", "broken base64", id="padding lost"),
        pytest.param(b"YWJjZ", "base64", b"abc", "broken base64", id="one character too many"),
        pytest.param(b"a=\nb=3D=E", "quoted-printable", b"ab==E", "", id="quoted-printable"),
        pytest.param(b"begin 644 a\n#86)C\n`\nend\n", "x-uuencode", b"abc", "", id="uuencode"),
        pytest.param(b"nothing", "x-uuencode", b"nothing", "broken uuencode", id="no uuencode"),
        pytest.param(b"as is", "8bit", b"as is", "", id="none"),
    ],
)
def test_decode_transfer(data: bytes, encoding: str, content: bytes, defect: str) -> None:
    assert mime.decode_transfer(data, encoding) == (content, defect)


def test_uuencoded_files_in_text() -> None:
    data = b"before\nbegin 644 a.txt\n#86)C\n`\nend\nbetween\nbegin 600 b.txt\r\n#9&5F\r\n~\n\n"
    files = mime.uudecode(data)
    assert [(name, content) for name, content, _, _ in files] == [("a.txt", b"abc"), ("b.txt", b"def")]
    assert data[: files[0][2]] == b"before\n"


def test_uuencode_lines_with_wrong_padding() -> None:
    assert mime.uudecode(b"begin 644 a\n#86)C!!!!\nend\n")[0][1] == b"abc"
    assert mime.uudecode(b"begin 644 a\n#\x80\x80\nend\n") == ()
