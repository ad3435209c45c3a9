"""What is the same message, and what only looks new: one message, one decision, however it was delivered."""

import asyncio
from collections.abc import Iterator

import pytest

from maild.model.delivery import Envelope
from maild.model.mail import MessageId
from maild.smtp.submission import deliver
from maild.store import archive, inbox, outbox
from tests.integration.intake.conftest import BATCH, Intake, Opening, acting, letter
from tests.integration.smtp.rigs import Commit, settings_for
from tests.servers.dovecot import DovecotServer
from tests.servers.postfix import PostfixServer, PostfixSetup
from tests.servers.program import wait_until

ORDERS: dict[str, object] = {"inbox": "Orders"}


class Crash(BaseException):
    """The process is gone: nothing in maild may catch this."""


@pytest.fixture
def postfix_to_dovecot(dovecot: DovecotServer) -> Iterator[PostfixServer]:
    """A Postfix in front of Dovecot, each recipient a copy of its own."""
    assert dovecot.lmtp, "install the Debian package dovecot-lmtpd"
    started = PostfixServer.start(PostfixSetup(next_hop=dovecot.lmtp, recipients_per_delivery=1))
    yield started
    started.stop()


def put_into_orders(intake: Intake, *numbers: int) -> None:
    for number in numbers:
        intake.installation.dovecot.append(intake.addresses()[0], "Orders", letter(number))


def recreate_orders(intake: Intake) -> None:
    with intake.installation.dovecot.client(intake.addresses()[0]) as client:
        client.delete_folder("Orders")
        client.create_folder("Orders")


def answered(intake: Intake) -> list[str]:
    return sorted(answer.recipients[0].address for answer in intake.answers())


def test_a_new_uidvalidity_reads_all_anew_and_acts_on_the_new_one_alone(opened: Opening) -> None:
    intake = opened(acting(keys=ORDERS))
    put_into_orders(intake, *range(1, 6))
    assert intake.poll() == 5
    intake.process()
    recreate_orders(intake)
    put_into_orders(intake, 1, 2, 6, 3, 4, 5)
    assert intake.poll() == 6
    intake.process()
    counts = intake.counts()
    assert (counts.deliveries, counts.messages, counts.cases) == (11, 12, 6)
    assert answered(intake) == [f"customer{number}@customer{number}.example" for number in range(1, 7)]
    assert all(found.complete for found in intake.verify())
    assert intake.poll() == 0


def test_a_crash_in_the_middle_of_reading_anew_changes_nothing(opened: Opening) -> None:
    intake = opened(acting(keys=ORDERS))
    put_into_orders(intake, *range(15))
    intake.poll()
    intake.process()
    recreate_orders(intake)
    put_into_orders(intake, *range(16))
    commits: list[int] = []

    def crash() -> None:
        commits.append(1)
        raise Crash

    with pytest.raises(Crash):
        intake.poll(on_commit=crash)
    assert intake.counts().deliveries == 15 + BATCH
    assert intake.poll() == 16 - BATCH
    intake.process()
    counts = intake.counts()
    assert (counts.deliveries, counts.messages, counts.cases) == (31, 32, 16)
    assert len(set(answered(intake))) == len(answered(intake)) == 16
    assert all(found.complete for found in intake.verify())


def test_a_message_without_message_id_is_archived_and_answered_once(opened: Opening) -> None:
    intake = opened()
    raw = letter(1, Message_ID="")
    intake.deliver(raw)
    intake.deliver(raw)
    assert intake.poll() == 2
    intake.process()
    counts = intake.counts()
    assert (counts.deliveries, counts.messages, counts.cases) == (2, 2, 1)
    (answer,) = intake.answers()
    sent = intake.context.store.read(lambda conn: outbox.raw(conn, answer.id))
    assert b"derived.invalid" not in sent  # the customer's mail program has never seen it


def test_one_mail_to_two_mailboxes_is_one_message_at_home_where_it_was_addressed_first(
    opened: Opening, postfix_to_dovecot: PostfixServer
) -> None:
    intake = opened(acting("sales"), acting("service"))
    sales, service = intake.addresses()
    raw = letter(1, to=service, Cc=f"Sales <{sales}>")
    envelope = Envelope(sender="customer1@customer1.example", recipients=(service, sales))
    told = deliver(settings_for(postfix_to_dovecot.port), envelope, raw, mailbox="test", before_data=Commit())
    assert len(asyncio.run(told)) == 2
    wait_until(lambda: [found[-1].on_server for found in map(intake.verify, (0, 1))] == [1, 1], "copies")
    assert (intake.poll(1), intake.poll(0)) == (1, 1)  # service first
    intake.process()
    counts = intake.counts()
    assert (counts.deliveries, counts.messages, counts.cases) == (2, 2, 1)
    assert counts.blobs == 3  # the two copies differ in their trace headers
    assert len(intake.answers()) == 1
    known = MessageId("m1@customer1.example")
    (message,) = intake.context.store.read(lambda conn: archive.find_by_message_id(conn, known))
    assert message.mailbox == "sales"  # the first of our mailboxes, as configured, in To or Cc
    came = intake.context.store.read(lambda conn: inbox.deliveries(conn, message.key))
    assert [delivery.origin.mailbox for delivery in came] == ["service", "sales"]
    assert all(found.complete for number in (0, 1) for found in intake.verify(number))
