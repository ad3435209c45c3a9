"""The header block and where it ends."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.parsers import bounds, headers


@pytest.mark.parametrize(
    ("raw", "names", "body"),
    [
        pytest.param(b"A: 1\nB: 2\n\nbody\n", ["A", "B"], b"body\n", id="plain"),
        pytest.param(b"A: 1\r\nB: 2\r\n\r\nbody\r\n", ["A", "B"], b"body\r\n", id="CRLF"),
        pytest.param(b"A: 1\n", ["A"], b"", id="no body"),
        pytest.param(b"A : 1\n\nx", ["A"], b"x", id="blank before the colon"),
        pytest.param(b"\nbody", [], b"body", id="empty header"),
        pytest.param(b"\r\nbody", [], b"body", id="empty header, CRLF"),
        pytest.param(b"From a@b Mon\n>From c\nA: 1\n\nx", ["A"], b"x", id="mbox lines before"),
        pytest.param(b"just text\n\nmore", [], b"just text\n\nmore", id="no header"),
        pytest.param(b"  indented\ntext\n", [], b"  indented\ntext\n", id="no header, indented"),
        pytest.param(b"A: 1\ntext\n  more\n\nend", ["A"], b"text\n  more\n\nend", id="no blank line"),
        pytest.param(b"A: 1\njunk\nSubject: 2\n\nx", ["A", "Subject"], b"x", id="a line that is no field"),
        pytest.param(b"A: 1\nN\xe4me: 2\n\nx", ["A"], b"x", id="a name in 8-bit"),
        pytest.param(b"A: 1\n \n\tfolded\nTo: 2\n\nx", ["A", "To"], b"x", id="a line of blanks folded in"),
        pytest.param(b"A: 1\n \nThe text: here\n", ["A"], b"The text: here\n", id="a line of blanks ends it"),
        pytest.param(b"", [], b"", id="nothing"),
    ],
)
def test_split(raw: bytes, names: list[str], body: bytes) -> None:
    head = headers.split(raw)
    assert [field.name for field in head.fields] == names
    assert head.body == body


def test_values_are_unfolded_and_stripped() -> None:
    head = headers.split(b"Subject:  a\n b\n\tc \nSubject: second\n\n")
    assert head.values("subject") == (b"a b\tc", b"second")
    assert head.first("subject") == b"a b\tc"
    assert head.first("to") == b""
    assert head.named(frozenset({"to"})) == []
    assert headers.repeated(head) == ("subject: repeated",)


@given(
    st.lists(st.sampled_from([b"a", b"\na", b"\n a", b"\n \ta", b"\n\tb", b" ", b"\r"]), max_size=12).map(
        b"".join
    )
)
def test_every_fold_comes_out(rest: bytes) -> None:
    block = b"Subject: a" + rest.replace(b"\na", b"\nX: a")
    unfolded = re.sub(rb"\r{0,2}\n(?=[ \t])", b"", block).split(b"\n")
    values = [line.partition(b":")[2].strip() for line in unfolded]
    assert [field.raw for field in headers.split(block + b"\n\n").fields] == values


def test_bounds_are_told() -> None:
    many = headers.split(b"X: 1\n" * (bounds.MAX_FIELDS + 5) + b"\n")
    assert len(many.fields) == bounds.MAX_FIELDS
    assert many.defects == ("too many header fields, the last are left out",)
    long = headers.split(b"X: " + b"a" * (bounds.MAX_HEADER_BYTES + 5) + b"\n\n")
    assert long.defects == ("header block too long, its end is left out",)
    assert len(long.first("x")) == bounds.MAX_FIELD_BYTES - 1  # the blank before it counts


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b"a\x00b\tc", "a b c", id="controls"),
        pytest.param(
            b"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x", id="an encoded line end carries no second field"
        ),
        pytest.param("é".encode(), "é", id="8-bit"),
    ],
)
def test_text_of(raw: bytes, text: str) -> None:
    assert headers.text_of(raw) == text
