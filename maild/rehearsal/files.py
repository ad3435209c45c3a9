"""Small files of the type that a name says, so that what looks at attachments has something to look at."""

from dataclasses import dataclass, field
from io import BytesIO
from mimetypes import guess_type
from pathlib import PurePath
from zipfile import ZipFile, ZipInfo

_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
_PDF_END = b"trailer<</Root 1 0 R>>\n%%EOF\n"
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A file: its content type in two parts, and its bytes."""

    main: str
    sub: str
    content: bytes = field(repr=False)


def file_named(name: str) -> MadeFile:
    """A file of that name: a PDF, a Word file, a picture or a text is one; anything else says its name."""
    guessed, _ = guess_type(name)
    main, _, sub = (guessed or "application/octet-stream").partition("/")
    return MadeFile(main=main, sub=sub, content=_content(name))


def _content(name: str) -> bytes:
    match PurePath(name).suffix.casefold():
        case ".pdf":
            return _PDF + f"% {name}\n".encode() + _PDF_END
        case ".png":
            return _PNG
        case ".docx":
            return _docx(name)
        case _:
            return f"{name}\n".encode()


def _docx(name: str) -> bytes:
    """A Word file with its name as its one paragraph (ECMA-376 Part 1); the same bytes each time."""
    paragraph = f"<w:p><w:r><w:t>{_escaped(name)}</w:t></w:r></w:p>"
    text = f'<w:document xmlns:w="{_WORD}"><w:body>{paragraph}</w:body></w:document>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types xmlns="{_TYPES}"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for path, content in (("[Content_Types].xml", types), ("word/document.xml", text)):
            archive.writestr(ZipInfo(path), content)
    return made.getvalue()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
