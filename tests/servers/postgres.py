"""Debian's PostgreSQL on a free loopback port, in one temporary folder, without fsync.

It refuses to run as root; then it runs as `postgres`, else as `nobody`. A database for a test is a
copy of a template, which costs some 30 ms.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.program import START_S, STOP_S, ServerMissing, free_port, wait_until

_SUPERUSER = "maild"
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
}


@dataclass(kw_only=True)
class PostgresServer:
    """A running server; `url(name)` is where SQLAlchemy finds one of its databases."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    _numbers: "count[int]" = field(default_factory=count)

    @classmethod
    def start(cls) -> "PostgresServer":
        """A server with an empty cluster, ready for connections.

        Raises: ServerMissing, naming the Debian package; TimeoutError when it does not come up.
        """
        programs = _programs()
        folder = Path(tempfile.mkdtemp(prefix="maild-postgresql-"))
        folder.chmod(0o755)
        _give_away(folder)
        data, port = folder / "data", free_port()
        _run([programs / "initdb", "-D", data, "-U", _SUPERUSER, *_INITDB])
        options = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        command: list[str | Path] = [
            programs / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            "-k",
            folder,
            *options,
        ]
        uid, gid = _account()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, user=uid, group=gid)
        server = cls(folder=folder, port=port, process=process)
        try:
            wait_until(server._answers, f"PostgreSQL on port {port}", START_S)
        except TimeoutError:
            server.stop()
            raise
        return server

    def url(self, database: str) -> str:
        """The URL of a database of it."""
        return f"postgresql+psycopg://{_SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """The name of a new database: a copy of `template`, to which nobody may be connected."""
        name = f"test_{next(self._numbers)}"
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        return name

    def drop(self, database: str) -> None:
        """Take a database away, and end whoever is connected to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def end_connections(self, database: str) -> None:
        """Cut every connection to a database, as a restart of the server does."""
        ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
        self._execute(sql.SQL(ending).format(sql.Literal(database)))

    def execute(self, database: str, statements: str) -> None:
        """Run statements, parted by semicolons, in one transaction of a database."""
        with psycopg.connect(self._conninfo(database)) as connection:
            connection.execute(statements.encode())

    def stop(self) -> None:
        """End it (fast shutdown) and take its folder away."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={_SUPERUSER} dbname={database} connect_timeout=5"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._conninfo("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True


_INITDB = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")


def _programs() -> Path:
    """The folder with the newest version's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise ServerMissing(
            "PostgreSQL is missing: install the Debian package postgresql (tests/servers/install.sh)"
        )
    return found[-1].parent


def _account() -> tuple[int | None, int | None]:
    """The user and group to run as: our own, unless we are root."""
    if os.geteuid() != 0:
        return None, None
    account = _unprivileged()
    return account.pw_uid, account.pw_gid


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        account = _unprivileged()
        os.chown(folder, account.pw_uid, account.pw_gid)


def _run(command: list[str | Path]) -> None:
    uid, gid = _account()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", user=uid, group=gid)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")
