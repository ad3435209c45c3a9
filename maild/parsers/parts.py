"""The parts of a message as values: a tree of decoded contents, read once.

The structure comes from the tree of Python's email package (message.py hands it over); names, charsets
and transfer encodings are read from each part's own fields by mime.py. Bounded in number and depth.
"""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message as Tree

from maild.parsers import bounds, headers, mime, skeleton

Expand = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Taken:
    """A message taken apart by the library: its header, its tree, and what gives back the bulk cut out."""

    head: headers.Head
    tree: Tree
    expand: Expand
    body: bytes  # without the bulk
    defects: tuple[str, ...] = ()


Parse = Callable[[bytes], Taken]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One node of the tree; `content` is decoded, empty in a multipart."""

    content_type: str
    charset: str = ""
    format_flowed: bool = False
    delete_space: bool = False
    report_type: str = ""
    filename: str = ""
    disposition: str = ""
    content_id: str = ""
    location: str = ""
    content: bytes = field(default=b"", repr=False)
    children: tuple["Part", ...] = ()
    fields: tuple[headers.Field, ...] = ()

    @property
    def is_multipart(self) -> bool:
        """True when it only holds other parts."""
        return bool(self.children) and self.content_type.startswith("multipart/")

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, depth first, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def own(self) -> Iterator["Part"]:
        """This part and all below it, except what stands inside an attached message."""
        yield self
        if self.content_type not in _MESSAGE_TYPES:
            for child in self.children:
                yield from child.own()

    def first(self, key: str) -> bytes:
        """The raw value of this part's first field of that lower-case name."""
        return next((entry.raw for entry in self.fields if entry.key == key), b"")


class PartReader:
    """Turns a parsed tree into parts, counting what it reads.

    `parse` takes apart the bytes of an attached message.
    """

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._left = bounds.MAX_PARTS
        self.defects: dict[str, None] = {}
        self.labels: dict[str, None] = {}

    def read(self, taken: Taken, depth: int = 0) -> Part:
        """The root part of a message with those below it."""
        self.defects.update(dict.fromkeys(taken.defects))
        return self._read(taken.tree, taken.expand, depth)

    def _read(self, tree: Tree, expand: Expand, depth: int, default_type: str = "text/plain") -> Part:
        self._left -= 1
        for defect in tree.defects:
            name = type(defect).__name__
            self.defects.setdefault(_DEFECTS.get(name, name))
        fields = tuple(_field(name, value, expand) for name, value in tree.raw_items())
        content_type = skeleton.shown(mime.content_type(_first(fields, "content-type"), default_type))
        if not tree.is_multipart():
            return self._leaf(tree, content_type, fields, expand, depth)
        if depth < bounds.MAX_DEPTH:
            return self._container(tree, content_type, fields, expand, depth)
        self.defects.setdefault("parts nested too deep, the inner ones are left out")
        return _part("text/plain", fields, b"")

    def _container(
        self, tree: Tree, content_type: str, fields: tuple[headers.Field, ...], expand: Expand, depth: int
    ) -> Part:
        default_type = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        children: list[Part] = []
        for child in _subtrees(tree):
            if self._left <= 0:
                self.defects.setdefault("too many parts, the last are left out")
                break
            children.append(self._read(child, expand, depth + 1, default_type))
        return _part(content_type, fields, b"", tuple(children))

    def _leaf(
        self, tree: Tree, content_type: str, fields: tuple[headers.Field, ...], expand: Expand, depth: int
    ) -> Part:
        encoding = mime.value_of(_first(fields, "content-transfer-encoding")).main
        content, defect = mime.decode_transfer(expand(_take_payload(tree)), encoding)
        if defect:
            self.defects.setdefault(defect)
        if content_type.startswith("multipart/"):
            content_type = "text/plain"  # no delimiter was found: what is there is read as text
        inner: tuple[Part, ...] = ()
        if content_type in _MESSAGE_TYPES:
            content = headers.without_mbox_lines(content)  # RFC 2046 §5.2.1: what is attached is a message
            inner = self._message(content, depth)
        part = _part(content_type, fields, content, inner)
        if part.charset:
            self.labels.setdefault(part.charset.casefold())
        return part

    def _message(self, content: bytes, depth: int) -> tuple[Part, ...]:
        """The root part of an attached message, with all header fields of that message."""
        if depth >= bounds.MAX_DEPTH or self._left <= 0:
            self.defects.setdefault("messages nested too deep, the inner ones are left out")
            return ()
        taken = self._parse(content)
        return (dataclasses.replace(self.read(taken, depth + 1), fields=taken.head.fields),)


_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})

_DEFECTS = {
    "NoBoundaryInMultipartDefect": "multipart without a boundary",
    "StartBoundaryNotFoundDefect": "multipart whose boundary never occurs",
    "CloseBoundaryNotFoundDefect": "multipart that is not closed",
    "MultipartInvariantViolationDefect": "multipart without parts",
    "InvalidMultipartContentTransferEncodingDefect": "multipart with a transfer encoding",
    "MissingHeaderBodySeparatorDefect": "no blank line between header and body",
    "FirstHeaderLineIsContinuationDefect": "header begins with a folded line",
    "MisplacedEnvelopeHeaderDefect": "mbox line inside the header",
}


def _field(name: str, value: str, expand: Expand) -> headers.Field:
    raw = expand(str(value).encode("ascii", "surrogateescape"))
    return headers.field_of(name, raw.replace(b"\r", b"").replace(b"\n", b"").strip())


def _first(fields: tuple[headers.Field, ...], key: str) -> bytes:
    return next((field.raw for field in fields if field.key == key), b"")


def _subtrees(tree: Tree) -> list[Tree]:
    payload = tree.get_payload()
    return [child for child in payload if isinstance(child, Tree)] if isinstance(payload, list) else []


def _take_payload(tree: Tree) -> bytes:
    """The bytes of a leaf as they came, with their transfer encoding still on; the tree lets go of them.

    What is taken is not decoded a second time by whoever walks the tree after.
    """
    del tree["content-transfer-encoding"]
    payload = tree.get_payload(decode=True)
    tree.set_payload("")
    return payload if isinstance(payload, bytes) else b""


def _part(
    content_type: str, fields: tuple[headers.Field, ...], content: bytes, children: tuple[Part, ...] = ()
) -> Part:
    kind = mime.value_of(_first(fields, "content-type"))
    disposition = mime.value_of(_first(fields, "content-disposition"))
    return Part(
        content_type=content_type,
        charset=kind.get("charset"),
        format_flowed=kind.get("format").casefold() == "flowed",
        delete_space=kind.get("delsp").casefold() == "yes",
        report_type=kind.get("report-type").casefold(),
        filename=_filename(kind, disposition),
        disposition=disposition.main if disposition.main.isalpha() else "",
        content_id=headers.text_of(_first(fields, "content-id")).strip("<> "),
        location=headers.text_of(_first(fields, "content-location")),
        content=content,
        children=children,
        fields=fields,
    )


def _filename(kind: mime.Value, disposition: mime.Value) -> str:
    """The name by Content-Disposition, else by Content-Type; the one that lost no character counts."""
    names = [
        disposition.get("filename"),
        kind.get("name"),
        kind.get("filename"),
        kind.get("file"),
        disposition.get("name"),
    ]
    named = [name for name in names if name]
    whole = [name for name in named if "?" not in name and "\ufffd" not in name]
    return next(iter(whole or named), "")
