"""What sort of automatic mail a message is, if it is one, and what shows it.

RFC 3834 §2 and §5, RFC 3464, RFC 8098 (receipts), RFC 5965 (abuse reports), RFC 5546 (calendar),
RFC 2919 (lists), and what vendors set instead. Better one machine taken for a person and read than a
loop: but never a person for a machine by their words alone.
"""

import re

from maild.model.mail import Automatic, AutomaticKind
from maild.parsers import auto_subject, bounce_signs, headers
from maild.parsers.parts import Part

_NO = frozenset({"", "no"})
_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_LIST_FIELDS = frozenset(
    [
        "list-id",
        "list-post",
        "list-unsubscribe",
        "list-help",
        "list-archive",
        "list-owner",
        "mailing-list",
        "x-mailing-list",
        "x-mailman-version",
        "x-loop-list",
        "x-ml-name",
    ]
)
# Fields that only an automatic reply carries; QQ Mail sets nothing of RFC 3834.
_AUTO_REPLY_FIELDS = frozenset(
    [
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-qq-auto-reply",
        "x-qq-holidayreply",
        "x-autoreply-from",
        "x-mail-autoreply",
        "x-auto-reply-from",
        "x-vacation",
        "auto-reply",
        "x-ebay-mailtracker-autoreply",
        "x-zoho-autoreply",
        "x-facebook-autoreply",
        "delivered-by-the-graces-of",
    ]
)
_NOT_SET = frozenset({"", "0", "no", "false", "none"})


def classify(head: headers.Head, root: Part, subject: str, bounce: str) -> Automatic:
    """The kind of automatic mail and what showed it; `NONE` for mail that a person wrote.

    `bounce` is the sign by which it is known as a bounce, '' when it is none.
    """
    for decide in (_by_report, _by_delivery, _by_auto_reply, _by_calendar, _by_list, _by_bulk):
        found = decide(head, root, subject, bounce)
        if found is not None:
            return found
    return Automatic()


def _by_report(head: headers.Head, root: Part, subject: str, bounce: str) -> Automatic | None:
    """Reports by their form, for whose sake multipart/report exists (RFC 6522); a forwarded one is none."""
    types = {part.content_type for part in root.own()}
    if any(part.first("x-hmxmroriginalrecipient") for part in root.walk()):
        return Automatic(kind=AutomaticKind.ABUSE_REPORT, reason="X-HmXmrOriginalRecipient (Outlook.com)")
    if "message/feedback-report" in types or root.report_type == "feedback-report":
        return Automatic(kind=AutomaticKind.ABUSE_REPORT, reason="message/feedback-report (RFC 5965)")
    if bounce and "message/disposition-notification" in types:
        return (
            None  # Seen in practice (Dovecot): a refusal for a full mailbox, sent in the form of a receipt.
        )
    if {"message/disposition-notification", "message/global-disposition-notification"} & types:
        return Automatic(
            kind=AutomaticKind.READ_RECEIPT, reason="message/disposition-notification (RFC 8098)"
        )
    if root.report_type == "disposition-notification":
        return Automatic(
            kind=AutomaticKind.READ_RECEIPT, reason="multipart/report of a disposition (RFC 8098)"
        )
    return None


def _by_delivery(head: headers.Head, root: Part, subject: str, bounce: str) -> Automatic | None:
    return Automatic(kind=AutomaticKind.BOUNCE, reason=bounce) if bounce else None


