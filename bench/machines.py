"""What machines write in generated mail: trace, delivery reports, automatic answers (RFC 3464, 3834)."""

import base64
import random  # noqa: TID251 -- for the type; every source is seeded
from dataclasses import dataclass

from bench.plan import Kind
from bench.prose import Language
from bench.wire import multipart, plain_part


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A message that could not be delivered, and to whom; `subject` in encoded words."""

    recipient: str
    message_id: str
    sender: str
    subject: str
    date: str


def hop(number: int, date: str, chance: random.Random) -> str:
    """The value of a Received field (RFC 5321 §4.4)."""
    host = f"relay{number}.example"
    queue_id = f"{chance.getrandbits(44):011X}"
    arrival = f"from {host} ({host} [198.51.100.{number + 7}])"
    return f"{arrival}\n\tby mx.example.com with ESMTPS id {queue_id};\n\t{date}"


def signature(address: str, chance: random.Random) -> str:
    """The value of a DKIM-Signature field (RFC 6376 §3.5) of the usual size; it proves nothing."""
    lines = "\n\t ".join(base64.b64encode(chance.randbytes(48)).decode() for _ in range(5))
    digest = base64.b64encode(chance.randbytes(32)).decode()
    domain = address.partition("@")[2]
    return (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=m1;\n\t"
        f"h=from:to:subject:date:message-id; bh={digest};\n\tb={lines}"
    )


def bulk_fields(address: str) -> list[tuple[str, str]]:
    """What tells a newsletter (RFC 2369, RFC 2919)."""
    domain = address.partition("@")[2]
    return [
        ("List-Id", f"<offers.{domain}>"),
        ("List-Unsubscribe", f"<mailto:off@{domain}>"),
        ("Precedence", "bulk"),
    ]


def notice(kind: Kind, language: Language, about: str, number: int) -> tuple[str, str]:
    """The (subject, text) of an automatic answer to a message about `about`."""
    chinese = language is Language.CHINESE
    if kind is Kind.OUT_OF_OFFICE:
        mark = "自动回复: " if chinese else "Automatic reply: "
        text = (
            "本人正在休假，下周返回公司后处理来信。\n"
            if chinese
            else "I am on leave and will read this next week.\n"
        )
        return mark + about, text
    text = (
        "来信已登记，同事会与您联系。\n"
        if chinese
        else "Your mail is registered; a colleague will contact you.\n"
    )
    return f"[#{number:07d}] {about}", text


def notice_fields(kind: Kind) -> list[tuple[str, str]]:
    """What tells an automatic answer (RFC 3834 §5)."""
    if kind is Kind.OUT_OF_OFFICE:
        return [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    return [("Auto-Submitted", "auto-generated")]


def report(failure: Failure, boundary: str) -> bytes:
    """A delivery report (RFC 6522, RFC 3464) in three parts: words, status, header of what was sent."""
    said = f"The mail server could not deliver to {failure.recipient}: there is no such mailbox.\n"
    status = (
        f"Reporting-MTA: dns; mx.example\nArrival-Date: {failure.date}\n\n"
        f"Final-Recipient: rfc822; {failure.recipient}\nAction: failed\nStatus: 5.1.1\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 unknown user\n"
    )
    sent = (
        f"Message-ID: {failure.message_id}\nDate: {failure.date}\nFrom: {failure.sender}\n"
        f"To: {failure.recipient}\nSubject: {failure.subject}\n"
    )
    parts = [
        plain_part("text/plain; charset=us-ascii", said.encode("ascii")),
        plain_part("message/delivery-status", status.encode("ascii")),
        plain_part("text/rfc822-headers", sent.encode("ascii")),
    ]
    return multipart("report; report-type=delivery-status", parts, boundary)
