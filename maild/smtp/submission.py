"""Giving one message to the submission server, and what then is known of each recipient (RFC 5321).

The dialogue is driven step by step, because where it ends decides what may be done next. RFC 1047 (p. 2,
"synchronization gap"; RFC 5321 §6.1 points there): between the final dot and its answer the receiver may
have the mail while the sender cannot know, so a repeat may make a second copy. Such mail is IN_DOUBT here;
what is lost before DATA is DEFERRED and may be tried again. When, and how often, is left to the outbox.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from maild.errors import MaildError
from maild.model.delivery import Envelope, RecipientOutcome, RecipientState
from maild.settings import SmtpSettings
from maild.smtp.connection import connect, hang_up
from maild.smtp.replies import data_refusal, outcome, refusal

QUIT_TIMEOUT_S = 2.0  # the mail is already settled: nobody waits for a slow goodbye
TOO_MANY_RECIPIENTS = 552  # as RFC 821 had it, once at least one was taken (RFC 5321 §4.5.3.1.10)
UNSPEAKABLE = re.compile(r"[\x00-\x20\x7f<>]")  # what would end an address, or begin another command

BeforeData = Callable[[], Awaitable[None]]
Outcomes = tuple[RecipientOutcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSubmission:
    """`Submission` over SMTP: each mailbox by its own account."""

    accounts: Mapping[str, SmtpSettings]

    async def __call__(
        self, envelope: Envelope, raw: bytes, *, mailbox: str, before_data: BeforeData
    ) -> Outcomes:
        """One outcome for each recipient, in order; DEFERRED when the mailbox is no longer configured."""
        settings = self.accounts.get(mailbox)
        if settings is None:
            return _all_deferred(envelope, f"mailbox {mailbox}: is not configured")
        return await deliver(settings, envelope, raw, mailbox=mailbox, before_data=before_data)


async def deliver(
    settings: SmtpSettings, envelope: Envelope, raw: bytes, *, mailbox: str, before_data: BeforeData
) -> Outcomes:
    """One outcome for each recipient, in the order of the envelope.

    Nothing that a server or the network does is raised: it becomes SENT, DEFERRED, REFUSED or IN_DOUBT.
    `before_data` is awaited once, when at least one recipient was accepted and before the first byte of DATA;
    what it raises goes through, and then nothing was sent.
    """
    try:
        client = await connect(settings, mailbox)
    except MaildError as failure:
        return _all_deferred(envelope, str(failure), code=_code_behind(failure))
    try:
        return await _Dialogue(client, settings, envelope, raw).run(before_data)
    finally:
        hang_up(client)


class _Dialogue:
    """One mail transaction (RFC 5321 §3.3) on a client that is logged in; `_told` is what is settled."""

    def __init__(self, client: SMTP, settings: SmtpSettings, envelope: Envelope, raw: bytes) -> None:
        self._client = client
        self._settings = settings
        self._envelope = envelope
        self._raw = raw
        self._takes_utf8 = client.supports_extension("smtputf8")
        self._told: dict[str, RecipientOutcome] = {}

    async def run(self, before_data: BeforeData) -> Outcomes:
        if await self._offer():
            await before_data()
            await self._data()
        await self._quit()
        return tuple(self._told[address] for address in self._envelope.recipients)

    async def _offer(self) -> bool:
        """Whether anybody was accepted. No DATA was said yet: what is lost here is DEFERRED."""
        try:
            await self._mail()
            for address in dict.fromkeys(self._envelope.recipients):
                await self._rcpt(address)
        except SMTPResponseException as failure:
            self._tell(refusal(failure.code), failure.message, code=failure.code)
        except (SMTPException, ValueError) as failure:
            self._lost_before_data(str(failure))
        return bool(self._untold)

    async def _mail(self) -> None:
        client, sender = self._client, self._envelope.sender
        self._check(sender)
        options = [f"SIZE={len(self._raw)}"] if client.supports_extension("size") else []  # RFC 1870 §6
        if not self._raw.isascii() and client.supports_extension("8bitmime"):
            options.append("BODY=8BITMIME")  # RFC 6152 §2
        if self._takes_utf8 and not all(map(str.isascii, (sender, *self._envelope.recipients))):
            options.append("SMTPUTF8")  # RFC 6531 §3.4
        await client.mail(sender, options=options, encoding="utf-8")

    async def _rcpt(self, address: str) -> None:
        """Ask for one recipient; an accepted one stays untold until DATA."""
        try:
            self._check(address)
            await self._client.rcpt(address, encoding="utf-8")
        except SMTPRecipientRefused as failure:
            state = self._state_after_rcpt(address, failure.code)
            self._told[address] = outcome(address, state, code=failure.code, reply=failure.message)
        except ValueError as mistake:
            self._told[address] = outcome(address, RecipientState.REFUSED, reply=str(mistake))

    async def _data(self) -> None:
        if not self._client.is_connected:  # known before a byte of DATA was written: no doubt
            self._lost_before_data("the connection was closed")
            return
        try:
            reply = await self._client.data(self._raw, timeout=self._settings.data_timeout_s)
        except SMTPResponseException as failure:
            self._tell(data_refusal(failure.code), failure.message, code=failure.code)
        except SMTPException as failure:  # RFC 1047: nobody can tell
            doubt = f"lost inside DATA, it may have been taken: {failure}"
            self._tell(RecipientState.IN_DOUBT, self._line(doubt))
        else:
            self._tell(RecipientState.SENT, reply.message, code=reply.code)

    async def _quit(self) -> None:
        """Say goodbye; what becomes of it does not matter. It also gives up a mail that nobody may have."""
        with suppress(SMTPException):
            await self._client.execute_command(b"QUIT", timeout=QUIT_TIMEOUT_S)

    @property
    def _untold(self) -> list[str]:
        return [address for address in dict.fromkeys(self._envelope.recipients) if address not in self._told]

    def _tell(self, state: RecipientState, reply: str, *, code: int = 0) -> None:
        """The same outcome for everybody for whom there is none yet."""
        told = {address: outcome(address, state, code=code, reply=reply) for address in self._untold}
        self._told |= told

    def _lost_before_data(self, why: str) -> None:
        self._tell(RecipientState.DEFERRED, self._line(f"lost before DATA: {why}"))

    def _state_after_rcpt(self, address: str, code: int) -> RecipientState:
        too_many = code == TOO_MANY_RECIPIENTS and self._others_accepted(address)
        return RecipientState.DEFERRED if too_many else refusal(code)

    def _others_accepted(self, address: str) -> bool:
        asked = self._envelope.recipients[: self._envelope.recipients.index(address)]
        return any(other not in self._told for other in asked)

    def _check(self, address: str) -> None:
        if UNSPEAKABLE.search(address):
            raise ValueError(self._line(f"{address!r} is not an address"))
        if not address.isascii() and not self._takes_utf8:
            raise ValueError(self._line(f"takes no address outside ASCII, such as {address} (RFC 6531)"))

    def _line(self, what: str) -> str:
        return f"{self._settings.host}:{self._settings.port}: {what}"


def _all_deferred(envelope: Envelope, why: str, code: int = 0) -> Outcomes:
    return tuple(outcome(each, RecipientState.DEFERRED, code=code, reply=why) for each in envelope.recipients)


def _code_behind(failure: MaildError) -> int:
    cause = failure.__cause__
    return cause.code if isinstance(cause, SMTPResponseException) else 0
