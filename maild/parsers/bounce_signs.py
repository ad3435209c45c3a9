"""Whether a message without a machine's report is a bounce all the same.

Three signs: who sent it, what its subject says, what its text says. Any two make a bounce; without the
sender's sign only when it answers nothing, for people do talk about bounces.
"""

import re

from maild.parsers import headers
from maild.parsers import subject as subject_marks
from maild.parsers.parts import Part

_DELIVERY_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DAEMON = re.compile(
    r"mailer[-_]?daemon|mail[-_]?daemon|post[-_]?master|\bmdaemon|mail delivery|delivery (?:sub)?system"
    r"|\bmmdf\b|mail administrator|system administrator"
    r"|mail[-_ ]?(?:sub)?system|mail_service|\bndr\b|antivirus_for_smtp|系统退信|邮件系统",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|undelivr|not delivered|non[- ]?deliver|(?:mail|message|e-?mail)? ?delivery (?:status"
    r"|failure|failed|has failed|notification|problem|report|error|unsuccessful|incomplete|warning|delay)"
    r"|\bdelivery to .* failed|returned (?:mail|to sender|message)|failure (?:notice|delivery"
    r"|notification)|(?:mail|message|transmission|transport|send(?:ing)?) (?:delivery )?(?:failed"
    r"|failure|error|system error|not sent)"
    r"|could not (?:be delivered|send)|unable to deliver|delivery failure|rejected (?:mail|message)"
    r"|(?:mail|message)s? (?:returned|rejected|undeliverable|bounced)|bounced? (?:mail|message|notification)"
    r"|permanent (?:delivery )?failure|(?:warning|delayed|still).{0,40}(?:deliver|message|mail|queue)"
    r"|user unknown|processing error|failed mail|smtp server: errors|errors? from"
    r"|不能投递|无法投递|无法送达|投递失败|投递状态|传输失败|退信|退回|发送失败|宛先不明|配信(?:不能"
    r"|エラー|できません)|送信エラー|unzustellbar|zustell(?:ung"
    r"|fehler)|non remis|no entregado|non recapitabile|niet bezorgd|недоставлен|не доставлен",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"(?:could|can|did|was|were|has|have|had)(?: ?not|n't) (?:be |been |able to be )?(?:deliver|reach"
    r"|relay)\w*|unable to (?:deliver|send|reach)|not (?:yet )?been delivered|wasn't able to (?:deliver"
    r"|establish)|able to deliver"
    r"|delivery (?:to the following|attempts?|of (?:email|the|your)|has failed|failed)|(?:error"
    r"|problem) (?:was |while )?(?:delivering|occurred)|undeliverable (?:to|address|mail|message)"
    r"|failed (?:recipients?|address)"
    r"|following (?:address|recipient|user)\w*(?:\(\w+\))?(?: \w+)? (?:failed|had|did|was|were)"
    r"|permanent (?:fatal )?(?:delivery )?(?:errors?|failure)|has been returned"
    r"|was automatically rejected|transcript of (?:the )?session|error message below"
    r"|invalid (?:user )?address"
    r"|no valid recipients|message not delivered|not delivered to|did not (?:exactly )?match"
    r"|returned (?:to you|message|mail)|intended recipient|your (?:e-?mail|message"
    r"|mail) .{0,60}(?:rejected|refused|returned|not delivered|bounced)|an email you sent was rejected"
    r"|non-delivery report|postponed due|remis|pu etre delivre|(?:permanent|temporary|fatal) error"
    r"|邮件无法发送|无法送达|无法投递|投递失败|退信|配信できません|以下の(?:宛先|アドレス)|konnte nicht"
    r"|zugestellt",
    re.IGNORECASE,
)
_TEXT_CHARS = 3_000


def sign_of_bounce(head: headers.Head, root: Part, subject: str, prose: str) -> str:
    """What makes the message a bounce, '' when it is none."""
    if head.first("x-failed-recipients"):
        return "X-Failed-Recipients"
    if any(part.content_type in _DELIVERY_TYPES for part in root.own()):  # a forwarded report is none
        return "message/delivery-status (RFC 3464)"
    who = _daemon(head)
    if not who and not _is_null(head) and head.first("in-reply-to"):
        return ""
    says = _SUBJECT.search(subject)
    if who:
        tells = says or _TEXT.search(prose[:_TEXT_CHARS])
        return f"from {who}, and {tells[0].strip()!r}" if tells else ""
    if says and not _is_shown_to_others(head, subject, says.start()):
        tells = _TEXT.search(prose[:_TEXT_CHARS])
        return f"subject {says[0].strip()!r}, and {tells[0].strip()!r}" if tells else ""
    return ""


def _is_shown_to_others(head: headers.Head, subject: str, says_at: int) -> bool:
    """True for a bounce that a person talks about: in a thread, on a list, or forwarded."""
    on_list = says_at > 0 and bool(head.first("list-id") or head.first("list-post"))
    return bool(head.first("references")) or on_list or subject_marks.is_forward(subject)


def is_null_sender(head: headers.Head) -> bool:
    """An empty envelope sender (RFC 5321 §4.5.5), by the Return-Path that our server writes."""
    return head.first("return-path").replace(b" ", b"") == b"<>"


def _is_null(head: headers.Head) -> bool:
    return is_null_sender(head) or head.first("from").strip().endswith(b"<>")


def _daemon(head: headers.Head) -> str:
    """The name by which the sender is a mail system, '' for anyone else."""
    match = _DAEMON.search(headers.text_of(head.first("from")))
    if match:
        return match[0]
    if head.first("return-path").strip(b"<> ").upper().startswith(b"MAILER-DAEMON"):
        return "MAILER-DAEMON"
    return "an empty address" if _is_null(head) else ""
