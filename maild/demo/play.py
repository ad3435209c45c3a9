"""Plays the scenario: each letter goes out by SMTP when all that came of the one before is settled."""

import asyncio
from dataclasses import dataclass
from smtplib import SMTP

from maild.app.context import Context
from maild.app.queries import list_outbox
from maild.demo.accounts import HOST, Accounts
from maild.demo.cast import ALIASES, US
from maild.demo.letters import Answered, Heading
from maild.demo.mailboxes import mail_from_us
from maild.demo.news import Newsroom
from maild.demo.scenario import SCENARIO, Letter
from maild.model.delivery import OutboxState
from maild.model.people import SHELL

_NOTHING = Answered(message_id="", references="", subject="", case_number="", header="")
_ANY_NUMBER = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The demo at work: its servers by their ports, their accounts, the daemon's context and its news."""

    imap_port: int
    smtp_port: int
    accounts: Accounts
    context: Context
    news: Newsroom


async def play(stage: Stage) -> None:
    """Send every letter of the scenario and wait until the daemon has nothing left to do.

    A letter that answers a mail which never came is not written.
    """
    await stage.news.until(lambda: stage.news.readings > 0)
    for letter in SCENARIO:
        answered = await asyncio.to_thread(_answered, stage, letter)
        if answered is None:
            continue
        await asyncio.to_thread(_send, stage, letter, answered)
        await stage.news.until(lambda: _is_settled(stage))


def _answered(stage: Stage, letter: Letter) -> Answered | None:
    """What `letter` answers; None when it should answer a mail, and there is none."""
    if not letter.answers:
        return _NOTHING
    account = ALIASES.get(letter.author.address, letter.author.address)
    mails = mail_from_us(stage.imap_port, account)
    return mails[-1].answered() if mails else None


def _send(stage: Stage, letter: Letter, answered: Answered) -> None:
    heading = Heading(
        author=letter.author,
        subject=letter.subject.format(subject=answered.subject, number=answered.case_number),
        message_id=letter.message_id,
        at=stage.context.clock.now(),
    )
    sender = "" if letter.from_machine else letter.author.address
    with SMTP(HOST, stage.smtp_port, local_hostname=f"mail.{letter.author.domain}", timeout=10) as server:
        server.sendmail(sender, [US.address], letter.write(heading, answered), ["BODY=8BITMIME"])


def _is_settled(stage: Stage) -> bool:
    """True when all that was delivered to us is told of, and so is the end of each mail of ours."""
    if stage.news.deliveries < stage.accounts.delivered_to(US.address):
        return False
    mails = list_outbox(stage.context, SHELL, frozenset(OutboxState), limit=_ANY_NUMBER)
    return all(mail.state is OutboxState.HELD or mail.id in stage.news.mails for mail in mails)
