"""Which thread a Message-ID belongs to."""

from functools import partial

from maild.model.case import CaseId
from maild.model.mail import MessageId
from maild.store import archive, threads
from maild.store.engine import Store
from tests.store.samples import put_case, put_message

A, B, C = MessageId("a@x"), MessageId("b@x"), MessageId("c@x")


def known(store: Store, *ids: MessageId) -> dict[MessageId, str]:
    return dict(store.read(lambda conn: threads.known(conn, ids)).threads)


def test_an_id_is_in_the_thread_it_was_put_into(store: Store) -> None:
    assert known(store, A, B) == {}
    store.write(lambda conn: threads.add(conn, [A, A], "t1"))
    store.write(lambda conn: threads.add(conn, [B, C], "t2"))
    store.write(lambda conn: threads.add(conn, [], "t3"))
    assert known(store, A, B, C, MessageId("d@x")) == {A: "t1", B: "t2", C: "t2"}


def test_ids_are_told_apart_by_case(store: Store) -> None:
    store.write(lambda conn: threads.add(conn, [A], "t1"))
    assert known(store, MessageId("A@x")) == {}


def test_a_long_id_and_an_unstorable_one_are_known_by_their_own_spelling(store: Store) -> None:
    odd = [MessageId("x" * 5000), MessageId("nul\x00@x"), MessageId("sur\udc80@x")]
    store.write(lambda conn: threads.add(conn, odd, "t1"))
    assert known(store, *odd) == dict.fromkeys(odd, "t1")


def test_more_ids_than_fit_into_one_question(store: Store) -> None:
    ids = [MessageId(f"{n}@x") for n in range(1100)]
    store.write(lambda conn: threads.add(conn, ids, "t1"))
    assert len(known(store, *ids)) == 1100


def test_merging_moves_ids_and_messages_and_the_case(store: Store) -> None:
    store.write(lambda conn: put_message(conn, "m1", thread_id="t2"))
    store.write(lambda conn: threads.add(conn, [A], "t1"))
    store.write(lambda conn: threads.add(conn, [B], "t2"))
    store.write(put_case)
    store.write(lambda conn: threads.bind_case(conn, "t2", CaseId("case-1")))
    store.write(lambda conn: threads.merge(conn, "t1", ["t2", "t1"]))
    assert known(store, A, B) == {A: "t1", B: "t1"}
    assert [m.key for m in store.read(lambda conn: archive.in_thread(conn, "t1"))] == ["m1"]
    assert store.read(lambda conn: threads.case_of(conn, "t1")) == "case-1"
    assert store.read(lambda conn: threads.case_of(conn, "t2")) is None


def test_merging_keeps_the_case_of_the_thread_that_stays(store: Store) -> None:
    for number, thread in ((1, "t1"), (2, "t2")):
        case = f"case-{number}"
        store.write(lambda conn: put_case(conn, case))  # noqa: B023 -- runs within the iteration
        store.write(lambda conn: threads.bind_case(conn, thread, CaseId(case)))  # noqa: B023
    store.write(lambda conn: threads.merge(conn, "t1", ["t2"]))
    assert store.read(lambda conn: threads.case_of(conn, "t1")) == "case-1"


def test_merging_without_cases_or_with_itself_changes_nothing_else(store: Store) -> None:
    store.write(lambda conn: threads.add(conn, [A], "t1"))
    store.write(lambda conn: threads.merge(conn, "t1", ["t1"]))
    store.write(lambda conn: threads.merge(conn, "t1", ["t9"]))
    assert known(store, A) == {A: "t1"}
    assert store.read(lambda conn: threads.case_of(conn, "t1")) is None


def test_a_thread_belongs_to_the_case_it_was_bound_to_last(store: Store) -> None:
    store.write(put_case)
    store.write(lambda conn: put_case(conn, "case-2"))
    for case in (CaseId("case-1"), CaseId("case-2")):
        store.write(lambda conn: threads.bind_case(conn, "t1", case))  # noqa: B023 -- runs within the iteration
    assert store.read(lambda conn: threads.case_of(conn, "t1")) == "case-2"


def test_what_is_known_of_ids_tells_the_cases_of_their_threads(store: Store) -> None:
    for one, thread in ((A, "t1"), (B, "t1"), (C, "t2")):
        store.write(partial(threads.add, ids=[one], thread_id=thread))
    store.write(put_case)
    store.write(lambda conn: threads.bind_case(conn, "t1", CaseId("case-1")))
    assert store.read(lambda conn: threads.known(conn, [A, B, C])).cases == {"t1": "case-1"}
    assert store.read(lambda conn: threads.known(conn, [C])).cases == {}
