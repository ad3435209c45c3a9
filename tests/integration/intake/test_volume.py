"""Many messages, and lines that break in the middle of them: each is archived exactly once."""

import logging
from contextlib import suppress

import pytest

from maild.errors import ConnectionLost
from tests.integration.intake.conftest import Intake, Opening, acting, letter, watched
from tests.servers.dovecot import DovecotServer
from tests.servers.program import wait_until
from tests.servers.proxy import Side, TcpProxy, Trap


def archived_once(intake: Intake, total: int) -> None:
    """Every delivery is processed, with one message, one case and one answer each."""
    intake.process()
    counts = intake.counts()
    assert (counts.deliveries, counts.cases) == (total, total)
    assert (counts.messages, counts.blobs) == (2 * total, 2 * total)  # each with its acknowledgement
    assert len({answer.recipients[0].address for answer in intake.answers()}) == total
    for found in intake.verify():
        assert found.complete
        assert (found.unprocessed, found.quarantined, found.gone_from_server) == (0, 0, 0)
    assert sum(found.on_server for found in intake.verify()) == total


def test_a_thousand_messages(opened: Opening) -> None:
    intake = opened()
    for number in range(1000):
        intake.deliver(letter(number))
    assert intake.poll() == 1000
    assert intake.poll() == 0
    archived_once(intake, 1000)


def test_a_line_cut_in_the_middle_comes_back_by_itself(
    opened: Opening, dovecot: DovecotServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "maild.app.watch")
    with TcpProxy(dovecot.imaps_port) as proxy:
        intake = opened(acting(imap={"port": proxy.port}))
        for number in range(250):  # 200 come with one FETCH
            intake.deliver(letter(number, body="pieces " * 70))
        proxy.set_trap(Trap(side=Side.SERVER, after_bytes=30_000, forward=False))
        proxy.set_trap(Trap(side=Side.SERVER, after_bytes=210_000))
        with watched(intake):
            wait_until(lambda: "service: reading" in caplog.messages, "the mailbox read to its end")
            proxy.cut()
            intake.deliver(letter(250))
            wait_until(lambda: intake.counts().deliveries == 251, "the one after the cut")
        lost = [record for record in caplog.records if "trying again" in record.message]
        assert len(lost) == 3
        assert 0 < intake.counts().blobs == 251
        (_, inbox) = intake.verify()
        assert (inbox.complete, inbox.on_server, inbox.in_ledger) == (True, 251, 251)


def test_a_line_that_always_breaks_soon_brings_everything_in_the_end(
    opened: Opening, dovecot: DovecotServer
) -> None:
    with TcpProxy(dovecot.imaps_port) as proxy:
        intake = opened(acting(imap={"port": proxy.port}))
        for number in range(30):
            intake.deliver(letter(number, body="pieces \n" * 1200))
        polls = 0
        while intake.counts().deliveries < 30:
            proxy.set_trap(Trap(side=Side.SERVER, after_bytes=60_000))
            with suppress(ConnectionLost):
                intake.poll()
            polls += 1
            assert polls <= 30, "no progress"
        assert polls >= 5
        intake.poll()
        archived_once(intake, 30)
