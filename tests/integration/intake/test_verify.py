"""Server against ledger: `maild mailbox verify` shows what is missing, and the watch reads it again."""

import json
import logging
import sqlite3
from contextlib import closing

import pytest

from tests.integration.intake.conftest import Intake, Opening, acting, letter, watched
from tests.servers.program import free_port, wait_until


def forget(intake: Intake, uid: int) -> None:
    """Take a row out of the ledger, as no code of maild does."""
    with closing(sqlite3.connect(intake.installation.database)) as database, database:
        assert database.execute("DELETE FROM ledger WHERE uid = ?", (uid,)).rowcount == 1


def test_verify_prints_server_against_ledger(opened: Opening) -> None:
    intake = opened()
    for number in range(3):
        intake.deliver(letter(number))
    before = intake.installation.run("mailbox", "verify", "--json")
    assert before.returncode == 1, before.stderr
    sent, inbox = map(json.loads, before.stdout.splitlines())
    assert (sent["folder"], sent["on_server"], sent["missing"]) == ("Sent", 0, [])
    assert (inbox["folder"], inbox["on_server"], inbox["in_ledger"]) == ("INBOX", 3, 0)
    intake.poll()
    intake.process()
    after = intake.installation.run("mailbox", "verify")
    assert after.returncode == 0, after.stderr
    (row,) = (line for line in after.stdout.splitlines() if "INBOX" in line)
    cells = [cell.strip() for cell in row.strip("│ ").split("│")]
    assert cells == ["service", "INBOX", "3", "3", "none", "0", "0", "0"]


def test_a_row_lost_from_the_ledger_is_found_told_and_read_again(
    opened: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    intake = opened()
    for number in range(3):
        intake.deliver(letter(number))
    intake.poll()
    intake.process()
    forget(intake, 2)
    assert intake.verify()[-1].missing == (2,)
    with caplog.at_level(logging.ERROR), watched(intake):
        wait_until(lambda: intake.verify()[-1].complete, "the message read again")
    (alarm,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert alarm.getMessage() == (
        "service/INBOX: the server holds 1 messages that are not here (UIDs 2); they are read again"
    )
    intake.process()
    counts = intake.counts()
    assert (counts.deliveries, counts.messages, counts.cases) == (3, 6, 3)


def test_an_unreachable_server_is_one_line_and_the_others_are_shown(opened: Opening) -> None:
    port = free_port()
    intake = opened(acting("broken", imap={"port": port}), acting("service"))
    done = intake.installation.run("mailbox", "verify", "--json")
    assert done.returncode == 3
    assert [json.loads(line)["mailbox"] for line in done.stdout.splitlines()] == ["service", "service"]
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"maild: mailbox broken: 127.0.0.1:{port} cannot be reached, nobody listens there")
