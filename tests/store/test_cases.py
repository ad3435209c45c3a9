"""Case rows, their numbers, their messages."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from maild.errors import NotFound, StoreBusy
from maild.model.archive import CaseMessage
from maild.model.case import Case, CaseId, Direction, JoinReason
from maild.model.mail import Address
from maild.store import cases
from maild.store.engine import Store
from tests.store.samples import HOUR, NOW, case, move, opened, put_case, put_message


def test_a_case_reads_as_it_was_saved(store: Store) -> None:
    saved = store.write(
        partial(put_case, closed_at=NOW, participants=frozenset(), contact=Address(name="", address="王@x"))
    )
    assert store.read(lambda conn: cases.get(conn, saved.id)) == saved
    changed = store.write(lambda conn: move(conn, saved, "solved"))
    assert store.read(lambda conn: cases.get(conn, saved.id)) == changed


def test_no_such_case(store: Store) -> None:
    with pytest.raises(NotFound, match="case-9"):
        store.read(lambda conn: cases.get(conn, CaseId("case-9")))


def test_numbers_run_by_prefix_and_year_and_serials_through_all(store: Store) -> None:
    scopes = [("KF", 2026), ("KF", 2026), ("GY", 2026), ("KF", 2027)]
    taken = [store.write(partial(cases.take, prefix=prefix, year=year)) for prefix, year in scopes]
    assert taken == [(1, 1), (2, 2), (3, 1), (4, 1)]
    assert store.read(lambda conn: cases.reserve(conn, "KF", 2026)) == (5, 3)
    assert store.read(lambda conn: cases.reserve(conn, "KF", 2026)) == (5, 3)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("KF-2026-00001", id="as it is"),
        pytest.param(" kf-2026-00001 ", id="small"),
        pytest.param("ＫＦ－２０２６－００００１", id="full-width"),
        pytest.param("kf-2026-00007", id="merged"),
        pytest.param("KF-2026-00009", id="merged twice"),
    ],
)
def test_a_case_is_found_by_its_number(store: Store, written: str) -> None:
    saved = store.write(put_case)
    store.write(partial(put_case, case_id="case-7", merged_into=saved.id))
    store.write(partial(put_case, case_id="case-9", merged_into=CaseId("case-7")))
    assert store.read(lambda conn: cases.by_number(conn, written)) == saved


def test_a_number_or_serial_that_nobody_has(store: Store) -> None:
    saved = store.write(put_case)
    assert store.read(lambda conn: cases.by_number(conn, "KF-2026-00002")) is None
    assert store.read(lambda conn: cases.by_serial(conn, 1)) == saved
    assert store.read(lambda conn: cases.by_serial(conn, 2)) is None


def test_a_case_that_merged_is_only_found_by_its_very_number(store: Store) -> None:
    saved = store.write(put_case)
    merged = store.write(partial(put_case, case_id="case-7", merged_into=saved.id))
    assert store.read(lambda conn: cases.of_number(conn, "KF-2026-00007")) == merged
    assert store.read(lambda conn: cases.by_serial(conn, 7)) == saved
    assert store.read(lambda conn: cases.list_cases(conn, limit=10)) == (saved,)
    assert store.read(lambda conn: cases.recent(conn, saved.base_subject, NOW)) == (saved,)


def test_messages_move_to_another_case(store: Store) -> None:
    for case_id in ("case-1", "case-2"):
        store.write(partial(put_case, case_id=case_id))
    for key in ("m1", "m2"):
        store.write(partial(put_message, key=key))
        joined(store, "case-1", key)
    store.write(lambda conn: cases.move_messages(conn, ["m2"], CaseId("case-2"), "误并", NOW + HOUR))
    (stayed,) = store.read(lambda conn: cases.messages(conn, CaseId("case-1")))
    (moved,) = store.read(lambda conn: cases.messages(conn, CaseId("case-2")))
    assert (stayed.message.key, stayed.join) == ("m1", JoinReason.NUMBER)
    assert (moved.message.key, moved.join, moved.reason) == ("m2", JoinReason.MOVED, "误并")
    assert (moved.joined_at, moved.verified) == (NOW + HOUR, True)


def test_recent_cases_of_a_subject_latest_first(store: Store) -> None:
    long = "报" * 5000
    for number, subject, at in (
        (1, long, NOW),
        (2, long, NOW + HOUR),
        (3, long[:-1] + "价", NOW),
        (4, long, NOW - HOUR),
    ):
        store.write(partial(put_case, case_id=f"case-{number}", base_subject=subject, updated_at=at))
    found = store.read(lambda conn: cases.recent(conn, long, NOW))
    assert [each.id for each in found] == ["case-2", "case-1"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param({}, ["case-3", "case-2", "case-1"], id="all, newest first"),
        pytest.param({"kind": "complaint"}, ["case-3", "case-1"], id="kind"),
        pytest.param({"stage": "solved", "kind": "complaint"}, ["case-3"], id="kind and stage"),
        pytest.param({"mailbox": "sales"}, ["case-2"], id="mailbox"),
        pytest.param({"limit": 1, "offset": 1}, ["case-2"], id="a page"),
    ],
)
def test_listing(store: Store, wanted: dict[str, str | int], found: list[str]) -> None:
    store.write(partial(put_case, case_id="case-1"))
    store.write(partial(put_case, case_id="case-2", kind="request", mailbox="sales", opened_at=NOW + HOUR))
    store.write(partial(put_case, case_id="case-3", stage="solved", opened_at=NOW + 2 * HOUR))
    listed = store.read(partial(cases.list_cases, **({"limit": 10} | wanted)))  # type: ignore[arg-type]  # by name
    assert [each.id for each in listed] == found


def test_a_lost_race_is_told_and_changes_nothing(store: Store) -> None:
    first = store.write(put_case)
    store.write(lambda conn: move(conn, first, "solved"))
    with pytest.raises(StoreBusy, match="version 1"):
        store.write(lambda conn: move(conn, first, "lost"))
    assert store.read(lambda conn: cases.get(conn, first.id)).stage == "solved"
    assert len(store.read(lambda conn: cases.journal(conn, first.id))) == 2


def test_a_number_given_twice_is_a_lost_race(store: Store) -> None:
    store.write(put_case)
    with pytest.raises(StoreBusy, match="opened by another"):
        store.write(partial(put_case, case_id="case-2", number="kf-2026-00001"))


def test_a_version_must_count_the_events(store: Store) -> None:
    wrong = replace(case(), version=2)
    with pytest.raises(ValueError, match="version 2 after 1 events"):
        store.write(lambda conn: cases.save(conn, None, wrong, [opened(wrong)], at=NOW))


def joined(store: Store, case_id: str, key: str, verified: bool = True, at: datetime = NOW) -> None:
    store.write(
        lambda conn: cases.add_message(
            conn, CaseId(case_id), key, Direction.OUTGOING, JoinReason.NUMBER, "编号", verified, at
        )
    )


def test_messages_of_a_case_in_the_order_of_joining(store: Store) -> None:
    store.write(put_case)
    late = store.write(partial(put_message, key="m1"))
    early = store.write(partial(put_message, key="m2", received_at=NOW + HOUR))
    joined(store, "case-1", "m1", at=NOW + HOUR)
    joined(store, "case-1", "m2", verified=False)
    found = store.read(lambda conn: cases.messages(conn, CaseId("case-1")))
    assert [each.message for each in found] == [early, late]
    assert found[0] == CaseMessage(
        message=early,
        case_id=CaseId("case-1"),
        direction=Direction.OUTGOING,
        join=JoinReason.NUMBER,
        reason="编号",
        verified=False,
        joined_at=NOW,
    )
    assert store.read(lambda conn: cases.case_of_message(conn, "m1")) == "case-1"
    assert store.read(lambda conn: cases.case_of_message(conn, "m3")) is None


def test_a_case_may_have_no_messages(store: Store) -> None:
    saved: Case = store.write(put_case)
    assert store.read(lambda conn: cases.messages(conn, saved.id)) == ()
