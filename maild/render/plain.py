"""Markdown tokens to the plain text part of a mail: what a person would have typed.

Latin text is wrapped at 78 columns (RFC 5322 §2.1.1); a line with Chinese in it is left whole, because a
break would show as a space when it is read or quoted.
"""

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from maild.render.literal import show

COLUMNS = 78

_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


def plain_text(tokens: Sequence[Token]) -> str:
    """The text, lines ending with LF, one at the end; values are shown as they were written."""
    lines = _blocks(SyntaxTreeNode(list(tokens)).children, COLUMNS)
    return show("\n".join(line.rstrip() for line in lines)) + "\n"


def _blocks(nodes: Iterable[SyntaxTreeNode], columns: int, *, tight: bool = False) -> list[str]:
    """The lines of some blocks, with a blank line between two of them unless they belong close together."""
    lines: list[str] = []
    for node in nodes:
        if lines and not tight:
            lines.append("")
        lines += _BLOCKS.get(node.type, _paragraph)(node, columns)
    return lines


def _paragraph(node: SyntaxTreeNode, columns: int) -> list[str]:
    text = "".join(_inline(child) for child in node.children)
    return [wrapped for line in text.split("\n") for wrapped in _wrap(line, columns)]


def _wrap(line: str, columns: int) -> list[str]:
    if _CJK.search(line):
        return [line]
    return textwrap.wrap(line, columns, break_long_words=False, break_on_hyphens=False) or [""]


def _quote(node: SyntaxTreeNode, columns: int) -> list[str]:
    return [f"> {line}" for line in _blocks(node.children, columns - 2)]


def _list(node: SyntaxTreeNode, columns: int) -> list[str]:
    tight = all(
        child.hidden for item in node.children for child in item.children if child.type == "paragraph"
    )
    lines: list[str] = []
    for position, item in enumerate(node.children):
        if lines and not tight:
            lines.append("")
        marker = _marker(node, position)
        content = _blocks(item.children, columns - len(marker), tight=tight) or [""]
        lines += [marker + content[0], *(" " * len(marker) + line for line in content[1:])]
    return lines


def _marker(node: SyntaxTreeNode, position: int) -> str:
    return f"{int(node.attrs.get('start', 1)) + position}. " if node.type == "ordered_list" else "- "


def _code(node: SyntaxTreeNode, _columns: int) -> list[str]:
    return [f"    {line}" for line in node.content.rstrip("\n").split("\n")]


def _rule(_node: SyntaxTreeNode, columns: int) -> list[str]:
    return ["-" * min(columns, 40)]


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return "\n"
    if node.type == "link":
        return _link(node)
    if node.children:
        return "".join(_inline(child) for child in node.children)
    return node.content


def _link(node: SyntaxTreeNode) -> str:
    """The words, then where they lead, unless the words say so already."""
    words = "".join(_inline(child) for child in node.children)
    target = str(node.attrs["href"])
    if show(words) in {target, target.removeprefix("mailto:"), target.removeprefix("tel:")}:
        return words
    return f"{words} <{target}>"


_BLOCKS: dict[str, Callable[[SyntaxTreeNode, int], list[str]]] = {
    "blockquote": _quote,
    "bullet_list": _list,
    "ordered_list": _list,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
}
