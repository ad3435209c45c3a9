"""Values stay what they are: whatever they hold, it is shown, on one line, and never acts."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.rendering import Lines
from maild.render.literal import hide, lay_out, one_line, show, show_html


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


@pytest.mark.parametrize(
    ("line", "value", "expected"),
    [
        pytest.param("{}", "a\nb", "a\\\nb", id="two lines"),
        pytest.param("{}", "a\n \n\r\nb", "a\n\nb", id="two paragraphs"),
        pytest.param("{}", "\n\na\n\n", "a", id="blank lines around"),
        pytest.param("> {}", "a\nb\n\nc", "> a\\\n> b\n>\n> c", id="a quote"),
        pytest.param(">{}", "a\nb", ">a\\\n>b", id="a quote without a blank"),
        pytest.param("> > {}", "a\n\nb", "> > a\n> >\n> > b", id="a quote in a quote"),
        pytest.param("- {}", "a\nb\n\nc", "- a\\\n  b\n\n  c", id="a list item"),
        pytest.param("> 10. {}", "a\n\nb", "> 10. a\n>\n>     b", id="a list item in a quote"),
        pytest.param("said: {}", "a\n\nb", "said: a\n\nb", id="in a sentence"),
        pytest.param("{}", "> a\nb", "> a\\\nb", id="what the value itself quotes is text"),
        pytest.param("{}", "", "", id="nothing"),
    ],
)
def test_the_lines_of_a_value_stay_where_it_begins(line: str, value: str, expected: str) -> None:
    assert show(lay_out(line.format(hide(Lines(value))))) == expected


def test_other_lines_of_the_template_stay_as_they_are() -> None:
    assert lay_out("a\n\n> b\n- c\n") == "a\n\n> b\n- c\n"


@given(st.text())
def test_lines_of_a_value_have_no_markup_and_come_back(value: str) -> None:
    shown = show(lay_out(hide(Lines(value))).replace("\\\n", "\n"))
    assert [line for line in shown.split("\n") if line] == [
        one_line(line) for line in value.splitlines() if one_line(line)
    ]
