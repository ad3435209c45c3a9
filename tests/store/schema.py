"""Describes the schema of a database as text, and rewrites db/schema.*.sql: python -m tests.store.schema.

The text comes from the catalogues, so that it is the same for every version of a server.
"""

import tempfile
from pathlib import Path

from sqlalchemy import Connection, text

from maild.store import migrations
from maild.store.engine import Store
from tests.servers.postgres import PostgresServer

_COLUMNS = """
    SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
           || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
           || COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = CAST(:name AS regclass) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
"""
_CONSTRAINTS = """
    SELECT 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = CAST(:name AS regclass) AND contype <> 'n' ORDER BY conname
"""
_INDEXES = """
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = :name
    AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SQLITE = """
    SELECT sql FROM sqlite_master
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_index_%'
    ORDER BY tbl_name, type DESC, name
"""


def snapshot_path(dialect: str) -> Path:
    """Where the schema of that database is written down."""
    return migrations.folder() / f"schema.{dialect}.sql"


def describe(conn: Connection) -> str:
    """Every table, constraint and index of the database, Alembic's own left out."""
    if conn.dialect.name == "sqlite":
        statements = [_ordered(sql) for sql in conn.scalars(text(_SQLITE))]
    else:
        statements = [part for name in conn.scalars(text(_TABLES)).all() for part in _table(conn, name)]
    ours = [each.strip() for each in statements if "alembic_version" not in each]
    return ";\n\n".join(ours) + ";\n"


def _ordered(sql: str) -> str:
    """The statement with its constraints in the order of their names: SQLite puts added columns last."""
    statement = " ".join(sql.split())
    if not statement.startswith("CREATE TABLE"):
        return "\n    ".join(line.strip() for line in sql.strip().splitlines())
    head, _, rest = statement.partition(" (")
    body, _, tail = rest.rpartition(")")
    parts = sorted((part.strip() for part in _top_level(body)), key=_constraint_name)
    return f"{head} (\n    " + ",\n    ".join(parts) + f"\n){tail}"


def _top_level(body: str) -> list[str]:
    """The parts between commas that stand in no parentheses."""
    parts, depth = [""], 0
    for character in body:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _constraint_name(part: str) -> str:
    """What sorts constraints by name and leaves columns, before them, as they are."""
    return part.split()[1] if part.startswith("CONSTRAINT") else ""


def _table(conn: Connection, name: str) -> list[str]:
    parts = [part for query in (_COLUMNS, _CONSTRAINTS) for part in conn.scalars(text(query), {"name": name})]
    table = f"CREATE TABLE {name} (\n    " + ",\n    ".join(parts) + "\n)"
    return [table, *conn.scalars(text(_INDEXES), {"name": name})]


def _write_down(url: str) -> None:
    store = Store.open(url)
    snapshot_path(store.dialect).write_text(store.read(describe))
    store.close()


def main() -> None:
    """Rewrite both snapshots from the migrations."""
    with tempfile.TemporaryDirectory() as folder:
        _write_down(f"sqlite:///{folder}/maild.db")
    server = PostgresServer.start()
    try:
        _write_down(server.url(server.create()))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
