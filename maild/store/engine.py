"""Opens the database and runs functions of a connection, each in one transaction.

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE, one writer in the process. PostgreSQL: SERIALIZABLE,
run again when the server asks for it; so a function may run more than once, and must not do
anything that cannot be repeated. Reads see one snapshot and cannot write.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from maild.errors import ConnectionLost, MaildError, StoreBusy, UsageError
from maild.store import migrations

T = TypeVar("T")

_BUSY_TIMEOUT_S = 30  # another process (an import) may hold SQLite's write lock for that long
_CACHE_KIB = 16_384
_POSTGRESQL_TRIES = 10
# PostgreSQL 15 §13.5: 40001 serialization_failure, 40P01 deadlock_detected; 23505 unique_violation
# may be a serialization failure in disguise.
_ASKED_TO_RETRY = frozenset({"40001", "40P01"})
_MAYBE_RETRY = frozenset({"23505"})
_SQLITE_TEMPORARY = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN})


class _Undo(Exception):
    """Ends a dry run."""


class Store:
    """One database: `write` and `read` run a function of a connection in a transaction."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer = writer
        self._reader = reader
        self._one_writer = threading.Lock()

    @classmethod
    def open(cls, url: str) -> Self:
        """The database at `sqlite:///path` or `postgresql://...`, migrated to the newest schema.

        Raises: UsageError for another kind of URL; PermanentError when the schema is newer than the
        program; ConnectionLost when it cannot be reached.
        """
        parsed = _parse(url)
        store = cls(*(_sqlite(parsed) if parsed.drivername == "sqlite" else _postgresql(parsed)))
        try:
            if store.read(migrations.revision) != migrations.HEAD:
                store.write(migrations.upgrade)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._writer.dialect.name

    def write(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` returns, after its transaction was committed; any exception rolls it back.

        Raises: StoreBusy when the database could not run it now; ConnectionLost when it went away,
        in which case the transaction may or may not have been committed.
        """
        if self.dialect == "sqlite":
            with self._one_writer:
                return self._once(self._writer, fn)
        return self._repeated(fn)

    def read(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` returns, run on one snapshot of the database; writing in it is refused."""
        return self._once(self._reader, fn)

    def dry_run(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` returns, run like a write and undone."""
        results: list[T] = []

        def undone(conn: Connection) -> None:
            results.append(fn(conn))
            raise _Undo

        with suppress(_Undo):
            self.write(undone)
        return results[-1]

    def close(self) -> None:
        """Give back every connection."""
        self._reader.dispose()
        self._writer.dispose()

    def _repeated(self, fn: Callable[[Connection], T]) -> T:
        retrying = Retrying(
            retry=retry_if_exception(_worth_another_try),
            stop=stop_after_attempt(_POSTGRESQL_TRIES),
            wait=wait_random_exponential(multiplier=0.005, max=0.5),
            reraise=True,
        )
        result: T = retrying(self._once, self._writer, fn)
        return result

    @staticmethod
    def _once(engine: Engine, fn: Callable[[Connection], T]) -> T:
        with _translated(engine.url), engine.begin() as conn:
            return fn(conn)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as exc:
        raise UsageError(f"not a database URL: {url!r}; write sqlite:///path or postgresql://...") from exc
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise UsageError(f"maild keeps its data in sqlite:///path or postgresql://..., not in {parsed}")
    return parsed.set(drivername="sqlite")


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    try:
        Path(url.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise ConnectionLost(f"{url} cannot be opened: {exc}") from exc
    # isolation_level None: the driver begins nothing by itself, so that BEGIN is ours.
    settings: dict[str, Any] = {"isolation_level": None}
    if "timeout" not in url.query:
        settings["timeout"] = _BUSY_TIMEOUT_S
    writer = create_engine(url, connect_args=settings, pool_size=1, max_overflow=0, hide_parameters=True)
    reader = create_engine(url, connect_args=settings, hide_parameters=True)
    event.listen(writer, "connect", _set_up_sqlite)
    event.listen(reader, "connect", _set_up_sqlite)
    event.listen(reader, "connect", _refuse_writes)
    event.listen(writer, "begin", _begin_immediate)
    event.listen(reader, "begin", _begin)
    return writer, reader


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{_CACHE_KIB}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _refuse_writes(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON").close()


def _begin_immediate(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN")


def _postgresql(url: URL) -> tuple[Engine, Engine]:
    writer = create_engine(url, isolation_level="SERIALIZABLE", pool_pre_ping=True, hide_parameters=True)
    reader = create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True, hide_parameters=True)
    event.listen(reader, "connect", _set_read_only)
    return writer, reader


def _set_read_only(connection: Any, _record: object) -> None:
    connection.read_only = True  # psycopg.Connection


def _worth_another_try(exc: BaseException) -> bool:
    code = _sqlstate(exc.__cause__ if isinstance(exc, StoreBusy) else exc)
    return code in _ASKED_TO_RETRY or code in _MAYBE_RETRY


def _sqlstate(exc: BaseException | None) -> str | None:
    return getattr(exc.orig, "sqlstate", None) if isinstance(exc, DBAPIError) else None


@contextmanager
def _translated(url: URL) -> Iterator[None]:
    try:
        yield
    except DBAPIError as exc:
        known = _known(exc, url)
        if known is None:
            raise
        raise known from exc


def _known(exc: DBAPIError, url: URL) -> MaildError | None:
    """The error of our tree that this is, or None for a mistake in a statement."""
    code = getattr(exc.orig, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} or _sqlstate(exc) in _ASKED_TO_RETRY:
        return StoreBusy(f"{url} is busy: {exc.orig}")
    away = isinstance(exc, OperationalError) and not isinstance(exc, IntegrityError) and not code
    if exc.connection_invalidated or away or code in _SQLITE_TEMPORARY:
        return ConnectionLost(f"{url} cannot be used now: {exc.orig}")
    return None
