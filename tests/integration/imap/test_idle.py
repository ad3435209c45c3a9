"""IDLE (RFC 2177) with servers that time their notices badly, or break off."""

import threading

import pytest

from maild.clock import monotonic_s
from maild.errors import ConnectionLost, MaildError, ProtocolError, TemporaryError
from tests.integration.imap.conftest import OnDovecot
from tests.integration.imap.scripts import GREETING, SELECTED, selected
from tests.servers.scripted import ScriptedServer, by_command


def idling(first: bytes, then: bytes | None = b"") -> tuple[ScriptedServer, list[bytes]]:
    """A server that answers IDLE with `first` and DONE with `then` and the tagged OK."""
    tags: list[bytes] = []

    def reply(words: bytes) -> bytes | None:
        if b"IDLE" in words:
            tags.append(words.split(b" ")[0])
            return first
        if words.startswith(b"DONE"):
            return None if then is None else then + tags[-1] + b" OK done\r\n"
        return by_command(
            [
                (b"CAPABILITY", b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n"),
                (b"EXAMINE", SELECTED),
                (b"LOGOUT", None),
            ]
        )(words)

    return ScriptedServer(GREETING, reply), tags


@pytest.mark.parametrize(
    ("first", "then", "news"),
    [
        pytest.param(b"+ idling\r\n* 4 EXISTS\r\n", b"", True, id="in one packet with the plus"),
        pytest.param(b"* 4 EXISTS\r\n+ idling\r\n", b"", True, id="before the plus"),
        pytest.param(b"+ idling\r\n", b"* 4 EXISTS\r\n", True, id="in answer to DONE"),
        pytest.param(b"+ idling\r\n* 4 EXI", b"STS\r\n", True, id="in two packets"),
        pytest.param(b"+ idling\r\n* OK Still here\r\n", b"", False, id="a sign of life"),
        pytest.param(b"+ idling\r\n* 2 EXPUNGE\r\n", b"", False, id="a deletion"),
        pytest.param(b"* 2 FETCH (FLAGS (\\Seen))\r\n+ idling\r\n", b"", False, id="a flag"),
    ],
)
def test_only_new_messages_end_the_waiting(first: bytes, then: bytes, news: bool) -> None:
    server, _tags = idling(first, then)
    with server, selected(server) as session:
        assert session.wait(0.4, threading.Event()) is news


def test_idle_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maild.imap.session.IDLE_RENEWAL_S", 0.1)
    server, tags = idling(b"+ idling\r\n")
    with server, selected(server) as session:
        assert not session.wait(0.5, threading.Event())
    assert 3 <= len(tags) <= 6


@pytest.mark.parametrize(
    ("first", "then", "error"),
    [
        pytest.param(b"", b"", ConnectionLost, id="silence"),
        pytest.param(b"+ idling\r\n", None, ConnectionLost, id="closed at DONE"),
        pytest.param(b"+ idling\r\n* BYE logged out\r\n", None, ConnectionLost, id="BYE"),
        pytest.param(b"{tag} NO not today\r\n", b"", TemporaryError, id="refused"),
        pytest.param(b"+ idling\r\nrubbish\r\n", b"", ProtocolError, id="nonsense"),
    ],
)
def test_idle_that_goes_wrong_is_told(first: bytes, then: bytes | None, error: type[MaildError]) -> None:
    server, _tags = idling(first, then)
    with server, selected(server, timeout_s=0.5) as session, pytest.raises(error):
        session.wait(0.4, threading.Event())


def test_a_stop_is_prompt_on_a_stalled_line(on_dovecot: OnDovecot) -> None:
    session = on_dovecot.connect()
    session.select("INBOX")
    stop = threading.Event()
    timers = [threading.Timer(0.3, on_dovecot.proxy.stall), threading.Timer(0.6, stop.set)]
    for timer in timers:
        timer.start()
    started_s = monotonic_s()
    with pytest.raises(ConnectionLost):
        session.wait(60.0, stop)
    session.close()
    assert monotonic_s() - started_s < 4.0
    for timer in timers:
        timer.join()
