"""Blobs by SHA-256, and the messages that they are."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from maild.errors import NotFound
from maild.model.archive import ArchiveCounts
from maild.model.case import Direction
from maild.model.mail import Address, AutomaticKind, Identity, MessageId
from maild.store import archive
from maild.store.engine import Store
from maild.store.tables import blob
from tests.store.samples import HOUR, NOW, put_message


def test_bytes_are_kept_once_and_compressed(store: Store) -> None:
    raw = bytes(range(256)) + b"Received: by example.com\r\n" * 500
    names = {store.write(lambda conn: archive.put_blob(conn, raw, NOW)) for _ in range(2)}
    assert names == {hashlib.sha256(raw).hexdigest()}
    assert store.read(lambda conn: archive.blob(conn, names.pop())) == raw
    row = store.read(lambda conn: conn.execute(select(blob)).one())
    assert row.size_bytes == len(raw)
    assert row.stored_bytes == len(row.content) < len(raw) / 10


def test_empty_bytes_are_bytes(store: Store) -> None:
    name = store.write(lambda conn: archive.put_blob(conn, b"", NOW))
    assert store.read(lambda conn: archive.blob(conn, name)) == b""


def test_many_blobs_at_once_keep_their_order(store: Store) -> None:
    raws = [b"%d" % (n % 700) for n in range(1000)]
    names = store.write(lambda conn: archive.put_blobs(conn, raws, NOW))
    assert names == [hashlib.sha256(raw).hexdigest() for raw in raws]
    assert store.read(archive.counts).blobs == 700
    assert store.read(lambda conn: archive.blobs(conn, names)) == dict(zip(names, raws, strict=True))


def test_unknown_bytes_are_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.read(lambda conn: archive.blob(conn, "0" * 64))
    name = store.write(lambda conn: archive.put_blob(conn, b"known", NOW))
    with pytest.raises(NotFound, match="1111"):
        store.read(lambda conn: archive.blobs(conn, [name, "1" * 64]))


def test_a_message_reads_as_it_was_added(store: Store) -> None:
    full = store.write(
        lambda conn: put_message(
            conn,
            "m1",
            direction=Direction.OUTGOING,
            automatic_kind=AutomaticKind.BOUNCE,
            has_attachments=True,
            duplicate_id=True,
            defects=("no date", "八位"),
            date=datetime(1969, 1, 1, tzinfo=timezone(timedelta(hours=8))).astimezone(UTC),
            author=Address(name="", address=""),
        )
    )
    bare = store.write(lambda conn: put_message(conn, "m2", author=None, date=None))
    assert store.read(lambda conn: archive.find(conn, "m1")) == full
    assert store.read(lambda conn: archive.find(conn, "m2")) == bare
    assert store.read(lambda conn: archive.find(conn, "m3")) is None
    assert store.read(lambda conn: archive.find_by_identity(conn, full.identity)) == full
    assert store.read(lambda conn: archive.find_by_identity(conn, Identity("0"))) is None


def test_what_a_database_cannot_hold_becomes_a_replacement_character(store: Store) -> None:
    store.write(lambda conn: put_message(conn, "m1", subject="a\x00b\ud83dc", defects=("\udc80",)))
    found = store.read(lambda conn: archive.find(conn, "m1"))
    assert found is not None
    assert (found.subject, found.defects) == ("a\ufffdb\ufffdc", ("\ufffd",))


def test_one_identity_is_one_message(store: Store) -> None:
    store.write(lambda conn: put_message(conn, "m1", identity=Identity("same")))
    with pytest.raises(IntegrityError):
        store.write(lambda conn: put_message(conn, "m2", identity=Identity("same")))


def test_a_message_without_its_bytes_is_refused(store: Store) -> None:
    message = store.write(lambda conn: put_message(conn, "m1"))
    lost = replace(message, key="m2", identity=Identity("2"), blob_sha256="2")
    with pytest.raises(IntegrityError):
        store.write(lambda conn: archive.add(conn, lost))


def test_a_naive_instant_is_refused(store: Store) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 -- the point of the test
    with pytest.raises(StatementError, match="without a zone"):
        store.write(lambda conn: put_message(conn, "m1", received_at=naive))


def test_messages_with_one_message_id_come_in_the_order_of_their_arrival(store: Store) -> None:
    same = MessageId("same@example.com")
    for key in ("m2", "m1"):
        store.write(partial(put_message, key=key, message_id=same))
    found = store.read(lambda conn: archive.find_by_message_id(conn, same))
    assert [message.key for message in found] == ["m1", "m2"]
    assert store.read(lambda conn: archive.find_by_message_id(conn, MessageId("other"))) == ()


def test_alike_are_the_same_message_and_those_that_share_its_message_id(store: Store) -> None:
    shared = MessageId("same@example.com")
    for key, message_id in (
        ("m3", shared),
        ("m1", MessageId("other")),
        ("m2", shared),
        ("m4", MessageId("4")),
    ):
        store.write(partial(put_message, key=key, message_id=message_id))
    same = Identity(hashlib.sha256(b"m1").hexdigest())
    found = store.read(lambda conn: archive.alike(conn, same, shared))
    assert [message.key for message in found] == ["m1", "m2", "m3"]
    assert store.read(lambda conn: archive.alike(conn, Identity("0"), MessageId("0"))) == ()


def test_a_message_id_longer_than_an_index_takes_is_found(store: Store) -> None:
    long = MessageId("长" * 4000)
    store.write(lambda conn: put_message(conn, "m1", message_id=long))
    assert [m.key for m in store.read(lambda conn: archive.find_by_message_id(conn, long))] == ["m1"]
    assert store.read(lambda conn: archive.find_by_message_id(conn, MessageId(long + "长"))) == ()


def test_a_thread_is_in_the_order_of_receipt(store: Store) -> None:
    store.write(lambda conn: put_message(conn, "m1", received_at=NOW + HOUR))
    store.write(lambda conn: put_message(conn, "m2", received_at=NOW))
    store.write(lambda conn: put_message(conn, "m3", thread_id="thread-2"))
    assert [m.key for m in store.read(lambda conn: archive.in_thread(conn, "thread-1"))] == ["m2", "m1"]


def test_the_archive_counts_itself(store: Store) -> None:
    assert store.read(archive.counts) == ArchiveCounts(
        messages=0, blobs=0, stored_bytes=0, deliveries=0, cases=0
    )
    store.write(lambda conn: put_message(conn, "m1"))
    counted = store.read(archive.counts)
    assert (counted.messages, counted.blobs, counted.deliveries, counted.cases) == (1, 1, 0, 0)
    assert counted.stored_bytes > 0
