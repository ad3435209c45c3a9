"""What the mailbox in memory can do beyond the contract: be cut at a given call."""

import threading

import pytest

from maild.errors import ConnectionLost, LoginRefused
from maild.rehearsal.imap import FakeImap


def cut_at(number: int) -> FakeImap:
    def hook(_method: str, call: int) -> None:
        if call == number:
            raise ConnectionLost("cut on purpose")

    return FakeImap(hook)


def test_every_call_is_counted_over_all_sessions() -> None:
    calls: list[tuple[str, int]] = []
    server = FakeImap(lambda method, call: calls.append((method, call)))
    server.deliver(b"one")
    for _ in range(2):
        session = server.connect()
        session.select("INBOX")
        assert len(list(session.fetch(session.all_uids()))) == 1
        session.close()
    methods = ["connect", "select", "uids_after", "fetch"] * 2
    assert calls == list(zip(methods, range(1, 9), strict=True))


def test_a_session_cut_by_the_hook_stays_cut() -> None:
    server = cut_at(3)
    session = server.connect()
    session.select("INBOX")
    with pytest.raises(ConnectionLost, match="on purpose"):
        session.all_uids()
    with pytest.raises(ConnectionLost, match="closed"):
        session.all_uids()
    assert server.connect().select("INBOX").message_count == 0


def test_a_refusal_stands_until_it_is_lifted() -> None:
    server = FakeImap()
    server.refusal = LoginRefused("wrong password")
    with pytest.raises(LoginRefused):
        server.connect()
    server.refusal = None
    assert server.connect().find_sent() == "Sent"


def test_without_idle_only_the_next_poll_tells() -> None:
    server = FakeImap(idle=False)
    session = server.connect()
    session.select("INBOX")
    server.deliver(b"one")
    assert not session.wait(0.01, threading.Event())
    assert session.uids_after(0) == [1]
