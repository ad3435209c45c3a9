"""Mail that waits for a person, and who has how much to do: on each database."""

import pytest
from sqlalchemy import Connection

from maild.errors import NotFound
from maild.model.case import CaseId, CaseTraits
from maild.model.people import Workload
from maild.store import cases, review
from maild.store.case_traits import workloads
from maild.store.engine import Store
from tests.store.samples import HOUR, NOW, put_case, put_message

TRAITS = CaseTraits(
    owner="li@example.com",
    department="采购",
    labels=("a", "b c"),
    fields=(("x", "1"), ("y", "二")),
    confidential=True,
)


def test_what_waits_comes_oldest_first_until_it_is_settled(store: Store) -> None:
    def fill(conn: Connection) -> None:
        for key, at in (("late", NOW + HOUR), ("early", NOW)):
            put_message(conn, key)
            review.add(conn, key, "service", "no rule matched", at)

    store.write(fill)
    waiting = store.read(lambda conn: review.waiting(conn, 10))
    assert [(one.message.key, one.reason, one.since_at) for one in waiting] == [
        ("early", "no rule matched", NOW),
        ("late", "no rule matched", NOW + HOUR),
    ]
    assert len(store.read(lambda conn: review.waiting(conn, 1))) == 1
    store.write(lambda conn: review.settle(conn, "early", "done", NOW))
    assert [one.message.key for one in store.read(lambda conn: review.waiting(conn, 10))] == ["late"]
    with pytest.raises(NotFound):
        store.write(lambda conn: review.settle(conn, "early", "done", NOW))


def test_a_case_keeps_what_rules_settled(store: Store) -> None:
    saved = store.write(lambda conn: put_case(conn, traits=TRAITS))
    assert store.read(lambda conn: cases.get(conn, saved.id)).traits == TRAITS


def test_who_has_how_much_to_do_in_the_order_asked(store: Store) -> None:
    def fill(conn: Connection) -> None:
        for serial, owner, closed_at, merged_into in (
            (1, "li@example.com", None, None),
            (2, "wu@example.com", None, None),
            (3, "li@example.com", NOW, None),
            (4, "li@example.com", None, CaseId("case-1")),
        ):
            put_case(
                conn,
                f"case-{serial}",
                serial=serial,
                number=f"KF-2026-{serial:05}",
                closed_at=closed_at,
                merged_into=merged_into,
                traits=CaseTraits(owner=owner),
            )

    store.write(fill)
    people = ("new@example.com", "wu@example.com", "li@example.com")
    assert store.read(lambda conn: workloads(conn, people)) == (
        Workload(person="new@example.com", open_cases=0, last_serial=0),
        Workload(person="wu@example.com", open_cases=1, last_serial=2),
        Workload(person="li@example.com", open_cases=1, last_serial=4),
    )


def test_the_kinds_of_which_a_case_is_open(store: Store) -> None:
    def fill(conn: Connection) -> None:
        put_case(conn, "case-1", kind="request")
        put_case(conn, "case-2", serial=2, number="KF-2026-00002", kind="contract", closed_at=NOW)

    store.write(fill)
    assert store.read(cases.open_kinds) == ("request",)
