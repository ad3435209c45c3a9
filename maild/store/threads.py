"""Which thread a Message-ID belongs to, whether it was seen as a message or only as a reference.

How messages group is decided elsewhere (RFC 5322 §3.6.4); this keeps the outcome, ghosts included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from maild.model.case import CaseId
from maild.model.mail import MessageId
from maild.store.tables import case_thread, message, thread_message_id
from maild.store.types import stored_id

_LOOKUP_MAX = 500  # ids or keys asked for in one statement

_ids = thread_message_id.c
_KNOWN = (
    select(_ids.message_id, _ids.thread_id, case_thread.c.case_id)
    .outerjoin_from(thread_message_id, case_thread, case_thread.c.thread_id == _ids.thread_id)
    .where(_ids.message_id.in_(bindparam("ids", expanding=True)))
)
_ADD = insert(thread_message_id)
_CASE = select(case_thread.c.case_id).where(case_thread.c.thread_id == bindparam("of_thread"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of some ids: the thread of each that has one, the case of each thread that has one."""

    threads: Mapping[MessageId, str]
    cases: Mapping[str, CaseId]


def known(conn: Connection, ids: Sequence[MessageId]) -> Known:
    """The threads that these ids are in, with their cases."""
    wanted = {stored_id(each): each for each in ids}
    stored = list(wanted)
    found: dict[MessageId, str] = {}
    cases: dict[str, CaseId] = {}
    for start in range(0, len(stored), _LOOKUP_MAX):
        for message_id, thread_id, case_id in conn.execute(
            _KNOWN, {"ids": stored[start : start + _LOOKUP_MAX]}
        ):
            found[wanted[message_id]] = thread_id
            if case_id is not None:
                cases[thread_id] = CaseId(case_id)
    return Known(threads=found, cases=cases)


def add(conn: Connection, ids: Sequence[MessageId], thread_id: str) -> None:
    """Put ids that are in no thread yet (`known` said so in this transaction) into that one."""
    added = sorted({stored_id(each) for each in ids})
    if added:
        conn.execute(_ADD, [{"message_id": each, "thread_id": thread_id} for each in added])


def merge(conn: Connection, keep: str, gone: Sequence[str]) -> None:
    """Make the threads `gone` part of `keep`: their ids, their messages, and their case.

    Where both have a case, that of `keep` stays; of several in `gone`, the first has it.
    """
    moved = [thread_id for thread_id in gone if thread_id != keep]
    if not moved:
        return
    for table in (thread_message_id, message):
        conn.execute(update(table).where(table.c.thread_id.in_(moved)).values(thread_id=keep))
    cases = [case_of(conn, thread_id) for thread_id in (keep, *moved)]
    conn.execute(delete(case_thread).where(case_thread.c.thread_id.in_(moved)))
    survivor = next((case_id for case_id in cases if case_id is not None), None)
    if survivor is not None:
        bind_case(conn, keep, survivor)


def case_of(conn: Connection, thread_id: str) -> CaseId | None:
    """The case that the thread belongs to."""
    case_id = conn.execute(_CASE, {"of_thread": thread_id}).scalar()
    return None if case_id is None else CaseId(case_id)


def of_messages(conn: Connection, keys: Sequence[str]) -> tuple[str, ...]:
    """The threads that messages stand in, each once, sorted."""
    found: set[str] = set()
    for start in range(0, len(keys), _LOOKUP_MAX):
        among = message.c.key.in_(keys[start : start + _LOOKUP_MAX])
        found.update(conn.scalars(select(message.c.thread_id).where(among)))
    return tuple(sorted(found))


def bind_case(conn: Connection, thread_id: str, case_id: CaseId) -> None:
    """Make the thread belong to that case, and to no other."""
    here = case_thread.c.thread_id == thread_id
    if conn.execute(update(case_thread).where(here).values(case_id=case_id)).rowcount == 0:
        conn.execute(insert(case_thread).values(thread_id=thread_id, case_id=case_id))
