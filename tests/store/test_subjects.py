"""Under which subjects the mail of a case stands, and which cases a thread has mail in."""

from sqlalchemy import Connection

from maild.model.case import CaseId, Direction, JoinReason
from maild.store import cases, subjects
from maild.store.engine import Store
from tests.store.samples import NOW, put_case, put_message


def _put(conn: Connection, key: str, case_id: str, subject: str, thread_id: str) -> None:
    put_message(conn, key, base_subject=subject, thread_id=thread_id)
    of_case, way = CaseId(case_id), Direction.INCOMING
    cases.add_message(conn, of_case, key, way, JoinReason.THREAD, "", True, NOW)


def test_subjects_of_cases_and_cases_of_threads(store: Store) -> None:
    def transaction(conn: Connection) -> None:
        for number in (2, 1):
            put_case(conn, f"case-{number}")
        _put(conn, "m1", "case-1", "投诉", "t1")
        _put(conn, "m2", "case-1", "投诉", "t1")
        _put(conn, "m3", "case-2", "发货", "t1")
        put_message(conn, "m4", base_subject="甲", thread_id="t1")

    store.write(transaction)
    assert store.read(lambda conn: subjects.of_case(conn, CaseId("case-1"))) == {"报价 quote", "投诉"}
    assert store.read(lambda conn: subjects.of_case(conn, CaseId("case-9"))) == frozenset()
    assert store.read(lambda conn: subjects.cases_of_thread(conn, "t1")) == ("case-1", "case-2")
    assert store.read(lambda conn: subjects.cases_of_thread(conn, "t9")) == ()
