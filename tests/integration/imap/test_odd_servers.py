"""Servers with fewer abilities than Dovecot's, and with answers no Dovecot gives."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild.clock import monotonic_s
from maild.errors import (
    ConnectionLost,
    LoginRefused,
    MaildError,
    NotFound,
    PermanentError,
    ProtocolError,
    TemporaryError,
)
from maild.imap.connect import connect
from maild.model.intake import FetchedMessage, Uid
from maild.settings import TlsMode
from tests.integration.imap.conftest import OnDovecot
from tests.integration.imap.scripts import GREETING, NOW, SELECTED, Answers, scripted, selected, settings_for
from tests.servers.dovecot import DovecotServer
from tests.servers.proxy import Side, TcpProxy, Trap


@pytest.fixture(scope="module")
def poor_dovecot() -> Iterator[DovecotServer]:
    server = DovecotServer.start(capability="IMAP4rev1 UIDPLUS")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def poorest_dovecot() -> Iterator[DovecotServer]:
    server = DovecotServer.start(capability="IMAP4rev1")
    yield server
    server.stop()


def on(server: DovecotServer) -> Iterator[OnDovecot]:
    with TcpProxy(server.imaps_port) as proxy:
        yield OnDovecot(server, proxy)


@pytest.fixture
def poor(poor_dovecot: DovecotServer) -> Iterator[OnDovecot]:
    """Knows neither MOVE nor IDLE."""
    yield from on(poor_dovecot)


@pytest.fixture
def poorest(poorest_dovecot: DovecotServer) -> Iterator[OnDovecot]:
    """Cannot expunge single messages either."""
    yield from on(poorest_dovecot)


def test_without_move_messages_are_copied_and_expunged(poor: OnDovecot) -> None:
    for number in range(3):
        poor.deliver(b"Subject: %d\r\n\r\n\r\n" % number)
    session = poor.connect()
    session.select("INBOX", readonly=False)
    session.mark([Uid(1)], "\\Deleted")
    session.move([Uid(2)], "Done")
    session.close()
    assert poor.flags("INBOX") == {1: frozenset({"\\Deleted"}), 3: frozenset()}
    assert poor.bodies("Done") == [b"Subject: 1\r\n\r\n\r\n"]


def test_without_uidplus_nothing_is_expunged(poorest: OnDovecot) -> None:
    poorest.deliver(b"Subject: a\r\n\r\n\r\n")
    session = poorest.connect()
    session.select("INBOX", readonly=False)
    session.move([Uid(1)], "Done")
    session.close()
    assert poorest.flags("INBOX") == {1: frozenset({"\\Deleted"})}
    assert len(poorest.bodies("Done")) == 1


def test_without_idle_waiting_sleeps(poor: OnDovecot) -> None:
    session = poor.connect()
    session.select("INBOX")
    poor.deliver(b"Subject: a\r\n\r\n\r\n")
    started_s = monotonic_s()
    assert not session.wait(0.3, threading.Event())
    assert monotonic_s() - started_s >= 0.25
    assert session.all_uids() == [1]
    session.close()


def test_a_stalled_line_is_a_lost_connection(on_dovecot: OnDovecot) -> None:
    on_dovecot.settings = replace(on_dovecot.settings, timeout_s=0.5)
    session = on_dovecot.connect()
    session.select("INBOX")
    on_dovecot.proxy.stall()
    with pytest.raises(ConnectionLost, match="did not answer in time"):
        session.all_uids()
    started_s = monotonic_s()
    session.close()
    assert monotonic_s() - started_s < 0.5


@pytest.mark.parametrize(
    ("greeting", "answers", "capability", "error", "words"),
    [
        pytest.param(b"220 mail ESMTP\r\n", [], b"", ProtocolError, "does not speak IMAP", id="SMTP"),
        pytest.param(b"* BYE too many connections\r\n", [], b"", TemporaryError, "too many", id="BYE"),
        pytest.param(GREETING, [], b"POP3", ProtocolError, "not IMAP4", id="no IMAP4"),
        pytest.param(GREETING, [], b"IMAP4rev1 LOGINDISABLED", LoginRefused, "without TLS", id="no login"),
        pytest.param(
            GREETING,
            [(b"LOGIN", b"{tag} NO [UNAVAILABLE] try later\r\n")],
            b"IMAP4rev1",
            TemporaryError,
            "just now: [UNAVAILABLE] try later",
            id="login unavailable",
        ),
        pytest.param(
            GREETING,
            [(b"LOGIN", b"{tag} NO LOGIN fail\r\n")],
            b"IMAP4rev1",
            LoginRefused,
            "授权码",
            id="login refused",
        ),
        pytest.param(GREETING, [(b"LOGIN", None)], b"IMAP4rev1", ConnectionLost, "closed", id="cut in login"),
        pytest.param(GREETING, [(b"ID (", None)], b"IMAP4rev1 ID", ConnectionLost, "closed", id="cut in ID"),
    ],
)
def test_being_turned_away_is_told_in_one_line(
    greeting: bytes, answers: Answers, capability: bytes, error: type[MaildError], words: str
) -> None:
    with scripted(answers, capability, greeting) as server, pytest.raises(error) as refused:
        connect(settings_for(server.port), "service")
    assert str(refused.value).startswith(f"mailbox service: 127.0.0.1:{server.port} ")
    assert words in str(refused.value)


def test_starttls_that_is_not_offered_is_told() -> None:
    with scripted([]) as server, pytest.raises(ProtocolError, match="does not offer STARTTLS"):
        connect(replace(settings_for(server.port), tls=TlsMode.STARTTLS), "service")


def test_the_id_comes_after_login_and_before_select() -> None:
    with scripted([(b" ID ", b"{tag} BAD not now\r\n")], b"IMAP4rev1 ID") as server, selected(server):
        pass
    commands = [line.split(b" ")[1].strip() for line in server.lines]
    assert commands.index(b"LOGIN") < commands.index(b"ID") < commands.index(b"EXAMINE")


def test_the_username_is_quoted() -> None:
    with scripted([]) as server:
        connect(replace(settings_for(server.port), username='sales "team"\\x'), "service").close()
    assert b'LOGIN "sales \\"team\\"\\\\x" "secret word"\r\n' in server.lines[1]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        pytest.param(
            b"{tag} NO SELECT Unsafe Login. Please contact us\r\n", LoginRefused, "allow IMAP", id="163"
        ),
        pytest.param(b"{tag} NO no such thing\r\n", NotFound, "it has 收件箱", id="missing"),
        pytest.param(b"{tag} BAD what\r\n", NotFound, "it has 收件箱", id="missing, as BAD"),
        pytest.param(b"* 3 EXISTS\r\n{tag} OK done\r\n", ProtocolError, "UIDVALIDITY", id="no UIDVALIDITY"),
        pytest.param(b"* 3 EXISTS\r\n", ConnectionLost, "in time", id="half an answer"),
        pytest.param(b"hello\r\n", ProtocolError, "does not speak IMAP", id="nonsense"),
        pytest.param(None, ConnectionLost, "closed", id="cut"),
    ],
)
def test_a_refused_select_is_explained(answer: bytes | None, error: type[MaildError], words: str) -> None:
    listed = b'* LIST () "/" "&ZTZO9nux-"\r\n* LIST (\\Noselect) "/" Up\r\n{tag} OK done\r\n'
    with (
        scripted([(b"EXAMINE", answer), (b"LIST", listed)]) as server,
        pytest.raises(error, match=words),
        selected(server, timeout_s=0.5),
    ):
        pass


def test_a_refused_select_of_a_folder_that_is_there_is_temporary() -> None:
    answers: Answers = [
        (b"EXAMINE", b"{tag} NO Server Unavailable. 15\r\n"),
        (b"LIST", b'* LIST () "/" INBOX\r\n{tag} OK done\r\n'),
    ]
    with scripted(answers) as server, pytest.raises(TemporaryError, match="Unavailable"), selected(server):
        pass


def test_a_folder_that_may_only_be_read_is_told() -> None:
    answers: Answers = [(b"SELECT", SELECTED)]
    with (
        scripted(answers) as server,
        selected(server) as session,
        pytest.raises(PermanentError, match="only be read"),
    ):
        session.select("INBOX", readonly=False)


def test_a_server_without_uidnext_can_be_read() -> None:
    answers: Answers = [(b"EXAMINE", b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{tag} OK done\r\n")]
    with scripted(answers) as server, selected(server) as session:
        assert session.select("INBOX").uidnext == 0


ROW = b'* 1 FETCH (UID 1 BODY[] {1}\r\na INTERNALDATE "%s")\r\n{tag} OK done\r\n'


@pytest.mark.parametrize(
    ("internal_date", "received_at"),
    [
        pytest.param(b"17-Jul-2023 02:44:25 -0700", datetime(2023, 7, 17, 9, 44, 25, tzinfo=UTC), id="west"),
        pytest.param(b" 7-Jul-2023 02:44:25 +0800", datetime(2023, 7, 6, 18, 44, 25, tzinfo=UTC), id="east"),
        pytest.param(b"rubbish", NOW, id="unreadable: now"),
        pytest.param(b"31-Dec-9999 23:59:59 -0800", NOW, id="after all time: now"),
    ],
)
def test_the_internal_date_becomes_utc(internal_date: bytes, received_at: datetime) -> None:
    answers: Answers = [
        (b"RFC822.SIZE", b"* 1 FETCH (UID 1 RFC822.SIZE 1)\r\n{tag} OK done\r\n"),
        (b"BODY.PEEK[]", ROW % internal_date),
    ]
    with scripted(answers) as server, selected(server) as session:
        (message,) = session.fetch([Uid(1)])
    assert (message.received_at, message.raw) == (received_at, b"a")


def test_one_message_that_is_refused_does_not_stop_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    sizes = b"".join(b"* %d FETCH (UID %d RFC822.SIZE 1)\r\n" % (uid, uid) for uid in (1, 2, 3))
    body = b'* %d FETCH (UID %d BODY[] NIL INTERNALDATE "17-Jul-2023 02:44:25 +0000")\r\n{tag} OK done\r\n'
    answers: Answers = [
        (b"RFC822.SIZE", sizes + b"{tag} OK done\r\n"),
        (b"FETCH 1 (", body % (1, 1)),
        (b"FETCH 3 (", body % (3, 3)),
        (b"BODY.PEEK[]", b"{tag} NO [SERVERBUG] cannot read that one\r\n"),
    ]
    with scripted(answers) as server, caplog.at_level(logging.WARNING), selected(server) as session:
        messages = list(session.fetch([Uid(1), Uid(2), Uid(3)]))
    assert [message.uid for message in messages] == [1, 3]
    assert [message.raw for message in messages] == [b"", b""]
    (record,) = caplog.records
    assert record.getMessage() == (
        f"mailbox service: 127.0.0.1:{server.port} does not hand out message UID 2: "
        "[SERVERBUG] cannot read that one"
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(b"* SEARCH x\r\n{tag} OK done\r\n", ProtocolError, id="not a number"),
        pytest.param(b"* SEARCH (1\r\n{tag} OK done\r\n", ProtocolError, id="unbalanced"),
        pytest.param(b"{tag} BAD what\r\n", ProtocolError, id="BAD"),
        pytest.param(b"{tag} NO [NOPERM] no\r\n", PermanentError, id="not allowed"),
        pytest.param(b"{tag} NO later\r\n", TemporaryError, id="NO"),
        pytest.param(b"* BYE going down\r\n", ConnectionLost, id="BYE"),
        pytest.param(b"x" * 1_100_000, ProtocolError, id="endless line"),
    ],
)
def test_odd_answers_become_our_errors(answer: bytes, error: type[MaildError]) -> None:
    with (
        scripted([(b"SEARCH", answer)]) as server,
        selected(server, timeout_s=0.5) as session,
        pytest.raises(error),
    ):
        session.all_uids()


def test_a_mailbox_of_many_messages_is_asked_for_in_parts() -> None:
    many = SELECTED.replace(b"* 3 EXISTS", b"* 200000 EXISTS").replace(b"UIDNEXT 4", b"UIDNEXT 200001")
    answers: Answers = [
        (b"EXAMINE", many),
        (b"UID 1:80000", b"* SEARCH 1 80000\r\n{tag} OK done\r\n"),
        (b"UID 80001:160000", b"* SEARCH 80001\r\n{tag} OK done\r\n"),
        (b"UID 160001:*", b"* SEARCH 200002\r\n{tag} OK done\r\n"),
    ]
    with scripted(answers) as server, selected(server) as session:
        assert session.all_uids() == [1, 80000, 80001, 200002]


def test_a_folder_that_cannot_be_made_is_told() -> None:
    answers: Answers = [
        (b"SELECT", SELECTED.replace(b"READ-ONLY", b"READ-WRITE")),
        (b"MOVE", b"{tag} NO [TRYCREATE] no such folder\r\n"),
        (b"CREATE", b"{tag} NO [NOPERM] not for you\r\n"),
        (b"LIST", b'* LIST () "/" INBOX\r\n{tag} OK done\r\n'),
    ]
    with (
        scripted(answers, b"IMAP4rev1 MOVE") as server,
        selected(server, readonly=False) as session,
        pytest.raises(PermanentError, match="not for you"),
    ):
        session.move([Uid(1)], "Done")


def test_a_move_refused_into_a_folder_that_is_there_is_told() -> None:
    answers: Answers = [
        (b"SELECT", SELECTED.replace(b"READ-ONLY", b"READ-WRITE")),
        (b"MOVE", b"{tag} NO [OVERQUOTA] full\r\n"),
        (b"LIST", b'* LIST () "/" INBOX\r\n* LIST () "/" Done\r\n{tag} OK done\r\n'),
    ]
    with (
        scripted(answers, b"IMAP4rev1 MOVE") as server,
        selected(server, readonly=False) as session,
        pytest.raises(PermanentError, match="full"),
    ):
        session.move([Uid(1)], "Done")


def test_a_line_cut_in_the_middle_of_a_fetch_yields_only_whole_messages(on_dovecot: OnDovecot) -> None:
    bodies = [b"Subject: %d\r\n\r\n" % number + b"x" * 70 + b"\r\n" for number in range(500)]
    for body in bodies:
        on_dovecot.deliver(body)
    session = on_dovecot.connect()
    session.select("INBOX")
    uids = session.all_uids()
    on_dovecot.proxy.set_trap(Trap(side=Side.SERVER, after_bytes=90_000))
    got: list[FetchedMessage] = []
    with pytest.raises(ConnectionLost):
        got.extend(session.fetch(uids))
    session.close()
    again = on_dovecot.connect()
    again.select("INBOX")
    got += again.fetch(again.uids_after(len(got)))
    again.close()
    assert [message.raw for message in got] == bodies
