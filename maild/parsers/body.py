"""Which parts are the body, which are attachments, and what the body says.

RFC 8621 §4.1.4 decides between body and attachment; charset.py, flowed.py and html_text.py make text
of it; files written into plain text by uuencode and into winmail.dat by Outlook are opened.
"""

import hashlib
import re
from dataclasses import dataclass, field

from maild.model.mail import Attachment
from maild.parsers import bounds, charset, flowed, headers, html_text, mime, tnef
from maild.parsers.parts import Part

_TEXT_TYPES = frozenset({"text/plain", "text/html"})
_MEDIA = ("image/", "audio/", "video/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body as text and as HTML, and all that is neither."""

    text: str
    html: str
    attachments: tuple[Attachment, ...]
    attached_text: str = ""
    defects: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sorted:
    """The parts by their use, in order (textBody, htmlBody and attachments of RFC 8621)."""

    text: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    attachments: list[tuple[Part, bool]] = field(default_factory=list)
    inner: list[tuple[Part, bool]] = field(default_factory=list)


def read(root: Part, hints: tuple[str, ...]) -> Body:
    """The body of the message whose structure is `root`; `hints` are charset labels used in it."""
    parts = _Sorted()
    _sort([root], "mixed", parts, in_alternative=False)
    defects: list[str] = []
    html = "\n".join(
        _text_of(part, hints, defects) for part in parts.html if part.content_type == "text/html"
    )
    text, uuencoded = _plain_text(parts, hints, defects)
    attachments = [_attachment(part, html, in_related) for part, in_related in parts.attachments]
    attachments += [_file(name, content) for name, content in uuencoded]
    opened = [inner for outer in attachments for inner in _inside(outer)]
    opened += [_attachment(part, "", in_related) for part, in_related in parts.inner]
    return Body(
        text=text,
        html=html,
        attachments=(*attachments, *opened),
        attached_text=_attached_text([part for part, _ in parts.attachments], hints),
        defects=tuple(dict.fromkeys(defects)),
    )


def _attached_text(parts: list[Part], hints: tuple[str, ...]) -> str:
    """Subject and text of each attached message, and of those attached to it."""
    texts: list[str] = []
    for inner in (child for part in parts for child in part.children):
        found = _Sorted()
        _sort([inner], "mixed", found, in_alternative=False)
        text, _ = _plain_text(found, hints, [])
        within = _attached_text([part for part, _ in found.attachments], hints)
        texts += (headers.text_of(inner.first("subject"), hints), text, within)
    return "\n".join(text for text in texts if text)[: bounds.MAX_TEXT_CHARS]


def _plain_text(
    parts: _Sorted, hints: tuple[str, ...], defects: list[str]
) -> tuple[str, list[tuple[str, bytes]]]:
    texts: list[str] = []
    files: list[tuple[str, bytes]] = []
    for part in parts.text:
        if part.content_type == "text/html":
            texts.append(html_text.to_text(_text_of(part, hints, defects)))
            continue
        plain, inside = _without_files(part)
        files += inside
        texts.append(_text_of(plain, hints, defects))
    return "\n".join(text for text in texts if text), files


def _sort(parts: list[Part], within: str, found: _Sorted, *, in_alternative: bool) -> None:
    """RFC 8621 §4.1.4's parseStructure: `within` is the multipart's subtype that holds `parts`."""
    before = len(found.text), len(found.html)
    for index, part in enumerate(parts):
        if part.is_multipart:
            subtype = part.content_type.partition("/")[2]
            _sort(
                list(part.children), subtype, found, in_alternative=in_alternative or subtype == "alternative"
            )
        elif _is_read_elsewhere(part, within):
            continue
        elif not _is_inline_text(part, index, within):
            found.attachments.append((part, within == "related"))
            found.inner += _attached_to(part)
        elif within == "alternative":
            (found.html if part.content_type == "text/html" else found.text).append(part)
        elif in_alternative:
            if part.content_type == "text/plain":
                found.text.append(part)
            else:
                found.html.append(part)
        else:
            found.text.append(part)
            found.html.append(part)
    if within == "alternative":
        _share(found, before)


def _attached_to(part: Part) -> list[tuple[Part, bool]]:
    """What is attached to an attached message."""
    if not part.children:
        return []
    inside = _Sorted()
    _sort(list(part.children), "mixed", inside, in_alternative=False)
    return inside.attachments + inside.inner


def _share(found: _Sorted, before: tuple[int, int]) -> None:
    """An alternative with one kind only: it stands for the other too."""
    text, html = found.text[before[0] :], found.html[before[1] :]
    if html and not text:
        found.text += html
    elif text and not html:
        found.html += text


# Parts that machines write for machines: dsn.py and auto.py read them, nobody opens them.
_FOR_MACHINES = frozenset(
    [
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
        "message/global-disposition-notification",
        "message/feedback-report",
        "message/global-headers",
    ]
)
# The same text in another form, beside one that is read.
_OTHER_FORMS = frozenset(
    {"text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html", "text/markdown"}
)


def _is_read_elsewhere(part: Part, within: str) -> bool:
    return part.content_type in _FOR_MACHINES or (
        within == "alternative" and part.content_type in _OTHER_FORMS
    )


def _is_inline_text(part: Part, index: int, within: str) -> bool:
    if part.content_type not in _TEXT_TYPES or part.disposition not in {"", "inline"}:
        return False
    return index == 0 or (within != "related" and not part.filename)


def _text_of(part: Part, hints: tuple[str, ...], defects: list[str]) -> str:
    label = part.charset or (_meta_charset(part.content) if part.content_type == "text/html" else "")
    data = part.content
    text, defect = charset.decode(data, label, hints)
    if defect:
        defects.append(defect)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if part.format_flowed and part.content_type == "text/plain":
        text = flowed.unflow(text, delete_space=part.delete_space)
    return text


_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def _meta_charset(content: bytes) -> str:
    """The charset that an HTML document names itself, for want of a label on the part."""
    match = _META.search(content, 0, 4_096)
    return match[1].decode("ascii", "replace") if match else ""


def _without_files(part: Part) -> tuple[Part, list[tuple[str, bytes]]]:
    """The plain text part without the files uuencoded in it, and these."""
    if b"begin" not in part.content:
        return part, []
    files = mime.uudecode(part.content)
    if not files:
        return part, []
    rest, position = [], 0
    for _, _, start, end in files:
        rest.append(part.content[position:start])
        position = end
    rest.append(part.content[position:])
    plain = Part(content_type="text/plain", charset=part.charset, content=b"".join(rest))
    return plain, [(name, content) for name, content, _, _ in files]


def _attachment(part: Part, html: str, in_related: bool) -> Attachment:
    shown = bool(part.content_id) and f"cid:{part.content_id}" in html
    inline = part.disposition == "inline" or shown or (in_related and part.disposition != "attachment")
    return Attachment(
        filename=part.filename,
        content_type=part.content_type,
        size_bytes=len(part.content),
        sha256=hashlib.sha256(part.content).hexdigest(),
        inline=inline and not part.content_type.startswith("message/"),
        content=part.content,
    )


def _file(name: str, content: bytes) -> Attachment:
    return Attachment(
        filename=name,
        content_type="application/octet-stream",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        inline=False,
        content=content,
    )


def _inside(outer: Attachment) -> list[Attachment]:
    """The files inside a winmail.dat."""
    if not tnef.is_tnef(outer.content_type, outer.filename, outer.content):
        return []
    return [_file(name, content) for name, content in tnef.files(outer.content)]
