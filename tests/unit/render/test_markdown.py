"""The HTML part: clean, with its styles on the elements, and deaf to what a value says."""

import pytest

from maild.render.literal import hide
from maild.render.markdown import html_page, read


def body(markdown: str) -> str:
    """The HTML of the body alone."""
    page = html_page(read(markdown), title="x", language="zh")
    return page.partition('color:#222222">\n')[2].partition("</div>")[0]


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("**粗**体", '<p style="margin:0 0 1em 0"><strong>粗</strong>体</p>\n', id="styled"),
        pytest.param("a\nb", '<p style="margin:0 0 1em 0">a<br>\nb</p>\n', id="line breaks stay"),
        pytest.param(
            "<i>x</i>", '<p style="margin:0 0 1em 0">&lt;i&gt;x&lt;/i&gt;</p>\n', id="raw HTML is text"
        ),
        pytest.param(
            "[a](https://example.com/?q=1&r=2)",
            '<p style="margin:0 0 1em 0"><a href="https://example.com/?q=1&amp;r=2" style="color:#0b57d0"'
            ' rel="noopener noreferrer">a</a></p>\n',
            id="link",
        ),
        pytest.param(
            "![x](https://example.com/x.png)", '<p style="margin:0 0 1em 0"></p>\n', id="no remote picture"
        ),
        pytest.param(
            hide("<img src=x onerror=alert(1)>"),
            '<p style="margin:0 0 1em 0">&lt;img src=x onerror=alert(1)&gt;</p>\n',
            id="markup in a value",
        ),
        pytest.param(
            f"**{hide('「轴承」')}**后",
            '<p style="margin:0 0 1em 0"><strong>「轴承」</strong>后</p>\n',
            id="bold",
        ),
        pytest.param(
            f"**{hide('[KF-1]')}**后",
            '<p style="margin:0 0 1em 0"><strong>[KF-1]</strong>后</p>\n',
            id="bold around a value that ends with punctuation",
        ),
    ],
)
def test_body(markdown: str, html: str) -> None:
    assert body(markdown) == html


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        pytest.param("javascript:alert(1)", False, id="script"),
        pytest.param("JaVaScRiPt:alert(1)", False, id="script in capitals"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("file:///etc/passwd", False, id="file"),
        pytest.param("https://example.com/a?b=c", True, id="web"),
    ],
)
def test_a_value_as_the_target_of_a_link(target: str, *, leads: bool) -> None:
    html = body(f"[words]({hide(target)})")
    assert (f'href="{target}"' in html) is leads
    assert ("href=" in html) is leads
    assert "words" in html


@pytest.mark.parametrize(("language", "code"), [("zh", "zh-CN"), ("en", "en"), ("de", "de")])
def test_the_page_names_its_language_and_its_title(language: str, code: str) -> None:
    page = html_page(read("x"), title="<&>", language=language)
    assert f'<html lang="{code}">' in page
    assert "<title>&lt;&amp;&gt;</title>" in page


def test_the_page_has_fonts_for_chinese() -> None:
    fonts = {language: html_page(read("x"), title="", language=language) for language in ("zh", "en")}
    assert "font-family:'Microsoft YaHei','PingFang SC'" in fonts["zh"]
    assert "font-family:Arial" in fonts["en"]
    assert "'Noto Sans CJK SC'" in fonts["en"]
