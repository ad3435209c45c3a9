"""Markdown (CommonMark, every line break kept) to the HTML part of a mail.

The tokens come from markdown-it with raw HTML off; nh3 cleans what they give all the same. Styles stand
on the elements, since mail programs drop style sheets.
"""

from collections.abc import Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from maild.render.literal import show, show_html

SCHEMES = {"http", "https", "mailto", "tel"}

STYLES = {
    "p": "margin:0 0 1em 0",
    "h1": "font-size:20px;margin:0 0 .6em 0",
    "h2": "font-size:17px;margin:0 0 .6em 0",
    "h3": "font-size:15px;margin:0 0 .6em 0",
    "ul": "margin:0 0 1em 0;padding-left:1.6em",
    "ol": "margin:0 0 1em 0;padding-left:1.6em",
    "li": "margin:0 0 .3em 0",
    "blockquote": "margin:0 0 1em 0;padding-left:1em;border-left:3px solid #d0d0d0;color:#555555",
    "hr": "border:0;border-top:1px solid #d0d0d0;margin:1.2em 0",
    "a": "color:#0b57d0",
    "code": "font-family:Consolas,Menlo,monospace",
    "pre": "margin:0 0 1em 0;white-space:pre-wrap",
}

TAGS = set(STYLES) | {"br", "strong", "em"}

# Chinese fonts of Windows, macOS and Linux; Latin letters look right in each of them.
FONTS = "'Microsoft YaHei','PingFang SC','Hiragino Sans GB','Noto Sans CJK SC',Arial,sans-serif"
LATIN_FONTS = "Arial,'Helvetica Neue','Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif"

PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body style="margin:0;padding:0;background:#ffffff">
<div style="max-width:640px;padding:16px;font-family:{fonts};font-size:14px;line-height:1.7;color:#222222">
{body}</div>
</body>
</html>
"""


class _Reader(MarkdownIt):
    """CommonMark without raw HTML; a value in an address is looked at as it will be."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True})

    def validateLink(self, url: str) -> bool:  # noqa: N802 -- markdown-it's name
        """Whether a link may lead there."""
        return super().validateLink(show(url))

    def normalizeLink(self, url: str) -> str:  # noqa: N802 -- as above
        """The address as it stands in the link."""
        return super().normalizeLink(show(url))


_READER = _Reader()


def read(markdown: str) -> list[Token]:
    """The tokens of `markdown`; values in it are still hidden (literal.hide)."""
    return _READER.parse(markdown)


def html_page(tokens: Sequence[Token], *, title: str, language: str) -> str:
    """A whole HTML document for a mail; `language` as in a template's name (zh, en)."""
    for token in tokens:
        _style(token)
    body = show_html(_READER.renderer.render(tokens, _READER.options, {}))
    return PAGE.format(
        language="zh-CN" if language == "zh" else escape(language),
        title=escape(title),
        fonts=FONTS if language == "zh" else LATIN_FONTS,
        body=_clean(body),
    )


def _style(token: Token) -> None:
    if token.tag in STYLES and token.nesting >= 0:
        token.attrSet("style", STYLES[token.tag])
    for child in token.children or ():
        _style(child)


def _clean(html: str) -> str:
    attributes = {tag: {"style"} for tag in STYLES} | {"a": {"style", "href"}}
    return nh3.clean(html, tags=TAGS, attributes=attributes, url_schemes=SCHEMES)
