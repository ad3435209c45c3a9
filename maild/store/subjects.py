"""Under which subjects the mail of a case stands, and which cases a thread has mail in."""

from sqlalchemy import Connection, bindparam, select

from maild.model.case import CaseId
from maild.store.tables import case_message, case_row, message

_IN_A_CASE = message.join(case_message, case_message.c.message_key == message.c.key)
_OF_CASE = (
    select(message.c.base_subject)
    .select_from(_IN_A_CASE)
    .where(case_message.c.case_id == bindparam("of_case"))
    .union(select(case_row.c.base_subject).where(case_row.c.id == bindparam("of_case")))
)
_CASES = (
    select(case_message.c.case_id)
    .select_from(_IN_A_CASE)
    .where(message.c.thread_id == bindparam("of_thread"))
    .distinct()
    .order_by(case_message.c.case_id)
)


def of_case(conn: Connection, case_id: CaseId) -> frozenset[str]:
    """The base subjects of the case and of every message in it."""
    return frozenset(conn.scalars(_OF_CASE, {"of_case": case_id}))


def cases_of_thread(conn: Connection, thread_id: str) -> tuple[CaseId, ...]:
    """The cases that messages of the thread are part of, oldest first."""
    return tuple(map(CaseId, conn.scalars(_CASES, {"of_thread": thread_id})))
