"""Which processes of maild are alive, by their heartbeats; what a dead one had begun is recovered."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from maild.store.tables import process


def beat(conn: Connection, owner: str, now: datetime) -> None:
    """Note that the process `owner` is alive at `now`."""
    if conn.execute(update(process).where(process.c.owner == owner).values(beat_at=now)).rowcount == 0:
        conn.execute(insert(process).values(owner=owner, beat_at=now))


def alive(conn: Connection, since: datetime) -> frozenset[str]:
    """The processes heard of at or after `since`."""
    return frozenset(conn.scalars(select(process.c.owner).where(process.c.beat_at >= since)))


def leave(conn: Connection, owner: str) -> None:
    """Forget a process that ends."""
    conn.execute(delete(process).where(process.c.owner == owner))
