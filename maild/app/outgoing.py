"""From a decided mail to frozen bytes: rendered, addressed so that its answer finds the case, composed."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.mail_values import about, mail_values
from maild.core.token import Purpose, sign
from maild.model.case import Case
from maild.model.delivery import Envelope, OutgoingMail
from maild.model.effects import SendMail, Voice
from maild.model.mail import Address, MessageId
from maild.model.people import MailboxProfile
from maild.parsers.message import read
from maild.render.compose import Heading, compose
from maild.settings import DoubtProof, ReplyToken
from maild.store import archive, cases


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addressing:
    """How an answer to the mail finds its way back."""

    message_id: MessageId
    reply_to: str


def make_mail(
    conn: Connection, context: Context, case: Case, effect: SendMail, now: datetime
) -> OutgoingMail:
    """The mail of `effect` with its bytes and Message-ID as they will stay.

    Raises:
        RenderError: the template cannot be filled in.
    """
    mailbox = context.configuration.mailbox(case.mailbox)
    message = None if _is_secret_from(case, effect) else about(conn, effect)
    values = mail_values(context, case, mailbox, effect, message)
    if _is_secret_from(case, effect):
        values = replace(values, case_subject="")
    rendered = context.configuration.templates.render(
        effect.template, effect.language, values, fallback=mailbox.language
    )
    parent = _parent(conn, case, effect)
    addressing = _addressing(context, case, effect, mailbox, now)
    heading = Heading(
        from_=Address(name=mailbox.display_name, address=mailbox.address),
        to=(effect.recipient,),
        reply_to=addressing.reply_to,
        message_id=addressing.message_id,
        in_reply_to=parent.message_id,
        references=parent.references,
        date=now.astimezone(ZoneInfo(mailbox.zone)),
        auto_submitted=effect.voice.value,
    )
    return OutgoingMail(
        id=context.ids.new_id(now),
        effect_key=effect.key,
        case_id=case.id,
        mailbox=mailbox.name,
        template=effect.template,
        template_version=rendered.template_version,
        message_id=addressing.message_id,
        envelope=_envelope(context, effect, mailbox),
        raw=compose(rendered, heading, message.attachments if message else ()),
        doubt_policy=effect.doubt_policy,
        created_at=now,
        next_attempt_at=now,
    )


def _is_secret_from(case: Case, effect: SendMail) -> bool:
    """True for a colleague who is told of a confidential case that is not his: not what it says."""
    notice = effect.voice is Voice.NOTICE and effect.recipient != case.contact
    return notice and case.traits.confidential and effect.recipient.key != case.traits.owner


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parent:
    """The message that a mail answers, and those before it (RFC 5322 §3.6.4)."""

    message_id: MessageId | None
    references: tuple[MessageId, ...] = ()


def _parent(conn: Connection, case: Case, effect: SendMail) -> _Parent:
    """What the effect names; what it leaves open is, for the contact, the last that came from outside."""
    if effect.in_reply_to is not None or effect.recipient != case.contact:
        return _Parent(message_id=effect.in_reply_to, references=effect.references)
    last = cases.last_from_outside(conn, case.id)
    if last is None:
        return _Parent(message_id=None)
    message = read(archive.blob(conn, last.blob_sha256))
    return _Parent(message_id=message.message_id, references=message.references or message.in_reply_to)


def _addressing(
    context: Context, case: Case, effect: SendMail, mailbox: MailboxProfile, now: datetime
) -> _Addressing:
    """Signed tokens in the Message-ID, and in Reply-To where the host knows plus addresses (RFC 5233)."""
    recipient = effect.recipient.address
    local, _, domain = mailbox.address.rpartition("@")
    id_token = sign(case.serial, recipient, Purpose.MESSAGE_ID, keys=context.keys, now=now)
    reply_to = mailbox.address
    if context.settings.mailbox(mailbox.name).reply_token is ReplyToken.PLUS:
        reply_token = sign(case.serial, recipient, Purpose.REPLY_TO, keys=context.keys, now=now)
        reply_to = f"{local}+{reply_token}@{domain}"
    return _Addressing(message_id=MessageId(f"{id_token}.{effect.key[:16]}@{domain}"), reply_to=reply_to)


def _envelope(context: Context, effect: SendMail, mailbox: MailboxProfile) -> Envelope:
    """MAIL FROM is the mailbox, so that a late refusal comes back to us as a delivery report.

    RFC 3834 §3.3 would rather have the null reverse-path, against loops; here nothing that a machine wrote
    is ever answered. Where a copy to ourselves proves the sending, we are one more recipient.
    """
    copy = context.settings.mailbox(mailbox.name).doubt_proof is DoubtProof.BCC_SELF
    recipients = (effect.recipient.address, mailbox.address) if copy else (effect.recipient.address,)
    return Envelope(sender=mailbox.address, recipients=recipients)
