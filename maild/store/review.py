"""Mail that no rule has decided, until a person has."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from maild.errors import NotFound
from maild.model.archive import ReviewEntry
from maild.model.people import SHELL, Viewer
from maild.store.archive import archived_of
from maild.store.tables import message, review
from maild.store.visibility import sees_message


def add(conn: Connection, message_key: str, mailbox: str, reason: str, now: datetime) -> None:
    """Let the message wait for a person; its message must be in the archive."""
    row = {"message_key": message_key, "mailbox": mailbox, "reason": reason, "since_at": now}
    conn.execute(insert(review), row | {"settled_as": ""})


def waiting(conn: Connection, limit: int, viewer: Viewer = SHELL) -> tuple[ReviewEntry, ...]:
    """What waits, oldest first; of a viewer."""
    statement = (
        select(message, review.c.reason, review.c.since_at)
        .join(review, review.c.message_key == message.c.key)
        .where(review.c.settled_at.is_(None), sees_message(viewer))
        .order_by(review.c.since_at, message.c.key)
        .limit(limit)
    )
    return tuple(map(_entry, conn.execute(statement)))


def settle(conn: Connection, message_key: str, settled_as: str, now: datetime) -> None:
    """Take the message out, with the word of a person. Raises: NotFound when it does not wait."""
    waits = (review.c.message_key == message_key, review.c.settled_at.is_(None))
    statement = update(review).where(*waits).values(settled_at=now, settled_as=settled_as)
    if conn.execute(statement).rowcount == 0:
        raise NotFound(f"no message {message_key} waits for review; `maild review list` shows those that do")


def _entry(row: Row[Any]) -> ReviewEntry:
    return ReviewEntry(message=archived_of(row), reason=row.reason, since_at=row.since_at)
