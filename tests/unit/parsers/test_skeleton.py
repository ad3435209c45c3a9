"""The bulk goes, the structure stays."""

import base64
import email

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.parsers import skeleton

BULK = base64.encodebytes(bytes(range(256)) * 40)


def test_bulk_is_cut_and_comes_back() -> None:
    body = b"--b\nContent-Type: a/b\n\n" + BULK + b"\n--b--\n"
    bones = skeleton.cut(body)
    assert len(bones.body) < 100
    assert bones.expand(bones.body) == body
    assert bones.expand(b"nothing of it") == b"nothing of it"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\n\n short" * 10, id="short"),
        pytest.param(b"x\n\n" + b"a: b\n" * 1000, id="lines that could be fields"),
        pytest.param(b"x\n\n" + b" folded\n" * 1000, id="begins folded"),
        pytest.param(b"x\n\n" + BULK + b"a lone \r CR\n", id="a lone CR"),
        pytest.param(b"x\n\n" + b"-\n" * 3000, id="dashes"),
        pytest.param(b"x\n\n" + b"y" * 3000 + b"-", id="a dash in the only line"),
    ],
)
def test_what_must_stay_stays(body: bytes) -> None:
    assert skeleton.cut(body).body == body


def test_a_dash_inside_ends_the_run_at_its_line() -> None:
    body = b"x\n\n" + b"y" * 3000 + b"\nlast - line\n"
    bones = skeleton.cut(body)
    assert bones.body.endswith(b"\nlast - line\n")
    assert bones.expand(bones.body) == body


@pytest.mark.parametrize("name", [b"Content-Type: message/rfc822", b'CONTENT-TYPE:\n "MESSAGE/rfc822"'])
def test_attached_messages_become_leaves(name: bytes) -> None:
    body = b"--b\n" + name + b"\n\nSubject: x\n\ny\n--b--\n"
    bones = skeleton.cut(body, bulk=False)
    tree = email.message_from_bytes(b"Content-Type: multipart/mixed; boundary=b\n\n" + bones.body)
    assert [each.is_multipart() for each in tree.walk()] == [True, False]
    assert bones.expand(bones.body) == body


def test_the_mark_is_one_that_does_not_occur() -> None:
    body = b"maildcut0Z\n\n" + BULK
    assert skeleton.cut(body).expand(skeleton.cut(body).body) == body


@given(st.lists(st.sampled_from([b"\n", b"--b\n", b"a: b\n", b" x\n", b"text\n", b"-", BULK]), max_size=12))
def test_expanding_gives_back_the_body(pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    bones = skeleton.cut(body)
    assert bones.expand(bones.body) == body


@pytest.mark.parametrize(
    ("bones", "is_whole"),
    [
        pytest.param(b"a\nb\n", True, id="small"),
        pytest.param(b"--b\n" * 10_002, False, id="too many delimiters"),
        pytest.param(b"boundary=\n" * 3_000, False, id="too many lines for so many boundaries"),
        pytest.param(b"Content-Type: a/b" + b";" * 20_000 + b"\n", False, id="a value too long"),
        pytest.param(b"x" * 20_000, True, id="a long line of text"),
    ],
)
def test_bounded(bones: bytes, is_whole: bool) -> None:
    kept, whole = skeleton.bounded(bones)
    assert whole is is_whole
    assert bones.startswith(kept.rstrip(b"\n"))
    assert (len(kept) == len(bones)) is is_whole


def test_one_value_is_bounded() -> None:
    assert len(skeleton.value(b";" * 100_000)) == 16_000


@pytest.mark.parametrize("raw", [b"message/rfc822", b'"message/rfc822"'])
def test_a_message_is_hidden_from_the_parser(raw: bytes) -> None:
    assert not skeleton.value(raw).startswith(b"message/")
    assert skeleton.shown(skeleton.value(raw).decode().strip('"')) == "message/rfc822"
