"""Transactions: one writer, snapshots, retries, and errors of our own tree."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from maild.errors import ConnectionLost, StoreBusy, UsageError
from maild.model.delivery import ClaimedMail
from maild.store import facts, inbox, outbox
from maild.store.engine import Store
from maild.store.tables import case_counter
from tests.servers.postgres import PostgresServer
from tests.servers.program import free_port
from tests.store.samples import NOW, ORIGIN, fetched, numbered, outgoing, put_message

LIMIT_S = 20.0


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/maild.db")
    yield opened
    opened.close()


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    name = postgres.create(postgres_template)
    yield postgres.url(name)
    postgres.drop(name)


def test_an_error_of_the_database_names_no_values(store: Store) -> None:
    def twice(conn: Connection) -> None:
        for _ in range(2):
            put_message(conn, "m1", subject="机密")

    with pytest.raises(IntegrityError) as caught:
        store.write(twice)
    assert "机密" not in str(caught.value)


def count_on(conn: Connection, scope: str = "n") -> int:
    """Read, then write what was read plus one: what a stale read would spoil."""
    this = case_counter.c.scope == scope
    last = conn.execute(select(case_counter.c.last).where(this)).scalar()
    if last is None:
        conn.execute(insert(case_counter).values(scope=scope, last=1))
        return 1
    conn.execute(update(case_counter).where(this).values(last=last + 1))
    return int(last) + 1


def last_of(conn: Connection) -> int | None:
    return conn.execute(select(case_counter.c.last)).scalar()


class Boom(Exception):
    pass


def test_an_exception_rolls_back(store: Store) -> None:
    def fail(conn: Connection) -> None:
        count_on(conn)
        raise Boom

    with pytest.raises(Boom):
        store.write(fail)
    assert store.read(last_of) is None


def test_a_dry_run_answers_and_changes_nothing(store: Store) -> None:
    assert store.dry_run(count_on) == 1
    assert store.read(last_of) is None
    with pytest.raises(ZeroDivisionError):
        store.dry_run(lambda _conn: 1 // 0)


def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError, match=r"read.?only"):
        store.read(count_on)


def test_a_read_sees_one_snapshot(store: Store) -> None:
    store.write(count_on)

    def twice(conn: Connection) -> tuple[int | None, int | None]:
        before = last_of(conn)
        with ThreadPoolExecutor(1) as other:
            other.submit(store.write, count_on).result(LIMIT_S)
        return before, last_of(conn)

    assert store.read(twice) == (1, 1)
    assert store.read(last_of) == 2


def test_no_update_is_lost_between_threads(store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        seen = [each.result(LIMIT_S) for each in [threads.submit(store.write, count_on) for _ in range(40)]]
    assert sorted(seen) == list(range(1, 41))


def test_no_update_is_lost_between_stores(url: str) -> None:
    stores = [Store.open(url) for _ in range(2)]
    with ThreadPoolExecutor(4) as threads:
        tasks = [threads.submit(stores[n % 2].write, count_on) for n in range(40)]
        seen = [each.result(LIMIT_S) for each in tasks]
    assert sorted(seen) == list(range(1, 41))
    for store in stores:
        store.close()


def test_a_mistake_in_a_statement_is_not_temporary(store: Store) -> None:
    with pytest.raises((OperationalError, ProgrammingError), match="no_such_table"):
        store.read(lambda conn: conn.execute(text("SELECT * FROM no_such_table")))


def test_a_row_twice_is_an_integrity_error(store: Store) -> None:
    row = insert(case_counter).values(scope="n", last=1)
    store.write(lambda conn: conn.execute(row))
    with pytest.raises(IntegrityError):
        store.write(lambda conn: conn.execute(row))


def test_commits_survive_on_disk(sqlite_store: Store) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys")
    for run in (sqlite_store.read, sqlite_store.write):
        values = run(lambda conn: [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas])
        assert values == ["wal", 2, 1]  # 2 is FULL


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        pytest.param(partial(inbox.pending, limit=1, now=NOW), "ix_ledger_open", id="deliveries"),
        pytest.param(inbox.quarantined, "ix_ledger_open", id="quarantine"),
        pytest.param(partial(facts.pending, limit=1, now=NOW), "ix_queued_fact_open", id="facts"),
        pytest.param(partial(outbox.orphans, owners_alive=()), "ix_outbox_attempt_open", id="attempts"),
        pytest.param(
            partial(outbox.claim_due, now=NOW, owner="p1", limit=1, new_id=str),
            "ix_outbox_state_next_attempt_at",
            id="outbox",
        ),
    ],
)
def test_a_queue_is_read_by_its_index(
    sqlite_store: Store, statement: Callable[[Connection], object], index: str
) -> None:
    plans: list[str] = []

    def explain(
        conn: Connection, _cursor: object, sql: str, values: tuple[object, ...], *_more: object
    ) -> None:
        plan = conn.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        plans.extend(row[3] for row in plan)

    def explained(conn: Connection) -> None:
        event.listen(conn, "before_cursor_execute", explain)
        statement(conn)

    sqlite_store.read(explained)
    assert any(index in step for step in plans), plans


def test_a_lock_of_another_process_is_busy(sqlite_store: Store, tmp_path: Path) -> None:
    other = Store.open(f"sqlite:///{tmp_path}/maild.db")
    impatient = Store.open(f"sqlite:///{tmp_path}/maild.db?timeout=0.05")

    def hold(_conn: Connection) -> None:
        with pytest.raises(StoreBusy, match="locked"):
            impatient.write(count_on)

    other.write(hold)
    assert impatient.write(count_on) == 1
    for store in (other, impatient):
        store.close()


def test_postgresql_runs_a_transaction_again(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    store.write(count_on)
    meet, runs = threading.Barrier(2), []

    def collide(conn: Connection) -> int:
        runs.append(1)
        last = last_of(conn)
        if len(runs) <= 2:
            meet.wait(LIMIT_S)
        conn.execute(update(case_counter).values(last=(last or 0) + 1))
        return (last or 0) + 1

    with ThreadPoolExecutor(2) as threads:
        seen = [task.result(LIMIT_S) for task in [threads.submit(store.write, collide) for _ in range(2)]]
    assert (sorted(seen), len(runs)) == ([2, 3], 3)
    store.close()


def test_postgresql_gives_up_after_some_tries(postgres_url: str) -> None:
    store, runs = Store.open(postgres_url), []

    def never(conn: Connection) -> None:
        runs.append(1)
        conn.execute(text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(StoreBusy, match="again"):
        store.write(never)
    assert len(runs) == 10
    store.close()


def test_a_connection_that_was_cut_is_lost_and_comes_back(
    postgres: PostgresServer, postgres_url: str
) -> None:
    store = Store.open(postgres_url)

    def cut(conn: Connection) -> None:
        count_on(conn)
        postgres.end_connections(postgres_url.rpartition("/")[2])
        count_on(conn)

    with pytest.raises(ConnectionLost):
        store.write(cut)
    assert store.write(count_on) == 1
    store.close()


def test_two_claimers_get_different_mails(postgres_url: str) -> None:
    stores = [Store.open(postgres_url) for _ in range(2)]
    for number in range(10):
        stores[0].write(partial(outbox.enqueue, mail=outgoing(f"e{number}")))
    holding, may_end = threading.Event(), threading.Event()

    def claim(conn: Connection, owner: str) -> tuple[ClaimedMail, ...]:
        return outbox.claim_due(conn, now=NOW, owner=owner, limit=5, new_id=numbered(owner))

    def slowly(conn: Connection) -> tuple[ClaimedMail, ...]:
        mine = claim(conn, "a")
        holding.set()
        may_end.wait(LIMIT_S)
        return mine

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(stores[0].write, slowly)
        assert holding.wait(LIMIT_S)
        second = stores[1].write(partial(claim, owner="b"))
        may_end.set()
        claimed = [mail.outbox_id for mail in (*first.result(LIMIT_S), *second)]
    assert sorted(claimed) == [f"mail-e{number}" for number in range(10)]
    for store in stores:
        store.close()


def test_two_processors_lock_different_deliveries(postgres_url: str) -> None:
    stores = [Store.open(postgres_url) for _ in range(2)]
    messages = [(fetched(1), True)]
    stores[0].write(partial(inbox.ingest, origin=ORIGIN, fetched=messages, now=NOW, new_id=numbered()))

    def lock_both(conn: Connection) -> tuple[int, int]:
        mine = inbox.lock_entries(conn, ["id-0001"])
        others = stores[1].write(partial(inbox.lock_entries, ids=["id-0001"]))
        return len(mine), len(others)

    assert stores[0].write(lock_both) == (1, 0)
    for store in stores:
        store.close()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://localhost/maild", id="another database"),
        pytest.param("sqlite://", id="memory"),
        pytest.param("sqlite:///:memory:", id="memory by name"),
        pytest.param("maild.db", id="a path"),
    ],
)
def test_a_url_that_is_none_of_ours(url: str) -> None:
    with pytest.raises(UsageError, match="sqlite:///path"):
        Store.open(url)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(ConnectionLost, match=r"postgresql.*127\.0\.0\.1") as caught:
        Store.open(f"postgresql://maild:secret@127.0.0.1:{free_port()}/maild")
    assert "secret" not in str(caught.value)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConnectionLost, match="cannot be opened"):
        Store.open(f"sqlite:///{tmp_path}/file/maild.db")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConnectionLost, match="cannot be used now"):
        Store.open(f"sqlite:///{tmp_path}")
