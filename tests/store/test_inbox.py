"""The ledger: every delivery once, and how far it has come."""

import hashlib
from functools import partial

import pytest

from maild.errors import NotFound
from maild.model.intake import Cursor, FolderRole, LedgerEntry, LedgerState, Origin
from maild.store import archive, inbox
from maild.store.engine import Store
from tests.store.samples import HOUR, NOW, ORIGIN, fetched, numbered, put_message


def ingest(store: Store, *uids: int, acts: bool = True, origin: Origin = ORIGIN) -> int:
    messages = [(fetched(uid), acts) for uid in uids]
    new_id = numbered(f"{origin.mailbox}-{max(uids)}")
    return store.write(lambda conn: inbox.ingest(conn, origin, messages, now=NOW, new_id=new_id))


def pending(store: Store, limit: int = 10) -> tuple[LedgerEntry, ...]:
    return store.read(lambda conn: inbox.pending(conn, limit, NOW))


def test_a_delivery_is_taken_in_once(store: Store) -> None:
    assert ingest(store, 1, 2) == 2
    assert ingest(store, 2, 3) == 1
    assert store.read(lambda conn: inbox.ledger_uids(conn, "service", "INBOX", 7)) == {1, 2, 3}


def test_one_uid_twice_in_one_batch_is_one_delivery(store: Store) -> None:
    assert ingest(store, 4, 4) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Origin(mailbox="b", folder="INBOX", role=FolderRole.INBOX, uidvalidity=7), id="mailbox"),
        pytest.param(
            Origin(mailbox="service", folder="Sent", role=FolderRole.SENT, uidvalidity=7), id="folder"
        ),
        pytest.param(
            Origin(mailbox="service", folder="INBOX", role=FolderRole.INBOX, uidvalidity=8), id="uidvalidity"
        ),
    ],
)
def test_the_same_uid_elsewhere_is_another_delivery_of_the_same_bytes(store: Store, other: Origin) -> None:
    messages = [(fetched(1), True)]
    for origin, prefix in ((ORIGIN, "a"), (other, "b")):
        new_id = numbered(prefix)
        store.write(partial(inbox.ingest, origin=origin, fetched=messages, now=NOW, new_id=new_id))
    assert [entry.origin for entry in pending(store)] == [ORIGIN, other]
    assert store.read(archive.counts).blobs == 1


def test_a_delivery_reads_as_it_was_fetched(store: Store) -> None:
    ingest(store, 5, acts=False)
    entry = pending(store)[0]
    assert entry == LedgerEntry(
        id="service-5-0001",
        origin=ORIGIN,
        uid=5,
        blob_sha256=hashlib.sha256(fetched(5).raw).hexdigest(),
        received_at=NOW,
        acts=False,
    )
    assert store.read(lambda conn: archive.blob(conn, entry.blob_sha256)) == fetched(5).raw


def test_more_uids_than_fit_into_one_question(store: Store) -> None:
    assert ingest(store, *range(1, 1203)) == 1202
    assert ingest(store, *range(1, 1204)) == 1


def test_nothing_fetched_is_nothing_new(store: Store) -> None:
    assert store.write(lambda conn: inbox.ingest(conn, ORIGIN, [], now=NOW, new_id=numbered())) == 0


def test_pending_is_bounded_and_oldest_first(store: Store) -> None:
    ingest(store, 1, 2, 3)
    assert [entry.uid for entry in pending(store, limit=2)] == [1, 2]


def test_a_processed_delivery_is_not_pending_nor_locked(store: Store) -> None:
    ingest(store, 1)
    store.write(lambda conn: put_message(conn, "m1"))
    store.write(lambda conn: inbox.mark_processed(conn, {"service-1-0001": "m1"}, NOW))
    assert pending(store) == ()
    assert store.write(lambda conn: inbox.lock_entries(conn, ["service-1-0001"])) == ()
    found = store.read(lambda conn: inbox.deliveries(conn, "m1"))
    assert [(entry.state, entry.message_key) for entry in found] == [(LedgerState.PROCESSED, "m1")]


def test_those_that_are_new_are_locked_oldest_first(store: Store) -> None:
    ingest(store, 1, 2, 3)
    new_id = "service-3-000{}".format
    store.write(lambda conn: put_message(conn, "m1"))
    store.write(lambda conn: inbox.mark_processed(conn, {new_id(2): "m1"}, NOW))
    locked = store.write(lambda conn: inbox.lock_entries(conn, [new_id(3), new_id(2), new_id(1), "gone"]))
    assert [entry.uid for entry in locked] == [1, 3]
    assert store.write(lambda conn: inbox.lock_entries(conn, [])) == ()


def test_several_deliveries_are_marked_at_once(store: Store) -> None:
    ingest(store, 1, 2, 3)
    for key in ("m1", "m2"):
        store.write(partial(put_message, key=key))
    done = {"service-3-0001": "m1", "service-3-0003": "m2"}
    store.write(lambda conn: inbox.mark_processed(conn, done, NOW))
    store.write(lambda conn: inbox.mark_processed(conn, {}, NOW))
    assert [entry.uid for entry in pending(store)] == [2]
    assert [entry.uid for entry in store.read(lambda conn: inbox.deliveries(conn, "m2"))] == [3]


