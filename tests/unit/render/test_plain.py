"""Markdown as the plain text that a person would have typed."""

import pytest

from maild.render.literal import hide
from maild.render.markdown import read
from maild.render.plain import plain_text

LATIN = "word " * 30
CHINESE = "轴承异响的问题" * 12 + " ABC " + "我们已经收到" * 5


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("one\ntwo\n\nthree", "one\ntwo\n\nthree", id="line breaks and paragraphs"),
        pytest.param("one  \ntwo", "one\ntwo", id="hard break"),
        pytest.param("# Title\n\ntext", "Title\n\ntext", id="heading"),
        pytest.param("**bold** and *slanted* `code`", "bold and slanted code", id="emphasis"),
        pytest.param(r"5 \* 3 &lt; 20", "5 * 3 < 20", id="no backslash, no entity"),
        pytest.param("- one\n- two", "- one\n- two", id="list"),
        pytest.param("- one\n\n- two", "- one\n\n- two", id="loose list"),
        pytest.param("- one\n  - inner\n- two", "- one\n  - inner\n- two", id="list in a list"),
        pytest.param("-\n- two", "-\n- two", id="an empty point"),
        pytest.param("3. three\n4. four", "3. three\n4. four", id="numbers"),
        pytest.param("- one\n\n  more", "- one\n\n  more", id="two paragraphs in a point"),
        pytest.param("> one\n>\n> two", "> one\n>\n> two", id="quotation"),
        pytest.param("a\n\n---\n\nb", "a\n\n" + "-" * 40 + "\n\nb", id="rule"),
        pytest.param(
            "    code *as* is\n\n```\nand\n\nthis\n```", "    code *as* is\n\n    and\n\n    this", id="code"
        ),
        pytest.param("[form](https://example.com/a)", "form <https://example.com/a>", id="link"),
        pytest.param("<https://example.com/a>", "https://example.com/a", id="bare link"),
        pytest.param("[a@example.com](mailto:a@example.com)", "a@example.com", id="address"),
        pytest.param("![logo](https://example.com/a.png)", "logo", id="picture"),
        pytest.param("<b>raw</b>", "<b>raw</b>", id="raw HTML is text"),
        pytest.param(CHINESE, CHINESE, id="Chinese is left whole"),
        pytest.param(
            LATIN, "\n".join([("word " * 15).strip(), ("word " * 15).strip()]), id="Latin is wrapped at 78"
        ),
        pytest.param(
            f"> {'x' * 70} yyyyyyyyyy",
            f"> {'x' * 70}\n> yyyyyyyyyy",
            id="wrapped with the mark of a quotation",
        ),
        pytest.param("x" * 100, "x" * 100, id="a long word is not broken"),
        pytest.param(hide("1. *a* # [b](c)\n- d"), "1. *a* # [b](c) - d", id="a value is literal"),
        pytest.param(f"`{hide('a*b')}`", "a*b", id="a value in code"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_text(markdown: str, text: str) -> None:
    assert plain_text(read(markdown)) == text + "\n"
