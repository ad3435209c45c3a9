"""Delivery reports in prose: what servers wrote before RFC 3464, and still write.

flufl.bounce knows many of them and is asked first; the rest is read by what all of them share: the
failed address at the beginning of a line or in the dialogue with the server, what that server said,
and a copy of the message behind it. The word for the reason is reasons.py's.
"""

import re
from dataclasses import dataclass

from maild.model.mail import RecipientReport
from maild.parsers import reasons

# Where the copy of the returned message begins; nothing behind it is the report's.
_COPY = re.compile(
    r"^[ \t>*-]*(?:-{2,}[^\n]{0,20}(?:copy of|original message|returned message|below this line"
    r"|message (?:header|text|follows|begins)"
    r"|the (?:header|body)|unsent message|undelivered|forwarded message)[^\n]*|this is a copy of (?:the"
    r"|your) message[^\n]*"
    r"|(?:original |your |the )?message(?: headers?| text| reads| body)? follows?[^\n]*"
    r"|included (?:is|below)[^\n]*copy of[^\n]*|(?:the )?(?:headers?|start|beginning|text) of (?:the"
    r"|your) (?:original |returned )?(?:message|mail)[^\n]*"
    r"|original message:?|here is (?:a copy|your returned)[^\n]*|message header:?|.{0,30}copy of (?:the"
    r"|your) (?:original )?message.{0,40}|={10,}.{0,30}|received: from[^\n]*|return-path:[^\n]*"
    r"|your message reads[^\n]*)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]{1,128}@(?:[\w-]{1,63}\.){0,10}[\w-]{1,63}"
_FIELD = re.compile(
    rf"^[ \t>]*(?:final|original)-recipient:[^\n;]*;?[ \t]*\n?[ \t]*<?({_ADDRESS})",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_START = re.compile(
    rf"^[ \t>*\"'-]*(?:smtp:)?<?({_ADDRESS})>?(?=[\s:;,.(\"']|\Z)", re.IGNORECASE | re.MULTILINE
)
_DIALOGUE = re.compile(rf"\brcpt to:? ?<({_ADDRESS})>", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:recipients?|address(?:ee)?|deliver\w*(?: \w+){{0,5}}? to|sent to|user|mailbox|mail ?box|to"
    rf"|account|intended|attempts)\b[^\n@]{{0,30}}?[\[<:'\"( ]({_ADDRESS})",
    re.IGNORECASE,
)
_ANY = re.compile(rf"(?<![\w.])({_ADDRESS})")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)(?!\.\w)")
_REPLY_CODE = re.compile(r"(?<![\d.])([245]\d\d)(?=[ -](?![\d.]+\]))")
_DELAY = re.compile(
    r"\bdelay(?:ed)?\b|not yet been delivered|will (?:be retried|continue|keep trying|retry)"
    r"|warning message only"
    r"|do not need to re-?send|still trying|this is (?:just |only )?a warning|no action is required",
    re.IGNORECASE,
)
_NOT_RECIPIENTS = re.compile(
    r"\A(?:mailer-daemon|postmaster|mail-daemon|abuse|support|helpdesk|root|noreply|no-reply)@", re.IGNORECASE
)
_MAX_RECIPIENTS = 500
_MAX_CHARS = 100_000
_MAX_DIAGNOSTIC = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What the rest of a bounce tells about whom it is for."""

    named: tuple[str, ...] = ()  # X-Failed-Recipients, or flufl.bounce
    delayed: frozenset[str] = frozenset()  # of `named`, those only delayed
    sender: frozenset[str] = frozenset()  # who wrote and who gets the report, case-folded
    sent_to: tuple[str, ...] = ()  # recipients of the returned message


def reports(prose: str, clues: Clues) -> tuple[RecipientReport, ...]:
    """The recipients that a bounce in prose reports on, at most 500."""
    said = report_of(prose)
    recipients = (_recipients(said, clues) or _recipients(prose[:_MAX_CHARS], clues))[:_MAX_RECIPIENTS]
    recipients = recipients or list(clues.sent_to)[:_MAX_RECIPIENTS]
    return tuple(_report(each, said, clues, alone=len(recipients) == 1) for each in recipients)


def report_of(prose: str) -> str:
    """The report without the copy of the message that follows it."""
    text = prose[:_MAX_CHARS]
    match = _COPY.search(text)
    while match and not text[: match.start()].strip():
        match = _COPY.search(text, match.end())
    return text[: match.start()] if match else text


def passage(prose: str, recipient: str) -> str:
    """What a report says of one recipient: from its address to the next one's."""
    said = report_of(prose)
    start = said.casefold().find(recipient.casefold())
    if start < 0:
        return said
    line = said.rfind("\n", 0, start) + 1
    following = _LINE_START.search(said, start + len(recipient))
    while following and following[1].casefold() == recipient.casefold():
        following = _LINE_START.search(said, following.end())
    return said[line : following.start() if following else len(said)]


def _recipients(said: str, clues: Clues) -> list[str]:
    """By the most telling sign that names anyone."""
    if clues.named:
        return list(dict.fromkeys(clues.named))
    for pattern in (_FIELD, _LINE_START, _DIALOGUE, _NAMED, _ANY):
        found: dict[str, str] = {}
        for match in pattern.finditer(said):
            address = match[1].strip("'").rstrip(".")
            if address.casefold() not in clues.sender and not _NOT_RECIPIENTS.match(address):
                found.setdefault(address.casefold(), address)
        if found:
            return list(found.values())
    return [each for each in clues.sent_to if each.casefold() not in clues.sender]


def _report(recipient: str, said: str, clues: Clues, *, alone: bool) -> RecipientReport:
    about = said if alone else passage(said, recipient)
    status = _status(about)
    is_delay = recipient in clues.delayed or bool(_DELAY.search(said))
    action = "delayed" if is_delay and not status.startswith("5") else "failed"
    diagnostic = " ".join(about.split())[:_MAX_DIAGNOSTIC]
    return RecipientReport(
        recipient=recipient,
        action=action,
        status=status,
        reason=_reason(about, recipient, status, action),
        diagnostic=diagnostic,
    )


def _reason(about: str, recipient: str, status: str, action: str) -> str:
    command = reasons.command_of(about)
    word = reasons.reason_of(telling(about, recipient), status, action, command)
    return word or reasons.reason_of(about, status, action, command)


def _status(about: str) -> str:
    found = _STATUS.findall(about)
    failing = [each for each in found if each[0] in "45" and not each.endswith(".0.0")]
    return next(iter(failing or found), "")


def telling(about: str, recipient: str) -> str:
    """The part of a report where it comes to the point: before it stand courtesies.

    That is where the server speaks, else what stands behind the recipient's address.
    """
    match = next((each for each in _REPLY_CODE.finditer(about) if each[1][0] in "45"), None)
    if match:
        return " ".join(about[match.start() :].split())
    _, address, behind = about.partition(recipient)
    return " ".join((behind if address and len(behind.split()) > 1 else about).split())
