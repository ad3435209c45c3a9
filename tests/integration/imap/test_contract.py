"""What every MailboxSession keeps to: the same tests on the mailbox in memory and on Dovecot."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from maild.clock import monotonic_s
from maild.errors import ConnectionLost, NotFound, PermanentError
from maild.model.intake import FetchedMessage, Uid
from maild.model.ports import MailboxSession
from tests.integration.imap.conftest import MailboxUnderTest

WOKEN_WITHIN_S = 2.0
RECEIVED_AT = datetime(2023, 2, 3, 4, 5, 6, tzinfo=UTC)


def raw(number: int = 0) -> bytes:
    return f"Subject: message {number}\r\n\r\nBody {number}\r\n".encode()


def fetched(session: MailboxSession) -> list[FetchedMessage]:
    return list(session.fetch(session.all_uids()))


def after(delay_s: float, action: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(delay_s, action)
    timer.start()
    return timer


def test_an_empty_folder_holds_nothing(session: MailboxSession) -> None:
    status = session.select("INBOX")
    assert (status.message_count, status.uidnext) == (0, 1)
    assert session.all_uids() == []
    assert session.uids_after(0) == []
    assert fetched(session) == []


def test_a_thousand_messages_come_once_each_in_order(mailbox: MailboxUnderTest) -> None:
    for number in range(1000):
        mailbox.deliver(raw(number))
    session = mailbox.connect()
    status = session.select("INBOX")
    messages = fetched(session)
    session.close()
    assert (status.message_count, status.uidnext) == (1000, 1001)
    assert [message.uid for message in messages] == list(range(1, 1001))
    assert [message.raw for message in messages] == [raw(number) for number in range(1000)]


def test_fetch_keeps_the_order_asked_for(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    for number in range(3):
        mailbox.deliver(raw(number))
    session.select("INBOX")
    uids = session.all_uids()
    assert [message.uid for message in session.fetch(uids[::-1])] == uids[::-1]


def test_received_at_is_the_internal_date_in_utc(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    mailbox.deliver(raw(), RECEIVED_AT)
    session.select("INBOX")
    (message,) = fetched(session)
    assert message.received_at == RECEIVED_AT
    assert message.received_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="zero-length"),
        pytest.param(b"Subject: nul\r\n\r\nbefore\x00after\r\n", id="nul"),
        pytest.param("Subject: 投诉\r\n\r\n延误\r\n".encode("gb18030"), id="raw gb18030"),
        pytest.param(bytes(range(128, 256)) * 4, id="only 8-bit"),
        pytest.param(b"12345", id="looks like a number"),
        pytest.param(b"Subject: odd\r\n\r\n* 1 FETCH (UID 9 BODY[] {5}\r\n)\r\n", id="looks like an answer"),
    ],
)
def test_bytes_come_as_they_are(mailbox: MailboxUnderTest, session: MailboxSession, body: bytes) -> None:
    mailbox.deliver(body)
    session.select("INBOX")
    (message,) = fetched(session)
    # Dovecot hands out NUL as 0x80: a literal must not hold it (RFC 9051 §4.3).
    assert message.raw in {body, body.replace(b"\x00", b"\x80")}


def test_fetching_changes_no_flag(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    mailbox.deliver(raw())
    session.select("INBOX", readonly=False)
    fetched(session)
    assert mailbox.flags("INBOX") == {1: frozenset()}


def test_no_uids_after_the_last(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    for number in range(3):
        mailbox.deliver(raw(number))
    session.select("INBOX")
    assert [session.uids_after(last) for last in (1, 2, 3, 400)] == [[2, 3], [3], [], []]


def test_a_message_that_vanished_is_absent(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    for number in range(3):
        mailbox.deliver(raw(number))
    session.select("INBOX")
    uids = session.all_uids()
    mailbox.remove("INBOX", 2)
    assert [message.uid for message in session.fetch(uids)] == [1, 3]
    assert [message.uid for message in session.fetch([Uid(77)])] == []


def test_a_folder_made_anew_has_another_uidvalidity(mailbox: MailboxUnderTest) -> None:
    mailbox.append("Archive", raw(1))
    session = mailbox.connect()
    before = session.select("Archive")
    mailbox.recreate("Archive")
    mailbox.append("Archive", raw(2))
    session.close()
    session = mailbox.connect()
    now = session.select("Archive")
    assert before.uidvalidity != now.uidvalidity
    assert [message.raw for message in fetched(session)] == [raw(2)]
    session.close()


@pytest.mark.parametrize("how", ["deliver", "append"])
def test_waiting_ends_when_a_message_comes(
    mailbox: MailboxUnderTest, session: MailboxSession, how: str
) -> None:
    session.select("INBOX")
    last = max(session.all_uids(), default=0)
    came_s: list[float] = []

    def come() -> None:
        if how == "deliver":
            mailbox.deliver(raw())
        else:
            mailbox.append("INBOX", raw())
        came_s.append(monotonic_s())

    timer = after(0.2, come)
    assert session.wait(15.0, threading.Event())
    woken_s = monotonic_s()
    timer.join()
    assert woken_s - came_s[0] < WOKEN_WITHIN_S
    assert len(session.uids_after(last)) == 1


def test_what_came_before_waiting_is_not_missed(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    session.select("INBOX")
    session.all_uids()
    mailbox.append("INBOX", raw())
    started_s = monotonic_s()
    assert session.wait(15.0, threading.Event())
    assert monotonic_s() - started_s < WOKEN_WITHIN_S


def test_what_came_during_another_command_is_not_missed(
    mailbox: MailboxUnderTest, session: MailboxSession
) -> None:
    mailbox.append("INBOX", raw())
    session.select("INBOX", readonly=False)
    uids = session.all_uids()
    mailbox.append("INBOX", raw())
    session.mark(uids, "\\Flagged")  # a server tells of the new message here, once
    assert session.wait(15.0, threading.Event())
    assert len(session.uids_after(uids[-1])) == 1
    assert not session.wait(0.1, threading.Event())


def test_every_message_of_a_stream_wakes_the_waiting(
    mailbox: MailboxUnderTest, session: MailboxSession
) -> None:
    session.select("INBOX")
    seen: list[int] = []

    def pour() -> None:
        for number in range(30):
            mailbox.append("INBOX", raw(number))

    with ThreadPoolExecutor(1) as pool:
        stream = pool.submit(pour)
        while len(seen) < 30 and session.wait(15.0, threading.Event()):
            seen += session.uids_after(seen[-1] if seen else 0)
        stream.result()
    assert seen == list(range(1, 31))


def test_waiting_in_silence_ends_in_time(session: MailboxSession) -> None:
    session.select("INBOX")
    started_s = monotonic_s()
    assert not session.wait(0.5, threading.Event())
    assert 0.45 < monotonic_s() - started_s < 2.0
    assert session.all_uids() == []


def test_a_stop_ends_waiting_at_once(session: MailboxSession) -> None:
    session.select("INBOX")
    stop = threading.Event()
    timer = after(0.2, stop.set)
    started_s = monotonic_s()
    assert not session.wait(30.0, stop)
    assert monotonic_s() - started_s < 1.5
    timer.join()


@pytest.mark.parametrize("flag", ["\\Seen", "$MaildSeen"])
def test_marking_adds_a_flag(mailbox: MailboxUnderTest, session: MailboxSession, flag: str) -> None:
    for number in range(3):
        mailbox.deliver(raw(number))
    session.select("INBOX", readonly=False)
    session.all_uids()
    session.mark([Uid(1), Uid(3), Uid(99)], flag)
    session.mark([Uid(1)], flag)
    assert mailbox.flags("INBOX") == {1: frozenset({flag}), 2: frozenset(), 3: frozenset({flag})}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda session: session.mark([Uid(1)], "\\Seen"), id="mark"),
        pytest.param(lambda session: session.move([Uid(1)], "Sent"), id="move"),
    ],
)
def test_nothing_can_be_changed_when_selected_readonly(
    mailbox: MailboxUnderTest, session: MailboxSession, change: Callable[[MailboxSession], None]
) -> None:
    mailbox.deliver(raw())
    session.select("INBOX")
    with pytest.raises(PermanentError):
        change(session)
    assert mailbox.flags("INBOX") == {1: frozenset()}


@pytest.mark.parametrize("folder", ["Sent", "Done", "已处理", "A & B"])
def test_moving_makes_a_missing_folder(
    mailbox: MailboxUnderTest, session: MailboxSession, folder: str
) -> None:
    for number in range(3):
        mailbox.deliver(raw(number))
    session.select("INBOX", readonly=False)
    uids = session.all_uids()
    session.move([uids[0], uids[2], Uid(99)], folder)
    assert session.all_uids() == [2]
    assert mailbox.bodies(folder) == [raw(0), raw(2)]
    assert folder in session.folders()


def test_moving_leaves_what_others_deleted(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    for number in range(2):
        mailbox.deliver(raw(number))
    session.select("INBOX", readonly=False)
    session.mark(session.all_uids()[:1], "\\Deleted")
    session.move([Uid(2)], "Done")
    assert mailbox.flags("INBOX") == {1: frozenset({"\\Deleted"})}


def test_folders_with_chinese_names_can_be_read(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    mailbox.append("客户投诉", raw(7))
    assert "客户投诉" in session.folders()
    assert session.select("客户投诉").message_count == 1
    assert [message.raw for message in fetched(session)] == [raw(7)]


def test_the_sent_folder_is_found(session: MailboxSession) -> None:
    assert session.find_sent() == "Sent"


def test_a_missing_folder_is_named(session: MailboxSession) -> None:
    with pytest.raises(NotFound, match="Nowhere"):
        session.select("Nowhere")
    assert session.select("INBOX").message_count == 0


def test_a_cut_line_is_a_lost_connection(mailbox: MailboxUnderTest, session: MailboxSession) -> None:
    mailbox.deliver(raw())
    session.select("INBOX")
    mailbox.cut()
    with pytest.raises(ConnectionLost):
        session.all_uids()
    session.close()
    session.close()
    anew = mailbox.connect()
    anew.select("INBOX")
    assert len(fetched(anew)) == 1
    anew.close()


def test_a_line_cut_while_waiting_is_a_lost_connection(
    mailbox: MailboxUnderTest, session: MailboxSession
) -> None:
    session.select("INBOX")
    timer = after(0.3, mailbox.cut)
    started_s = monotonic_s()
    with pytest.raises(ConnectionLost):
        session.wait(30.0, threading.Event())
    assert monotonic_s() - started_s < 5.0
    timer.join()


def test_eight_mailboxes_can_be_read_at_once(mailbox: MailboxUnderTest) -> None:
    for number in range(20):
        mailbox.deliver(raw(number))

    def read() -> int:
        session = mailbox.connect()
        session.select("INBOX")
        count = len(fetched(session))
        session.close()
        return count

    with ThreadPoolExecutor(8) as pool:
        counts = [future.result() for future in [pool.submit(read) for _ in range(8)]]
    assert counts == [20] * 8