def _by_auto_reply(head: headers.Head, root: Part, subject: str, bounce: str) -> Automatic | None:
    submitted = headers.text_of(head.first("auto-submitted")).partition(";")[0].strip().casefold()
    if submitted.startswith("auto-replied"):
        return Automatic(kind=AutomaticKind.AUTO_REPLY, reason="Auto-Submitted: auto-replied (RFC 3834 §5)")
    for key in head.named(_AUTO_REPLY_FIELDS):
        if headers.text_of(head.first(key)).strip().casefold() not in _NOT_SET:
            return Automatic(kind=AutomaticKind.AUTO_REPLY, reason=key)
    if headers.text_of(head.first("precedence")).strip().casefold() in {"auto_reply", "auto-reply"}:
        return Automatic(kind=AutomaticKind.AUTO_REPLY, reason="Precedence: auto_reply")
    if b"+auto_=" in head.first("sender") or b"+auto_=" in head.first("return-path"):
        return Automatic(kind=AutomaticKind.AUTO_REPLY, reason="+auto_= in the sender (QQ Mail)")
    if "vacation" in headers.text_of(head.first("x-apple-action")).casefold():
        return Automatic(kind=AutomaticKind.AUTO_REPLY, reason="X-Apple-Action (iCloud)")
    return None if _is_list(head) else _by_subject(head, subject, submitted)


def _by_subject(head: headers.Head, subject: str, submitted: str) -> Automatic | None:
    """By a subject that only machines set, else by words in it and a second sign."""
    says = auto_subject.says(subject)
    if says is auto_subject.Says.NOTHING:
        return None
    sign = "a mark that only machines set" if says is auto_subject.Says.MARK else ""
    sign = _sign_of_machine(head, submitted) or sign
    if not sign and says is auto_subject.Says.ABOUT_A_SUBJECT and _answers(head):
        # RFC 3834 §3.1.5 asks for In-Reply-To; a person who answers leaves the subject or its `Re:`.
        sign = "In-Reply-To"
    return Automatic(kind=AutomaticKind.AUTO_REPLY, reason=f"subject, and {sign}") if sign else None


def _answers(head: headers.Head) -> bool:
    return bool(head.first("in-reply-to") or head.first("references"))


def _sign_of_machine(head: headers.Head, submitted: str) -> str:
    """What stands beside the subject of an automatic reply and makes it sure, '' when nothing does."""
    if submitted not in _NO:
        return f"Auto-Submitted: {submitted}"
    suppress = headers.text_of(head.first("x-auto-response-suppress"))
    if suppress:
        return f"X-Auto-Response-Suppress: {suppress}"
    if bounce_signs.is_null_sender(head):
        return "empty envelope sender"
    if headers.text_of(head.first("precedence")).strip().casefold() in _BULK:
        return "Precedence"
    return ""


def _by_calendar(head: headers.Head, root: Part, subject: str, bounce: str) -> Automatic | None:
    """An answer to an invitation (RFC 5546 §3.2.3); an invitation itself was sent by a person."""
    for part in root.own():
        if part.content_type == "text/calendar" and _METHOD.search(part.content):
            return Automatic(kind=AutomaticKind.CALENDAR, reason="text/calendar answer (RFC 5546)")
    return None


_METHOD = re.compile(rb"^METHOD:(?:REPLY|COUNTER|DECLINECOUNTER|REFRESH)\s*$", re.IGNORECASE | re.MULTILINE)


def _is_list(head: headers.Head) -> bool:
    return bool(head.first("list-id") or head.first("list-post"))


def _by_list(head: headers.Head, root: Part, subject: str, bounce: str) -> Automatic | None:
    listed = head.named(_LIST_FIELDS)
    if listed:
        return Automatic(kind=AutomaticKind.LIST, reason=listed[0])
    if headers.text_of(head.first("precedence")).strip().casefold() == "list":
        return Automatic(kind=AutomaticKind.LIST, reason="Precedence: list")
    return None


def _by_bulk(head: headers.Head, root: Part, subject: str, bounce: str) -> Automatic | None:
    submitted = headers.text_of(head.first("auto-submitted")).partition(";")[0].strip().casefold()
    if submitted not in _NO:
        return Automatic(kind=AutomaticKind.OTHER, reason=f"Auto-Submitted: {submitted} (RFC 3834 §5)")
    precedence = headers.text_of(head.first("precedence")).strip().casefold()
    if precedence in _BULK:
        return Automatic(kind=AutomaticKind.OTHER, reason=f"Precedence: {precedence}")
    if bounce_signs.is_null_sender(head) and head.first("return-path"):
        return Automatic(kind=AutomaticKind.OTHER, reason="empty envelope sender")
    return None