def test_a_failure_waits_and_the_third_is_quarantined_until_a_person_retries(store: Store) -> None:
    ingest(store, 1)

    def fail() -> LedgerState:
        return store.write(
            lambda conn: inbox.mark_failed(conn, "service-1-0001", "bad \x00", now=NOW, retry_at=NOW + HOUR)
        )

    assert fail() is LedgerState.NEW
    assert pending(store) == ()
    later = store.read(lambda conn: inbox.pending(conn, 1, NOW + HOUR))
    assert [(entry.attempts, entry.error) for entry in later] == [(1, "bad \ufffd")]
    assert [fail(), fail()] == [LedgerState.NEW, LedgerState.QUARANTINED]
    assert [entry.id for entry in store.read(inbox.quarantined)] == ["service-1-0001"]
    assert store.write(lambda conn: inbox.retry(conn, "service-1-0001"))
    assert not store.write(lambda conn: inbox.retry(conn, "service-1-0001"))
    assert [entry.attempts for entry in pending(store)] == [0]


def test_what_waits_in_a_mailbox_is_told_and_counted(store: Store) -> None:
    def waits(mailbox: str) -> bool:
        return store.read(lambda conn: inbox.has_waiting(conn, mailbox))

    def fail() -> None:
        store.write(lambda conn: inbox.mark_failed(conn, second, "", now=NOW, retry_at=NOW + HOUR, limit=2))

    assert not waits("service")
    ingest(store, 1, 2)
    first, second = (entry.id for entry in pending(store))
    store.write(lambda conn: put_message(conn, "m1"))
    store.write(lambda conn: inbox.mark_processed(conn, {first: "m1"}, NOW))
    assert (waits("service"), waits("sales")) == (True, False)
    counts = store.read(lambda conn: inbox.state_counts(conn, "service", "INBOX"))
    assert counts == {LedgerState.NEW: 1, LedgerState.PROCESSED: 1}
    fail()
    assert waits("service")
    fail()
    assert not waits("service")


def test_a_failure_of_nothing_is_an_error(store: Store) -> None:
    with pytest.raises(NotFound, match="no delivery"):
        store.write(lambda conn: inbox.mark_failed(conn, "gone", "", now=NOW, retry_at=NOW))


def test_a_cursor_is_kept_and_replaced(store: Store) -> None:
    first = Cursor(uidvalidity=7, last_uid=10, polled_at=None)
    second = Cursor(uidvalidity=4_294_967_295, last_uid=11, polled_at=NOW)
    assert store.read(lambda conn: inbox.cursor(conn, "service", "INBOX")) is None
    for cursor in (first, second):
        store.write(partial(inbox.set_cursor, mailbox="service", folder="INBOX", cursor=cursor))
        assert store.read(lambda conn: inbox.cursor(conn, "service", "INBOX")) == cursor


def test_a_mailbox_is_first_seen_once(store: Store) -> None:
    assert store.write(lambda conn: inbox.mailbox_since(conn, "service", NOW)) == NOW
    assert store.write(lambda conn: inbox.mailbox_since(conn, "service", NOW + HOUR)) == NOW


def test_imports_have_numbers_of_their_own_and_their_bytes_are_known(store: Store) -> None:
    origin = Origin(mailbox="service", folder="import", role=FolderRole.INBOX, uidvalidity=0)
    digest = hashlib.sha256(fetched(1).raw).hexdigest()
    assert store.read(lambda conn: inbox.next_import_uid(conn, "service", "import")) == 1
    assert store.read(lambda conn: inbox.known_blobs(conn, "service", "import", [digest])) == set()
    ingest(store, 1, origin=origin)
    assert store.read(lambda conn: inbox.next_import_uid(conn, "service", "import")) == 2
    assert store.read(lambda conn: inbox.known_blobs(conn, "service", "import", [digest])) == {digest}
    assert store.read(lambda conn: inbox.known_blobs(conn, "service", "other", [digest])) == set()


def test_the_cursors_of_a_mailbox(store: Store) -> None:
    inbox_, sent = (Cursor(uidvalidity=7, last_uid=uid, polled_at=NOW) for uid in (1, 2))
    for mailbox, folder, cursor in (
        ("service", "INBOX", inbox_),
        ("service", "Sent", sent),
        ("b", "INBOX", sent),
    ):
        store.write(partial(inbox.set_cursor, mailbox=mailbox, folder=folder, cursor=cursor))
    assert store.read(lambda conn: inbox.cursors(conn, "service")) == {"INBOX": inbox_, "Sent": sent}
    assert store.read(lambda conn: inbox.cursors(conn, "nobody")) == {}


def test_a_folder_counts_its_states(store: Store) -> None:
    ingest(store, 1, 2, 3)
    ingest(store, 9, origin=Origin(mailbox="b", folder="INBOX", role=FolderRole.INBOX, uidvalidity=7))
    store.write(lambda conn: put_message(conn, "m1"))
    store.write(lambda conn: inbox.mark_processed(conn, {"service-3-0001": "m1"}, NOW))
    counted = store.read(lambda conn: inbox.state_counts(conn, "service", "INBOX"))
    assert counted == {LedgerState.NEW: 2, LedgerState.PROCESSED: 1}
    assert [e.uid for e in store.read(lambda conn: inbox.of_folder(conn, "service", "INBOX"))] == [1, 2, 3]
