"""`Submission` in memory: keeps what it is given, refuses whom it is told to, breaks where it is told to.

It keeps to the same contract as maild.smtp (tests/integration/smtp/test_contract.py runs on both).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from maild.model.delivery import Envelope, RecipientOutcome, RecipientState


class Moment(StrEnum):
    """The points of a delivery at which something can go wrong, in order."""

    CONNECT = "connect"
    BEFORE_DATA = "before_data"
    DATA_UNTAKEN = "data_untaken"  # DATA was said, the mail is not yet taken
    DATA_TAKEN = "data_taken"  # the mail is taken, the sender does not know it yet


class Cut(Exception):
    """Raised by a script: the connection is lost at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMail:
    """One mail as the fake server took it."""

    mailbox: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


Script = Callable[[Moment], None]
Refusals = Callable[[str], tuple[int, str] | None]
"""Given an address in lower case, the code and the text by which it is refused; None: it is not."""


class FakeSmtp:
    """Takes mail unless its script or its refusals say otherwise.

    `script` is called at every moment: what it raises happens there. `Cut` is a lost connection and ends
    in outcomes; anything else goes through to the caller, as a crash of the process would.
    """

    def __init__(self, script: Script = lambda _: None, refusals: Refusals = lambda _: None) -> None:
        self.script = script
        self.refusals = refusals
        self.taken: list[TakenMail] = []

    async def __call__(
        self, envelope: Envelope, raw: bytes, *, mailbox: str, before_data: Callable[[], Awaitable[None]]
    ) -> tuple[RecipientOutcome, ...]:
        """One outcome for each recipient, in the order of the envelope."""
        told: dict[str, RecipientOutcome] = {}
        accepted: tuple[str, ...] = ()
        lost = RecipientState.DEFERRED
        try:
            self.script(Moment.CONNECT)
            told |= {each: refusal for each in envelope.recipients if (refusal := self._refusal(each))}
            accepted = tuple(each for each in dict.fromkeys(envelope.recipients) if each not in told)
            if accepted:
                self.script(Moment.BEFORE_DATA)
                await before_data()
                lost = RecipientState.IN_DOUBT
                self._data(TakenMail(mailbox=mailbox, sender=envelope.sender, recipients=accepted, raw=raw))
            told |= {each: _told(each, RecipientState.SENT, 250, "OK") for each in accepted}
        except Cut:
            told = {each: _told(each, lost, 0, "cut") for each in envelope.recipients} | told
        return tuple(told[each] for each in envelope.recipients)

    def _data(self, mail: TakenMail) -> None:
        self.script(Moment.DATA_UNTAKEN)
        self.taken.append(mail)
        self.script(Moment.DATA_TAKEN)

    def _refusal(self, address: str) -> RecipientOutcome | None:
        refused = self.refusals(address.lower())
        if refused is None:
            return None
        code, text = refused
        state = RecipientState.REFUSED if code >= 500 else RecipientState.DEFERRED
        return _told(address, state, code, text)


def at(moment: Moment, error: BaseException) -> Script:
    """A script that raises `error` the first time `moment` comes."""
    waiting = [error]

    def script(now: Moment) -> None:
        if now is moment and waiting:
            raise waiting.pop()

    return script


def _told(address: str, state: RecipientState, code: int, reply: str) -> RecipientOutcome:
    return RecipientOutcome(address=address, state=state, code=code, reply=reply)
