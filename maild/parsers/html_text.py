"""Readable text out of an HTML body: links, lists, tables and quotations keep their shape.

One pass over the tags with a regular expression, since mail's HTML is too broken for a tree and too
large for a slow one. What a mailer marks as quoted comes out with `> ` before each line, so that
quote.py sees the same as in plain text. Not a sanitizer: the result is text and nothing else.
"""

import html
import re
from dataclasses import dataclass, field

from maild.parsers import bounds

# Possessive throughout (`*+`): no tag, however broken, is looked at twice.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][^<>]*+>"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:]*+)(?P<attributes>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'"
    r"|[\"'])*+)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(?<![a-zA-Z-])([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.DOTALL)
_MAX_QUOTE_DEPTH = 50
_SPACES = re.compile(r"[ \t\r\n\f\u200b]+")
_NO_TEXT = frozenset({"style", "script", "title", "noscript", "template", "o:documentproperties", "xml"})
_END_OF_SKIPPED = {tag: re.compile(rf"</{tag}\s*>", re.IGNORECASE) for tag in _NO_TEXT}
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "tr",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "center",
        "dl",
        "dt",
        "dd",
        "hr",
        "address",
        "article",
        "aside",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "section",
        "fieldset",
        "body",
        "html",
        "caption",
        "thead",
        "tbody",
        "tfoot",
    ]
)
_SPACED = frozenset({"p", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dl"})

# Where mailers wrap the mail that they answer. Class or id, then the mailer.
_QUOTE_MARKS = re.compile(
    r"\bgmail_quote\b|\byahoo_quoted\b|\bprotonmail_quote\b|\bmoz-cite\b|\bzmail_extra\b|\bmail-quote\b"
    r"|\bntes-mailmaster-quote\b|\bisReplyContent\b|\bqqmail-quote\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _State:
    """What has been written, and inside of what."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quote_depth: int = 0
    open_quotes: list[tuple[str, int]] = field(default_factory=list)
    nesting: dict[str, int] = field(default_factory=dict)
    lists: list[int] = field(default_factory=list)
    link: str = ""
    link_start: int = 0
    pre: int = 0
    blank_wanted: bool = False
    pending_prefix: str = ""
    unclosed: int = 0


def to_text(source: str) -> str:
    """The text of an HTML document; bounded, and the same for the same input."""
    source = source[: bounds.MAX_TEXT_CHARS].replace("\x00", "")
    state = _State()
    position = 0
    while match := _TOKEN.search(source, position):
        _write(state, source[position : match.start()])
        position = match.end()
        tag = match["tag"]
        if tag is None:
            continue
        name = tag.lower()
        if name in _NO_TEXT and not match["close"]:
            end = _END_OF_SKIPPED[name].search(source, position)
            position = end.end() if end else len(source)
        elif match["close"]:
            _close(state, name)
        elif _is_hidden(name, match["attributes"]) and (end_at := _end_of_hidden(state, source, match)):
            position = end_at
        else:
            _open(state, name, match["attributes"])
    _write(state, source[position:])
    _break(state)
    return "\n".join(state.lines).strip("\n")


_HIDDEN = re.compile(r"\bdisplay\s*:\s*none\b", re.IGNORECASE)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_MAX_UNCLOSED = 20
"""Hidden elements without an end that are looked through to the end of the document."""


def _is_hidden(name: str, attributes: str) -> bool:
    """True for an element that no mailer shows: what newsletters put above for the list of messages."""
    return bool(attributes) and name not in _VOID and _HIDDEN.search(attributes) is not None


def _end_of_hidden(state: _State, source: str, opened: re.Match[str]) -> int:
    """Where a hidden element ends, 0 when it does not: then it is taken as shown, so that no text is lost."""
    if opened["attributes"].endswith("/") or state.unclosed >= _MAX_UNCLOSED:
        return 0
    depth = 1
    name = opened["tag"].lower()
    for match in _TOKEN.finditer(source, opened.end()):
        if match["tag"] is None or match["tag"].lower() != name:
            continue
        depth += -1 if match["close"] else 1
        if not depth:
            return match.end()
    state.unclosed += 1
    return 0


def _write(state: _State, text: str) -> None:
    if not text:
        return
    text = html.unescape(text) if "&" in text else text
    if state.pre:
        first, *rest = text.replace("\r\n", "\n").split("\n")
        state.line.append(first)
        for piece in rest:
            _break(state, keep_empty=True)
            state.line.append(piece)
        return
    text = _SPACES.sub(" ", text)
    if text == " " and (not state.line or state.line[-1].endswith(" ")):
        return
    state.line.append(text)


def _break(state: _State, *, keep_empty: bool = False) -> None:
    """End the line at hand."""
    text = "".join(state.line).replace("\u00a0", " ")
    text = text.rstrip() if state.pre else text.strip(" ")
    state.line.clear()
    if not text and not keep_empty:
        return
    prefix = "> " * min(state.quote_depth, _MAX_QUOTE_DEPTH)
    if state.blank_wanted and state.lines and state.lines[-1].strip("> "):
        state.lines.append(prefix.rstrip())
    state.blank_wanted = False
    state.lines.append((prefix + state.pending_prefix + text).rstrip())
    state.pending_prefix = ""


def _open(state: _State, name: str, attributes: str) -> None:
    if name == "br":
        _break(state, keep_empty=True)
    elif name in {"td", "th"}:
        _cell(state)
    elif name == "a":
        _open_link(state, attributes)
    elif name == "img":
        _image(state, attributes)
    elif name == "li":
        _item(state)
    elif name in _BLOCKS:
        _open_block(state, name, attributes)


def _open_block(state: _State, name: str, attributes: str) -> None:
    _break(state)
    state.nesting[name] = state.nesting.get(name, 0) + 1
    if name in _SPACED and not state.lists:
        state.blank_wanted = True
    if name == "hr":
        state.line.append("-" * 20)
        _break(state)
    if name in {"ul", "ol"}:
        state.lists.append(1 if name == "ol" else 0)
    state.pre += name == "pre"
    marked = name == "div" and bool(attributes) and _QUOTE_MARKS.search(attributes) is not None
    if marked or (name == "blockquote" and not _is_inside_quote_div(state)):
        state.quote_depth += 1
        state.open_quotes.append((name, state.nesting[name]))


def _is_inside_quote_div(state: _State) -> bool:
    """True right inside a mailer's quote block, whose own blockquote is the same quotation."""
    return bool(state.open_quotes) and state.open_quotes[-1][0] == "div"


def _close(state: _State, name: str) -> None:
    if name == "a":
        _close_link(state)
        return
    if name not in _BLOCKS and name != "li":
        return
    _break(state)
    state.blank_wanted = state.blank_wanted or (name in _SPACED and len(state.lists) < 2)
    if state.open_quotes and state.open_quotes[-1] == (name, state.nesting.get(name, 0)):
        state.open_quotes.pop()
        state.quote_depth -= 1
        state.blank_wanted = True
    if state.nesting.get(name, 0):
        state.nesting[name] -= 1
        state.pre -= name == "pre"
        if name in {"ul", "ol"} and state.lists:
            state.lists.pop()


def _cell(state: _State) -> None:
    if "".join(state.line).strip():
        state.line.append("  ")


def _item(state: _State) -> None:
    _break(state)
    indent = "  " * max(0, len(state.lists) - 1)
    if state.lists and state.lists[-1]:
        state.pending_prefix = f"{indent}{state.lists[-1]}. "
        state.lists[-1] += 1
    else:
        state.pending_prefix = f"{indent}- "


def _attribute(attributes: str, wanted: str) -> str:
    for match in _ATTRIBUTE.finditer(attributes):
        if match[1].lower() == wanted:
            return html.unescape(match[2] or match[3] or match[4] or "").strip()
    return ""


def _open_link(state: _State, attributes: str) -> None:
    state.link = _attribute(attributes, "href") if "href" in attributes.lower() else ""
    state.link_start = len(state.line)


def _close_link(state: _State) -> None:
    """Write the address behind a link's text unless the text says it already."""
    target, state.link = state.link, ""
    shown = "".join(state.line[state.link_start :]).strip()
    if not target.lower().startswith(("http://", "https://", "ftp://")) or not shown:
        return
    bare = target.split("://", 1)[1].rstrip("/")
    if bare.casefold() not in shown.casefold() and shown.casefold().rstrip("/") not in target.casefold():
        state.line.append(f" <{target}>")


def _image(state: _State, attributes: str) -> None:
    text = _SPACES.sub(" ", _attribute(attributes, "alt"))
    if text:
        state.line.append(f"[{text}]")
