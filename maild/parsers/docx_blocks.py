"""The text of a Word file in its layout: paragraphs, rows of cells, content controls (ECMA-376 Part 1 §17).

What was deleted or moved away, and the grey text of a control that asks for a value, is no text.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from maild.parsers.docx_tree import Node, tree_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph outside of tables."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one row; the text of inner tables is within them."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A content control (§17.5.2): its title and its tag, and what was put in, which may be nothing."""

    names: tuple[str, ...]
    text: str


Block = Paragraph | Row | Control

_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Boxes and ticks of Wingdings, as Word's own check boxes and people's symbols have them.
_SYMBOLS = {"F0FE": "☒", "F052": "☑", "F0FC": "✓", "F053": "☒", "F0A8": "☐", "F06F": "☐", "F0A3": "☐"}
# §17.13.5: moved or deleted text; and the second writing of a drawing for old programs.
_LEFT_OUT = frozenset({"moveFrom", "del", "Fallback", "pPr", "rPr", "tblPr", "tcPr", "trPr", "sdtPr"})
_TRANSPARENT = frozenset(
    {"document", "body", "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "tbl"}
)


def blocks_of(content: bytes) -> list[Block]:
    """The blocks of the main part in order, controls first. Raises: NotReadable."""
    root = tree_of(content)
    return [*_controls(root), *_blocks(root)]


def _blocks(node: Node) -> Iterator[Paragraph | Row]:
    for child in node.children:
        if child.name == "p":
            yield Paragraph(text=_text(child))
        elif child.name == "tr":
            yield Row(cells=tuple(_cells(child)))
        elif child.name in _TRANSPARENT and not _is_asking(child):
            yield from _blocks(child)


def _cells(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.name == "tc":
            yield _paragraphs(child)
        elif child.name in _TRANSPARENT:
            yield from _cells(child)


def _paragraphs(node: Node) -> str:
    """The paragraphs of a cell or a control, one a line, rows of inner tables too."""
    blocks = _blocks(node)
    return "\n".join("\t".join(each.cells) if isinstance(each, Row) else each.text for each in blocks).strip()


def _text(node: Node) -> str:
    if node.name in _LEFT_OUT or _is_asking(node):
        return ""
    if node.name == "t":
        return node.text
    if node.name == "sym":
        return _SYMBOLS.get(node.attributes.get("char", "").upper(), "")
    if node.name == "checkBox":
        return "☑" if _is_checked(node) else "☐"
    return _BREAKS.get(node.name, "") + "".join(map(_text, node.children))


def _is_checked(box: Node) -> bool:
    """A check box of the old sort (§17.16.7): `checked`, else `default`; on when it has no value."""
    mark = box.child("checked") or box.child("default")
    return mark is not None and mark.attributes.get("val", "1") in {"1", "true", "on"}


def _is_asking(node: Node) -> bool:
    """True for a control that nobody has filled in (§17.5.2.39)."""
    properties = node.child("sdtPr") if node.name == "sdt" else None
    mark = properties.child("showingPlcHdr") if properties else None
    return mark is not None and mark.attributes.get("val", "1") in {"1", "true", "on"}


def _controls(root: Node) -> Iterator[Control]:
    for control in root.all("sdt"):
        properties, inside = control.child("sdtPr"), control.child("sdtContent")
        if properties is None or inside is None or _is_asking(control):
            continue
        marks = (properties.child("alias"), properties.child("tag"))
        names = tuple(mark.attributes.get("val", "") for mark in marks if mark)
        if names:
            yield Control(names=names, text=_paragraphs(inside) or _text(inside).strip())
