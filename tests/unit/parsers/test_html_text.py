"""HTML to readable text."""

import pytest

from maild.parsers.html_text import to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("<p>One</p><p>Two</p>", "One\n\nTwo", id="paragraphs"),
        pytest.param("<div>One</div><div>Two</div>", "One\nTwo", id="divisions"),
        pytest.param("a<br>b<br/><br>c", "a\nb\n\nc", id="breaks"),
        pytest.param("a &lt;b&gt; &amp; c&nbsp;d", "a <b> & c d", id="entities"),
        pytest.param("a <b>bold</b> word", "a bold word", id="inline tags"),
        pytest.param("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c", id="lists"),
        pytest.param("<ol><li>a</li><li>b</li></ol>x", "1. a\n2. b\n\nx", id="numbered"),
        pytest.param(
            "<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>", "a  b\nc", id="table"
        ),
        pytest.param('<a href="https://x.example/a">here</a>', "here <https://x.example/a>", id="link"),
        pytest.param('<a href="https://x.example/">x.example</a>', "x.example", id="link that says itself"),
        pytest.param("<a href='mailto:a@b'>a</a><a name=x>y</a>", "ay", id="no web link"),
        pytest.param("<a href=https://x.example/a></a>", "", id="link without text"),
        pytest.param('<img src="cid:1" alt="A picture"><img>', "[A picture]", id="pictures"),
        pytest.param("<style>p{}</style><title>t</title><script>x</script>a", "a", id="what is not text"),
        pytest.param("a<style>never closed", "a", id="unclosed style"),
        pytest.param("<!-- c --><![if x]>a<!DOCTYPE x>", "a", id="comments"),
        pytest.param("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc", id="preformatted"),
        pytest.param("a<hr>b", "a\n--------------------\nb", id="rule"),
        pytest.param("<blockquote>a<br>b</blockquote>c", "> a\n> b\n\nc", id="quotation"),
        pytest.param("<blockquote><blockquote>a</blockquote></blockquote>", "> > a", id="nested quotation"),
        pytest.param(
            '<div class="gmail_quote">On x:<blockquote>a</blockquote></div>b',
            "> On x:\n>\n> a\n\nb",
            id="gmail",
        ),
        pytest.param('<div class="plain">a</div>', "a", id="a class that is no quotation"),
        pytest.param("</div></ul></blockquote></a>a", "a", id="closing what was never opened"),
        pytest.param("a < b and <", "a < b and <", id="no tags"),
        pytest.param("<p>a \n b</p>  <p> </p>", "a b", id="blanks"),
        pytest.param("\x00a", "a", id="null"),
        pytest.param('<div style="color:red; DISPLAY : none">a<div>b</div>c</div>d', "d", id="hidden"),
        pytest.param("<span style='display:none !important'>a</span>b", "b", id="hidden for all"),
        pytest.param("<div style='display:none'>a<p>b", "a\n\nb", id="hidden, never closed"),
        pytest.param("<div style='display:none'/>a", "a", id="hidden and empty"),
        pytest.param("a<br style='display:none'>b", "a\nb", id="what holds no text"),
        pytest.param("<div style='display:block'>a</div>", "a", id="shown"),
        pytest.param("", "", id="empty"),
    ],
)
def test_to_text(source: str, text: str) -> None:
    assert to_text(source) == text


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<a " * 100_000, id="tags never closed"),
        pytest.param('<a href="' * 50_000, id="quotes never closed"),
        pytest.param("<style>" * 50_000, id="styles never closed"),
        pytest.param("<blockquote>x" * 3_000, id="quotations nested deep"),
        pytest.param("<div style=display:none>" * 30_000, id="hidden and never closed"),
        pytest.param("<div style=display:none>x</div>" * 20_000, id="hidden again and again"),
        pytest.param("<a " + "h" * 200_000 + ">", id="one long attribute"),
    ],
)
def test_hostile_html_costs_linear_time(source: str) -> None:
    assert len(to_text(source)) <= 500 * len(source)
