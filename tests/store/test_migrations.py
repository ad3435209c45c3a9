"""Migrated schema = metadata = db/schema.*.sql, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from maild.errors import PermanentError
from maild.model.events import DeadlineDropped
from maild.model.progress import NO_PROGRESS, DeadlineRun, DeadlineState, Progress
from maild.store import cases, deadlines, migrations
from maild.store.engine import Store
from maild.store.tables import metadata
from tests.servers.postgres import PostgresServer
from tests.store import schema
from tests.store.samples import NOW, put_case

TEXTS = (
    *("id", "number", "number_key", "kind", "stage", "priority", "subject", "base_subject", "subject_key"),
    *("contact_name", "contact_address", "participants", "mailbox", "language", "playbook", "config_hash"),
    "trouble",
)
AT = "2026-09-30 08:40:00.000000+00:00"


def database(server: PostgresServer) -> Iterator[str]:
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new folder/100 % maild.db"
    else:
        yield from database(request.getfixturevalue("postgres"))


def test_the_snapshot_is_the_migrated_schema(store: Store) -> None:
    written = schema.snapshot_path(store.dialect).read_text()
    assert store.read(schema.describe) == written, "rewrite it with: python -m tests.store.schema"


def test_the_metadata_is_the_migrated_schema(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "new folder").mkdir()
    engine = create_engine(empty_url)
    with engine.begin() as conn:
        metadata.create_all(conn)
        assert schema.describe(conn) == schema.snapshot_path(conn.dialect.name).read_text()
    engine.dispose()


def test_the_head_is_known_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.folder()))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_an_empty_database_is_migrated_and_opened_again(empty_url: str) -> None:
    first = Store.open(empty_url)
    case = first.write(put_case)
    first.close()
    second = Store.open(empty_url)
    second.write(migrations.upgrade)  # as a second process does that opened it at the same time
    assert second.read(migrations.revision) == migrations.HEAD
    assert second.read(lambda conn: cases.get(conn, case.id)) == case
    second.close()


def test_a_newer_schema_is_refused(empty_url: str) -> None:
    store = Store.open(empty_url)
    store.write(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    store.close()
    with pytest.raises(PermanentError, match=r"9999.*newer maild"):
        Store.open(empty_url)


def test_migrations_stand_in_the_wheel_or_beside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "maild"
    assert migrations.folder(package) == tmp_path / "db"
    (package / "_data" / "db").mkdir(parents=True)
    assert migrations.folder(package) == package / "_data" / "db"


def test_cases_of_the_first_schema_stand_for_themselves(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "new folder").mkdir()
    engine = create_engine(empty_url)
    with engine.begin() as conn:
        migrations.upgrade(conn, "0001")
        row: dict[str, object] = {**dict.fromkeys(TEXTS, "x"), "opened_at": AT, "updated_at": AT}
        row |= {"serial": 7, "message_count": 1, "version": 1}
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        conn.execute(text(f"INSERT INTO case_row ({names}) VALUES ({values})"), row)  # noqa: S608 -- our own names
    engine.dispose()
    store = Store.open(empty_url)
    case = store.read(lambda conn: cases.by_serial(conn, 7))
    assert case is not None
    assert (case.number, case.merged_into) == ("x", None)
    store.close()


def test_cases_from_before_there_were_deadlines_have_promised_nothing(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "new folder").mkdir()
    engine = create_engine(empty_url)
    with engine.begin() as conn:
        migrations.upgrade(conn, "0003")
        row: dict[str, object] = {**dict.fromkeys(TEXTS, "x"), "opened_at": AT, "updated_at": AT}
        row |= {"serial": 7, "message_count": 1, "version": 0, "merged_into": "", "subject": "Re: x"}
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        conn.execute(text(f"INSERT INTO case_row ({names}) VALUES ({values})"), row)  # noqa: S608 -- our own names
    engine.dispose()
    store = Store.open(empty_url)
    case = store.read(lambda conn: cases.by_serial(conn, 7))
    assert case is not None
    assert (case.subject, case.calendar, case.progress) == ("Re: x", "", NO_PROGRESS)
    assert store.read(deadlines.next_due) is None
    run = DeadlineRun(
        name="answer", run=1, state=DeadlineState.RUNNING, started_at=NOW, due_at=NOW, next_at=NOW
    )
    after = replace(case, progress=Progress(deadlines=(run,)), version=1)
    event = DeadlineDropped(name="answer", run=1, reason="r")
    store.write(lambda conn: cases.save(conn, case, after, [event], at=NOW))
    assert store.read(lambda conn: deadlines.due_cases(conn, NOW, 5)) == (case.id,)
    store.close()
