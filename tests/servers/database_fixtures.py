"""Databases as pytest fixtures: a fresh, migrated one for each test, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.store.engine import Store
from maild.store.tables import metadata
from tests.servers.postgres import PostgresServer

_TABLES = ("search_index", *map(str, reversed(metadata.sorted_tables)))
_EMPTY = ";".join(f"DELETE FROM {name}" for name in _TABLES)  # noqa: S608 -- our own names


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run."""
    server = PostgresServer.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The name of a migrated, empty database."""
    name = postgres.create()
    Store.open(postgres.url(name)).close()
    return name


@pytest.fixture(scope="session")
def shared_database(postgres: PostgresServer, postgres_template: str) -> str:
    """The name of the database that tests use one after the other: a copy for each took 0.2 s."""
    return postgres.create(postgres_template)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file."""
    path = tmp_path_factory.mktemp("template") / "maild.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database."""
    if request.param == "sqlite":
        path = tmp_path / "maild.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = request.getfixturevalue("shared_database")
    server.end_connections(name)
    server.execute(name, _EMPTY)
    yield server.url(name)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store over a fresh database."""
    opened = Store.open(url)
    yield opened
    opened.close()
