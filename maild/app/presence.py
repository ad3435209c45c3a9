"""Which processes are at work on this database.

On SQLite it is one, held by a lock on a file beside the database that ends with the process. On PostgreSQL
each tells that it lives, and one that was silent for a minute has left its open attempts to the others.
"""

import fcntl
import os
import socket
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from sqlalchemy import make_url

from maild.app.context import Context
from maild.errors import UsageError
from maild.store import processes

SILENCE = timedelta(seconds=60)


class Presence:
    """This process among those that share the database; a context manager around its work."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{context.ids.new_id(context.clock.now())[-12:]}"
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        if self._context.store.dialect == "sqlite":
            self._lock = _locked(_beside(self._context.settings.database_url))
        self.beat()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._context.store.write(lambda conn: processes.leave(conn, self.owner))
        if self._lock is not None:
            self._lock.close()

    def beat(self) -> None:
        """Tell that this process lives."""
        now = self._context.clock.now()
        self._context.store.write(lambda conn: processes.beat(conn, self.owner, now))

    def alive(self) -> frozenset[str]:
        """The processes whose open attempts are theirs to finish, this one always among them."""
        if self._lock is not None:
            return frozenset({self.owner})
        since = self._context.clock.now() - SILENCE
        return self._context.store.read(lambda conn: processes.alive(conn, since)) | {self.owner}


def _beside(database_url: str) -> Path:
    """The lock's file: whatever config folder a process was started from, the database is the same."""
    return Path(make_url(database_url).database or "").with_suffix(".lock")


def _locked(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        lock.close()
        raise UsageError(
            f"another maild is at work on this database ({path} is locked); stop it first, or use PostgreSQL"
        ) from exc
    return lock
