"""A mail in doubt goes out again only when nothing became of it; what proves it may come at any time.

The copy to ourselves is one more recipient of the same mail (`doubt_proof = "bcc_self"`).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from maild.app.proof import settle_overdue
from maild.app.queries import show_case
from maild.app.settlement import settle_by_hand
from maild.errors import UsageError
from maild.model.delivery import OutboxState, RecipientState
from maild.model.people import SHELL
from maild.rehearsal.smtp import Cut, Moment, at
from tests.fakes.refusals import by_name
from tests.sim.rig import SERVICE, Rig, Running, a_mail

PATIENCE = timedelta(seconds=900)
CUSTOMER = "li@customer.example"


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path, overrides={"mailbox.service.doubt_proof": "bcc_self"})


def answered(rig: Rig) -> int:
    """How often the customer got the answer."""
    return sum(CUSTOMER in mail.recipients for mail in rig.smtp.taken)


def deliver_copy(rig: Rig) -> None:
    rig.imap.deliver(rig.smtp.taken[-1].raw, rig.clock.now())


def write_and_answer(maild: Running, raw: bytes | None = None) -> None:
    """A customer's mail is read and its answer tried, once."""
    maild.rig.imap.deliver(raw or a_mail(), maild.rig.clock.now())
    maild.poll()
    maild.process()
    maild.dispatch()


def test_a_copy_that_is_here_before_the_doubt_proves_the_sending(rig: Rig) -> None:
    with rig.running() as maild:

        def faster_than_the_reply(moment: Moment) -> None:
            if moment is Moment.DATA_TAKEN:
                deliver_copy(rig)
                maild.poll()
                maild.process()
                raise Cut

        rig.smtp.script = faster_than_the_reply
        write_and_answer(maild)
        assert len(maild.outbox(OutboxState.IN_DOUBT)) == 1
        maild.work_until_quiet()
        (mail,) = maild.outbox(OutboxState.DONE)
        assert {one.reply for one in mail.recipients} == {"its copy turned up (bcc_self)"}
    assert answered(rig) == 1


def test_an_old_doubt_that_cannot_be_settled_keeps_no_younger_one_waiting(rig: Rig) -> None:
    lose_the_first = at(Moment.DATA_UNTAKEN, Cut())
    with rig.running() as maild:

        def script(moment: Moment) -> None:
            lose_the_first(moment)
            if moment is Moment.DATA_TAKEN:
                deliver_copy(rig)
                maild.poll()
                maild.process()
                raise Cut

        rig.smtp.script = script
        write_and_answer(maild)
        rig.clock.advance(timedelta(minutes=1))
        write_and_answer(maild, a_mail("han@other.example", Message_ID="<h1@other.example>"))
        assert len(maild.outbox(OutboxState.IN_DOUBT)) == 2
        assert settle_overdue(maild.context, at_a_time=1) == 1
        states = [mail.state for mail in maild.outbox(*OutboxState)]
    assert states == [OutboxState.IN_DOUBT, OutboxState.DONE]


def test_a_copy_that_was_read_but_not_looked_at_yet_is_waited_for(rig: Rig) -> None:
    with rig.running() as maild:
        rig.smtp.script = at(Moment.DATA_TAKEN, Cut())
        write_and_answer(maild)
        deliver_copy(rig)
        rig.clock.advance(2 * PATIENCE)
        maild.poll()
        settle_overdue(maild.context)
        assert len(maild.outbox(OutboxState.IN_DOUBT)) == 1
        maild.work_until_quiet()
    assert answered(rig) == 1


def test_no_copy_in_time_sends_it_again(rig: Rig) -> None:
    with rig.running() as maild:
        rig.smtp.script = at(Moment.DATA_UNTAKEN, Cut())
        write_and_answer(maild)
        maild.work_until_quiet()
    assert answered(rig) == 1


def test_a_doubt_that_no_copy_can_settle_is_left_to_a_person(rig: Rig) -> None:
    """Our own copy went with an earlier try: none comes of the later one, and its absence says nothing."""
    rig.smtp.refusals = {CUSTOMER: (450, "4.2.0 later")}.get
    with rig.running() as maild:
        write_and_answer(maild)
        deliver_copy(rig)
        maild.work()
        rig.smtp.refusals = by_name
        rig.smtp.script = at(Moment.DATA_TAKEN, Cut())
        for _ in range(40):
            rig.clock.advance(timedelta(minutes=1))
            maild.work()
        (mail,) = maild.outbox(OutboxState.IN_DOUBT)
        states = {one.address: one.state for one in mail.recipients}
        assert states == {CUSTOMER: RecipientState.IN_DOUBT, SERVICE: RecipientState.SENT}
    assert answered(rig) == 1


class Crash(BaseException):
    """The process is gone."""


@contextmanager
def without_its_mailbox(rig: Rig) -> Iterator[Running]:
    """maild after the mailbox was taken out of maild.toml; another has its address."""
    toml, overrides = rig.config / "maild.toml", rig.overrides
    text = toml.read_text("utf-8")
    toml.write_text(text.replace('name = "service"', 'name = "sales"'), "utf-8")
    rig.overrides = {}
    with rig.running() as maild:
        yield maild
    toml.write_text(text, "utf-8")
    rig.overrides = overrides


@pytest.mark.parametrize("lost", [Cut, Crash], ids=["line", "process"])
def test_a_doubt_whose_mailbox_is_gone_is_held_for_a_person(rig: Rig, lost: type[BaseException]) -> None:
    rig.smtp.script = at(Moment.DATA_TAKEN, lost())
    with suppress(BaseExceptionGroup), rig.running() as maild:
        write_and_answer(maild)
    with without_its_mailbox(rig) as maild:
        deliver_copy(rig)
        maild.work()
        rig.clock.advance(2 * PATIENCE)
        maild.work()
        (mail,) = maild.outbox(OutboxState.IN_DOUBT)
        view = show_case(maild.context, SHELL, "C-2026-00001")
        told = f"put it back, or say what became of the mail: maild outbox settle {mail.id} sent|refused"
        assert all(
            f"mailbox 'service' is no longer in maild.toml: {told}" in one.reply for one in mail.recipients
        )
        assert told in view.case.trouble
        maild.work()
        assert show_case(maild.context, SHELL, "C-2026-00001") == view
        with pytest.raises(UsageError, match="put it back before mail"):
            settle_by_hand(maild.context, mail.id, RecipientState.QUEUED)
        settle_by_hand(maild.context, mail.id, RecipientState.SENT)
        assert maild.outbox(OutboxState.IN_DOUBT) == ()
        assert not show_case(maild.context, SHELL, "C-2026-00001").case.trouble
    assert answered(rig) == 1


def test_a_mailbox_that_is_back_settles_its_doubts(rig: Rig) -> None:
    rig.smtp.script = at(Moment.DATA_TAKEN, Cut())
    with rig.running() as maild:
        write_and_answer(maild)
    with without_its_mailbox(rig) as maild:
        maild.work()
    with rig.running() as maild:
        deliver_copy(rig)
        maild.work_until_quiet()
        (mail,) = maild.outbox(OutboxState.DONE)
        assert {one.reply for one in mail.recipients} == {"its copy turned up (bcc_self)"}
    assert answered(rig) == 1
