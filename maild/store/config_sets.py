"""Configuration sets, whole, by hash: what a decision names can be read again."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from maild.errors import NotFound
from maild.store import codec
from maild.store.tables import config_set


def put(conn: Connection, set_hash: str, content: bytes, now: datetime) -> None:
    """Keep the set under its hash; one that is there stays as it is."""
    if conn.execute(select(config_set.c.hash).where(config_set.c.hash == set_hash)).first() is None:
        row = {"hash": set_hash, "content": codec.compress(content), "stored_at": now}
        conn.execute(insert(config_set), row)


def get(conn: Connection, set_hash: str) -> bytes:
    """The set of that hash. Raises: NotFound."""
    packed = conn.execute(select(config_set.c.content).where(config_set.c.hash == set_hash)).scalar()
    if packed is None:
        raise NotFound(f"no configuration set {set_hash}")
    return codec.decompress(packed)
