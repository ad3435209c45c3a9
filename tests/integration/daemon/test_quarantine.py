"""Mail that breaks things: it stops nobody, is not lost, and a person can have it tried again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, select

from maild.app.queries import list_quarantine, search_messages
from maild.clock import ManualClock, SystemClock
from maild.model.people import SHELL
from maild.store import archive
from maild.store.engine import Store
from maild.store.tables import message
from tests.integration.daemon.conftest import Installing, box, wait_for_answer, working
from tests.integration.intake.conftest import letter
from tests.servers.dovecot import DovecotServer
from tests.servers.postfix_fixtures import PostfixAndSink
from tests.servers.program import wait_until

T = TypeVar("T")

# Raw GB18030 in the header and in a body of unknown charset, a line without colon, a multipart never closed.
BROKEN = """\
From: 李雷 <customer91@customer91.example>
Subject: 询价
no colon here
Message-ID: <m91@customer91.example>
Content-Type: multipart/mixed; boundary="open"

--open
Content-Type: text/plain; charset=x-unknown

您好，我公司需要采购五百套传感器，请尽快报价，谢谢。
--op""".encode("gb18030")


class PickyStore(Store):
    """A store that takes every message but those of one subject, until it is `mended`."""

    def __init__(self, inner: Store, refused_subject: str) -> None:
        self._inner = inner
        self._refused = select(message.c.key).where(message.c.subject == refused_subject)
        self.mended = False

    @property
    def dialect(self) -> str:
        return self._inner.dialect

    def write(self, fn: Callable[[Connection], T]) -> T:
        def checked(conn: Connection) -> T:
            result = fn(conn)
            if not self.mended and conn.execute(self._refused).first():
                raise OSError("this one does not fit")
            return result

        return self._inner.write(checked)

    def read(self, fn: Callable[[Connection], T]) -> T:
        return self._inner.read(fn)


def test_a_mail_of_broken_bytes_is_archived_and_answered_and_stops_nobody(
    install: Installing, dovecot: DovecotServer, postfix: PostfixAndSink
) -> None:
    service = box("service", postfix.server.port)
    installation = install(service)
    dovecot.deliver(service.address, BROKEN)
    dovecot.deliver(service.address, letter(92))
    with installation.opened() as context:
        with working(context):
            wait_for_answer(postfix.sink, 91)
            wait_for_answer(postfix.sink, 92)
        assert list_quarantine(context, SHELL) == ()
        (found,) = search_messages(context, SHELL, "from:customer91 询价", limit=10)
    assert found.hit.message.defects
    assert "请尽快报价" in found.snippet


def test_what_fails_three_times_is_quarantined_and_freed_by_a_person(
    install: Installing, dovecot: DovecotServer, postfix: PostfixAndSink, caplog: pytest.LogCaptureFixture
) -> None:
    clock = ManualClock(SystemClock().now())
    service = box("service", postfix.server.port)
    installation = install(service)
    with installation.opened(clock) as opened:
        store = PickyStore(opened.store, "Inquiry 93")
        context = replace(opened, store=store)

        def failures() -> int:
            return sum("could not be processed" in line for line in caplog.messages)

        with working(context):
            dovecot.deliver(service.address, letter(93))
            for number in (1, 2, 3):
                wait_until(lambda: failures() == number, "another failure")  # noqa: B023
                clock.advance(timedelta(seconds=31))
                customer = 93 + number
                dovecot.deliver(service.address, letter(customer))
                wait_for_answer(postfix.sink, customer)
            shown = installation.run("quarantine", "list", "--json")
            (delivery,) = map(json.loads, shown.stdout.splitlines())
            assert delivery["error"] == "OSError: this one does not fit"
            assert context.store.read(lambda conn: archive.blob(conn, delivery["blob_sha256"])) == letter(93)
            store.mended = True
            assert installation.run("quarantine", "retry", delivery["id"]).returncode == 0
            wait_for_answer(postfix.sink, 93)
        assert list_quarantine(context, SHELL) == ()
        counts = context.store.read(archive.counts)
        assert (counts.deliveries, counts.cases) == (4, 4)
