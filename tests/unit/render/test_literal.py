"""Values stay what they are: whatever they hold, it is shown, on one line, and never acts."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.render.literal import hide, one_line, show, show_html


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("  a \t b\n", "a b", id="blanks"),
        pytest.param("a\r\nBcc: b@example.test", "a Bcc: b@example.test", id="a second header"),
        pytest.param("a\x00b", "a b", id="NUL"),
        pytest.param("a\x0b\x0c\x1c\x85\u2028\u2029b", "a b", id="every line end there is"),
        pytest.param("全角\u3000空格", "全角\u3000空格", id="the ideographic space stays"),
        pytest.param("in\u202evoice\u2066", "invoice", id="turned around"),
        pytest.param("half \ud83d", "half \ufffd", id="half a character"),
        pytest.param("\U0010002a", "\ufffd", id="a stand-in from outside"),
    ],
)
def test_one_line(value: str, expected: str) -> None:
    assert one_line(value) == expected


@given(st.text())
def test_what_is_hidden_has_no_markup_and_comes_back(value: str) -> None:
    hidden = hide(value)
    assert not set(hidden) & set(string.punctuation)
    assert show(hidden) == one_line(value)
    show(hidden).encode("utf-8")


def test_in_html_it_comes_back_escaped() -> None:
    assert show_html(hide('<b title="\'&">')) == "&lt;b title=&quot;&#x27;&amp;&quot;&gt;"
