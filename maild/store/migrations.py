"""Brings a database to the schema that this program needs, through Alembic.

Migrations go forward only. They stand in db/ of the source tree, and travel in the wheel.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from maild.errors import PermanentError

HEAD: Final = "0004"
"""The newest revision in db/versions; a test compares. Known here so that Alembic need not be loaded."""

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_LOCK_KEY: Final = 0x6D61696C64  # "maild": one process migrates, the others wait


def folder(package: Path = _PACKAGE) -> Path:
    """Where env.py and versions/ stand: in the installed package, else beside it in a source tree."""
    installed = package / "_data" / "db"
    return installed if installed.is_dir() else package.parent / "db"


def revision(conn: Connection) -> str | None:
    """The revision of the database; None when it is empty."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(conn: Connection, to: str = HEAD) -> None:
    """Migrate to the revision `to` within the caller's transaction; nothing happens when it is there already.

    Raises: PermanentError when the database was written by a newer program.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    if revision(conn) != to:
        _migrate(conn, to)


def _migrate(conn: Connection, to: str) -> None:
    from alembic import command  # noqa: PLC0415 -- a third of a second that most starts can spare
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = revision(conn)
    if found is not None and found not in known:
        raise PermanentError(
            f"the database is at revision {found}, and this maild knows none after {HEAD}: "
            "it was written by a newer maild; install that one"
        )
    command.upgrade(config, to)
