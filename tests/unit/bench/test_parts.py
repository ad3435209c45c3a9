"""What is measured, and what is left out of it."""

import pytest

from bench.importing import check_complete
from bench.latency import Ear
from bench.stdlib import legacy, modern
from bench.traffic import Traffic
from maild.parsers.message import read
from tests.servers.proxy import Side

IDLING = b"K12 OK Search completed (0.001 + 0.000 secs).\r\n+ idling\r\n"
NOTICE = b"* 7 EXISTS\r\n* 1 RECENT\r\n"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param('{"seen": 3, "new": 2, "quarantined": 0}', id="twice"),
        pytest.param('{"seen": 2, "new": 2, "quarantined": 0}', id="unread"),
        pytest.param('{"seen": 3, "new": 3, "quarantined": 1}', id="quarantined"),
    ],
)
def test_an_import_that_loses_mail_is_told(told: str) -> None:
    with pytest.raises(RuntimeError, match="not every message was imported"):
        check_complete(told, 3)


def test_a_whole_import_passes() -> None:
    check_complete('{"seen": 3, "new": 3, "quarantined": 0}\n', 3)


def test_both_ways_of_the_standard_library_read_alike() -> None:
    for made in Traffic(count=60):
        assert legacy(made.raw) == modern(made.raw)


def test_the_standard_library_and_maild_read_alike() -> None:
    for made in Traffic(count=60):
        plain, own = modern(made.raw), read(made.raw)
        assert (plain.message_id, plain.subject) == (f"<{own.message_id}>", own.subject)
        assert plain.text.split() == own.text.split()


def test_a_notice_is_heard_once() -> None:
    ear = Ear(side=Side.SERVER)
    assert not ear.springs(Side.SERVER, IDLING, 60)
    assert ear.idling
    assert not ear.springs(Side.SERVER, IDLING + NOTICE, 90)
    first = ear.noticed_at_s
    ear.springs(Side.SERVER, NOTICE + b"* 8 EXISTS\r\n", 102)
    assert first is not None
    assert ear.noticed_at_s == first
    assert not ear.idling


def test_only_the_server_is_heard() -> None:
    ear = Ear(side=Side.SERVER)
    ear.springs(Side.CLIENT, IDLING + NOTICE, 90)
    assert not ear.idling
    assert ear.noticed_at_s is None


def test_what_was_said_before_idling_is_no_notice() -> None:
    ear = Ear(side=Side.SERVER)
    ear.springs(Side.SERVER, NOTICE + IDLING, 90)
    assert ear.idling
    assert ear.noticed_at_s is None
