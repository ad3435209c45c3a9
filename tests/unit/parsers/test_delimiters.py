"""Delimiters that do not stand alone still divide; all else stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.parsers import delimiters
from tests.unit.parsers.mails import read

FIELDS = b"Content-Type: multipart/mixed; boundary=b\n"


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        pytest.param(b"--b junk\nx\n--b-- more\nend", b"--b\nx\n--b--\nend", id="junk behind"),
        pytest.param(b"--b\t x", b"--b", id="junk at the end"),
        pytest.param(b"--b \nx\n--b -- \nend", b"--b \nx\n--b--\nend", id="boundary that ends in a blank"),
        pytest.param(b"--b\nx--b--\n", b"--b\nx\n--b--\n", id="closing one glued to text"),
        pytest.param(b"--b\nx--b--\n--b--\n", b"--b\nx--b--\n--b--\n", id="glued, but closed below"),
        pytest.param(b"--b\nx--b--\nmore", b"--b\nx--b--\nmore", id="glued, but not the end"),
        pytest.param(b"--b\nx --b\n", b"--b\nx --b\n", id="glued, but not closing"),
        pytest.param(b"--b \t\nx\n--bc\n--b--\n", b"--b \t\nx\n--bc\n--b--\n", id="nothing to mend"),
        pytest.param(
            b'--b\nContent-Type: multipart/mixed;\n boundary="b c"\n\n--b c\nx\n--b c--\n--b--\n',
            b'--b\nContent-Type: multipart/mixed;\n boundary="b c"\n\n--b c\nx\n--b c--\n--b--\n',
            id="another boundary is no junk",
        ),
    ],
)
def test_mend(written: bytes, mended: bytes) -> None:
    found = delimiters.mend(FIELDS, written)
    assert (found.fields, found.body, found.is_changed) == (FIELDS, mended, mended != written)


def test_no_multipart_no_delimiters() -> None:
    assert delimiters.mend(b"Content-Type: text/plain; boundary=b\n", b"--b junk").body == b"--b junk"


def test_a_boundary_that_reads_as_the_end_of_another() -> None:
    found = read(
        'Content-Type: multipart/mixed; boundary="a--"',
        '--a--\nContent-Type: multipart/mixed; boundary="a----"\n\n--a----\n\ninner a---- stays\n'
        "--a------\n--a----\n",
    )
    assert found.text == "inner a---- stays"
    assert delimiters.DEFECT in found.defects


def test_a_name_that_is_taken() -> None:
    body = b'--a\n\nmaildname0Z\n--a\nContent-Type: multipart/mixed; boundary="a--"\n\n--a--\n\nx\n'
    found = delimiters.mend(b"Content-Type: multipart/mixed; boundary=a\n", body)
    assert found.renamed == ((b"a--", b"xmaildname0Z"),)
    assert found.restore(found.body) == body


@given(
    st.lists(
        st.sampled_from([b"--a", b"--a--", b"--a----", b"\n", b" x", b"\n\n", b"y", b"maildname0Z"]),
        max_size=12,
    ).map(b"".join)
)
def test_another_name_comes_off_again(rest: bytes) -> None:
    body = b'--a\nContent-Type: multipart/mixed; boundary="a--"\n\n' + rest
    found = delimiters.mend(b"Content-Type: multipart/mixed; boundary=a\n", body)
    again = found.restore(found.body)
    assert again.replace(b"\n", b"").startswith(b'--aContent-Type: multipart/mixed; boundary="a--"')
    assert found.restore(found.fields) == b"Content-Type: multipart/mixed; boundary=a\n"
