"""Generated messages as bytes (LF line ends): encoded words (RFC 2047), parts, multiparts (RFC 2046)."""

import base64
import quopri
from dataclasses import dataclass
from email.header import Header
from enum import StrEnum
from urllib.parse import quote


class Transfer(StrEnum):
    """How a text travels (RFC 2045 §6)."""

    BASE64 = "base64"
    EIGHT_BIT = "8bit"
    QUOTED_PRINTABLE = "quoted-printable"
    SEVEN_BIT = "7bit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """A charset and how its bytes travel."""

    charset: str
    transfer: Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment."""

    name: str
    content_type: str
    content: bytes


def message(fields: list[tuple[str, str]], part: bytes) -> bytes:
    """The header fields, and the part that is the message's body."""
    head = "".join(f"{name}: {value}\n" for name, value in fields)
    return f"{head}MIME-Version: 1.0\n".encode("ascii") + part


def words(text: str, charset: str) -> str:
    """The text as it stands in a header field: plain, or in encoded words."""
    return text if text.isascii() else Header(text, charset, maxlinelen=72).encode()


def text_part(subtype: str, text: str, encoding: Encoding) -> bytes:
    """A text part with its header."""
    content = text.encode(encoding.charset)
    if encoding.transfer is Transfer.BASE64:
        content = base64.encodebytes(content)
    elif encoding.transfer is Transfer.QUOTED_PRINTABLE:
        content = quopri.encodestring(content)
    kind = f"text/{subtype}; charset={encoding.charset}"
    return plain_part(kind, content, f"Content-Transfer-Encoding: {encoding.transfer}\n")


def plain_part(content_type: str, content: bytes, more: str = "") -> bytes:
    """A part whose content stands as it is; `more` header lines end in LF."""
    return f"Content-Type: {content_type}\n{more}\n".encode("ascii") + content


def file_part(file: File) -> bytes:
    """An attachment in base64; a name beyond ASCII by RFC 2231."""
    named = f'filename="{file.name}"' if file.name.isascii() else f"filename*=UTF-8''{quote(file.name)}"
    more = f"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; {named}\n"
    return plain_part(file.content_type, base64.encodebytes(file.content), more)


def multipart(kind: str, parts: list[bytes], boundary: str) -> bytes:
    """A multipart of `parts`; `kind` is the subtype with its parameters."""
    mark = boundary.encode("ascii")
    opened = b"".join(b"--%s\n%s\n" % (mark, part) for part in parts)
    return plain_part(f'multipart/{kind}; boundary="{boundary}"', b"%s--%s--\n" % (opened, mark))
