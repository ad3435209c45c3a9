"""Delivery reports as machines write them for machines (RFC 3464, RFC 6533 for UTF-8).

One `RecipientReport` a recipient. Reports in prose are bounce.py's; the word for the reason is
reasons.py's.
"""

import re
from collections.abc import Iterable

from maild.model.mail import MessageId, RecipientReport
from maild.parsers import bounce, headers, msgid, reasons
from maild.parsers.parts import Part

_REPORT_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ORIGINAL_TYPES = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
)
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
# Seen in practice (OpenSMTPD, some gateways); RFC 3464 §2.3.3 has five words only.
_MEANT_ACTIONS = {
    "error": "failed",
    "failure": "failed",
    "fail": "failed",
    "undeliverable": "failed",
    "undelivered": "failed",
    "bounced": "failed",
    "expired": "failed",
    "delay": "delayed",
    "deferred": "delayed",
}
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_ADDRESS = re.compile(r"[^\s<>,;:()\"\[\]]+@[^\s<>,;:()\"\[\]]+")
_BLANK_LINES = re.compile(rb"\n[ \t\r]*\n")

_Fields = dict[str, str]


def reports(root: Part, prose: str, named: tuple[str, ...] = ()) -> tuple[RecipientReport, ...]:
    """What the delivery-status parts of a message say, a recipient at a time, each once.

    `prose` is the text that the report comes with: where the fields leave out the reason it is looked
    for there, and so are the fields themselves when no part holds them. `named` are the recipients that
    the header tells (X-Failed-Recipients), for fields that name a file or a pipe instead.
    """
    # What was sent back may be a report itself; only where nothing else reports is it the report.
    contents = _contents(root.own()) or _contents(root.walk())
    found = _read(contents, prose, named)
    if not found and _IN_PROSE.search(prose):
        # Seen in practice (Amazon WorkMail, gateways): the fields stand in the text.
        found = _read([prose.encode("utf-8", "replace")], "", named)
    return found


def _contents(parts: Iterable[Part]) -> list[bytes]:
    return [part.content for part in parts if part.content_type in _REPORT_TYPES]


_IN_PROSE = re.compile(r"^final-recipient:", re.IGNORECASE | re.MULTILINE)
_MAX_REPORTS = 1_000
_MAX_VALUE_BYTES = 4_000


def _read(contents: list[bytes], prose: str, named: tuple[str, ...]) -> tuple[RecipientReport, ...]:
    found: dict[tuple[str, str], RecipientReport] = {}
    for content in contents:
        for fields in _blocks(content)[:_MAX_REPORTS]:
            report = _report(fields, prose, named)
            if report is not None:
                found.setdefault((report.recipient.casefold(), report.status), report)
    return tuple(found.values())


def original(root: Part) -> headers.Head | None:
    """The header of the message that was sent back, None when the report does not hold one."""
    for part in root.walk():
        if part.content_type in {"message/rfc822", "message/global"} and part is not root and part.children:
            inner = part.children[0]
            return headers.Head(inner.fields)
        if part.content_type in _ORIGINAL_TYPES and part is not root:
            return headers.split(part.content.replace(b"\r\n", b"\n").lstrip(b"\n"))
    return None


def reported_id(root: Part, prose: str) -> MessageId | None:
    """The Message-ID of the message that a report is about, None when it does not tell."""
    sent = original(root)
    raw = sent.first("message-id") if sent else b""
    if raw:
        return msgid.own_id(headers.text_of(raw))
    match = _ID_LINE.search(prose)
    return msgid.own_id(match[1]) if match else None


_ID_LINE = re.compile(r"^[ \t>]*Message-ID:[ \t]*\n?[ \t]*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


def _blocks(content: bytes) -> list[_Fields]:
    """The groups of fields that a blank line divides (RFC 3464 §2.1), first of each name."""
    blocks: list[_Fields] = []
    for block in _BLANK_LINES.split(content.replace(b"\r\n", b"\n").strip(b"\n")):
        fields: _Fields = {}
        for entry in headers.split(block + b"\n\n").fields:
            fields.setdefault(entry.key, headers.text_of(entry.raw[:_MAX_VALUE_BYTES]))
        blocks.append(fields)
    return blocks


def _report(fields: _Fields, prose: str, named: tuple[str, ...]) -> RecipientReport | None:
    if not fields.keys() & {"final-recipient", "original-recipient"}:
        return None
    recipient = _recipient(fields) or (named[0] if len(named) == 1 else "")
    if not recipient:
        return None
    diagnostic = _after_type(fields.get("diagnostic-code", ""))
    about = bounce.passage(prose, recipient)
    status = _status(fields, diagnostic, bounce.telling(about, recipient))
    action = _action(fields, status)
    reason = _reason(recipient, diagnostic, (status, action), about)
    return RecipientReport(
        recipient=recipient,
        action=action,
        status=status,
        reason=reason,
        diagnostic=diagnostic,
    )


def _reason(recipient: str, diagnostic: str, told: tuple[str, str], about: str) -> str:
    """From the diagnostic, and from the prose where that says next to nothing (`77`, `550 failed`)."""
    command = reasons.command_of(f"{diagnostic} {about}")
    status, action = told
    if action not in {"failed", "delayed"}:
        return ""
    word = reasons.reason_of(diagnostic, status, "failed", command) if len(diagnostic) > 3 else ""
    return word or reasons.reason_of(bounce.telling(about, recipient), status, action, command)


def _recipient(fields: _Fields) -> str:
    """The address that we wrote to if it is told (RFC 3464 §2.3.1), else the one that it became."""
    values = [_after_type(fields.get(name, "")) for name in _RECIPIENT_FIELDS]
    found = [match[0].strip("<>'") for match in map(_ADDRESS.search, values) if match]
    # Seen in practice: user@localhost as the original recipient, the whole address as the final one.
    whole = [address for address in found if "." in address.rpartition("@")[2]]
    return next(iter(whole or found), "")


_RECIPIENT_FIELDS = ("original-recipient", "final-recipient", "x-actual-recipient")


def _after_type(value: str) -> str:
    """What stands behind `rfc822;` or `smtp;`."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and len(kind) < 40 else value.strip()


def _action(fields: _Fields, status: str) -> str:
    match = re.match(r"[a-z-]+", fields.get("action", "").strip().casefold())
    word = match[0] if match else ""
    word = _MEANT_ACTIONS.get(word, word)
    if word in _ACTIONS:
        return word
    return {"4": "delayed", "2": "delivered"}.get(status[:1], "failed")


def _status(fields: _Fields, diagnostic: str, about: str) -> str:
    """The enhanced code (RFC 3463), the most telling of those named.

    What the remote server said comes first: many senders write x.0.0 or, when they gave up, 4.4.7 over it.
    """
    own = _STATUS.search(fields.get("status", ""))
    codes = [match[1] for match in (_STATUS.search(diagnostic), own, _STATUS.search(about)) if match]
    telling = [code for code in codes if not code.endswith(".0.0")]
    return next(iter(telling or codes), "")
