"""The main part of a Word file as a tree of elements, within bounds.

A .docx is a zip of XML parts, and hostile like any mail: only the main part is opened, no more than a bound
of it is unpacked, and a document type, where entities could be declared, is refused as the Open Packaging
Conventions do (ECMA-376 Part 2). XML is read by expat itself, so that no tree is built past the bounds.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

MAX_PART_BYTES = 16 * 1024 * 1024
"""Unpacked; a blank with its answers has some 100 kB, and a book of 1,000 pages some 10 MB."""

MAX_ELEMENTS = 100_000
"""A blank of ten pages has some 5,000."""
MAX_DEPTH = 200
"""Word nests some 12 elements for a paragraph, and 6 more for each table in a table."""


class NotReadable(Exception):
    """The bytes are no Word file, or are built so as to do harm."""


@dataclass(slots=True)
class Node:
    """An element by its name without the namespace, with attributes alike, and what stands in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The characters that stand directly in it."""
        return "".join(self.pieces)

    def child(self, name: str) -> "Node | None":
        """The first child of that name."""
        return next((each for each in self.children if each.name == name), None)

    def all(self, name: str) -> Iterator["Node"]:
        """Every element of that name inside, in order."""
        for each in self.children:
            if each.name == name:
                yield each
            yield from each.all(name)


def tree_of(content: bytes) -> Node:
    """The root of the main part. Raises: NotReadable."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _parsed(_part(archive, _main_part(archive)))
    except (
        zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, expat.ExpatError, LookupError,
        OSError, EOFError, ValueError, RuntimeError,
    ) as error:  # fmt: skip
        # zipfile has no one error: RuntimeError is an encrypted part, OSError a place outside of the file.
        raise NotReadable(str(error)) from error


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, unpacked only as far as the bound; its size in the directory may be a lie."""
    info = archive.getinfo(name)
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise NotReadable("a compression that Word does not use")
    with archive.open(info) as part:
        content = part.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise NotReadable("a part that is too large")
    return content


_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']/?([^\"']{1,200})[\"']")


def _main_part(archive: zipfile.ZipFile) -> str:
    """The name of the main part by the package's relationships (ECMA-376 Part 2); Word may number it."""
    for relationship in _RELATIONSHIP.findall(_part(archive, "_rels/.rels")):
        target = _TARGET.search(relationship)
        if target and b"/relationships/officeDocument" in relationship:
            return target[1].decode("utf-8")
    raise NotReadable("no main part")


def _parsed(content: bytes) -> Node:
    root = Node("")
    opened = [root]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS or len(opened) > MAX_DEPTH:
            raise NotReadable("too many elements")
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()})
        opened[-1].children.append(node)
        opened.append(node)

    def characters(text: str) -> None:
        opened[-1].pieces.append(text)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: opened.pop()
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(content, True)
    return root


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(*_: object) -> None:
    raise NotReadable("a document type is declared")
