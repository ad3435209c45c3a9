"""A maild of its own for a test: a config folder whose mailboxes live on the servers of the tests.

The same folder serves a context in this process and the `maild` command in another.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from maild.app.context import Context
from maild.app.opening import Surroundings, open_context
from maild.app.shipped import lay_out_config
from maild.clock import Clock, SystemClock
from tests.servers.dovecot import PASSWORD, DovecotServer

LONG_AGO = "2001-01-01T00:00:00Z"
COMMAND_S = 30.0

_PASSWORD_NAME = "MAILD_TEST_PASSWORD"
_HEAD = """\
database_url = "sqlite:///../var/maild.sqlite"
data_folder = "../var"

[company]
names = { zh = "示例公司", en = "Example Company" }

"""

Keys = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One [[mailbox]]: what differs from a plain one, table by table. Its account is `name`@example.test."""

    name: str = "service"
    account: str = ""
    keys: Keys = field(default_factory=dict)
    after: Keys = field(default_factory=dict)
    imap: Keys = field(default_factory=dict)
    smtp: Keys = field(default_factory=dict)

    @property
    def address(self) -> str:
        """What people write to; also the name of its account on Dovecot."""
        return self.account or f"{self.name}@example.test"


class Installation:
    """A config folder, and maild run from it; its mailboxes are on `dovecot`, by TLS."""

    def __init__(
        self, folder: Path, dovecot: DovecotServer, boxes: Sequence[Box], tables: Mapping[str, Keys] = {}
    ) -> None:
        self.config = folder / "config"
        self.database = folder / "var" / "maild.sqlite"
        self.dovecot = dovecot
        lay_out_config(self.config)
        text = _HEAD + "".join(_table(f"[{name}]", keys) for name, keys in tables.items())
        text += "".join(_mailbox(box, dovecot) for box in boxes)
        (self.config / "maild.toml").write_text(text, encoding="utf-8")

    def use_database(self, database: Path) -> None:
        """Work on the database of another installation."""
        settings = self.config / "maild.toml"
        text = settings.read_text("utf-8").replace("sqlite:///../var/maild.sqlite", f"sqlite:///{database}")
        settings.write_text(text, "utf-8")
        self.database = database

    @property
    def environ(self) -> dict[str, str]:
        """The surroundings of a `maild` command."""
        return {**os.environ, _PASSWORD_NAME: PASSWORD, "MAILD_CONFIG": str(self.config)}

    @contextmanager
    def opened(self, clock: Clock | None = None) -> Iterator[Context]:
        """A context in this process."""
        surroundings = Surroundings(environ=self.environ, clock=clock or SystemClock())
        with open_context(self.config, surroundings) as context:
            yield context

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A `maild` command, run to its end."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environ,
            capture_output=True,
            encoding="utf-8",
            timeout=COMMAND_S,
            check=False,
        )

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        """`maild run` as a process; what it logs is added to `log`."""
        with log.open("ab") as output:
            return subprocess.Popen([*COMMAND, "run"], env=self.environ, stdout=output, stderr=output)


COMMAND = (str(Path(sys.executable).with_name("maild")),)


def _mailbox(box: Box, dovecot: DovecotServer) -> str:
    keys: Keys = {"name": box.name, "address": box.address, "default_kind": "request", "language": "en"}
    imap: Keys = {
        "host": "127.0.0.1",
        "port": dovecot.imaps_port,
        "username": box.address,
        "password_env": _PASSWORD_NAME,
        "ca_file": str(dovecot.ca_file),
    }
    smtp: Keys = {"host": "127.0.0.1", "port": 1, "tls": "none", "helo": "maild.example.test"}
    return (
        _table("[[mailbox]]", {**keys, **box.keys})
        + _table("[mailbox.after]", box.after)
        + _table("[mailbox.imap]", {**imap, **box.imap})
        + _table("[mailbox.smtp]", {**smtp, **box.smtp})
    )


def _table(name: str, keys: Keys) -> str:
    """A table of TOML; numbers, truth values and strings look the same in JSON."""
    return "\n".join([name, *(f"{key} = {json.dumps(value)}" for key, value in keys.items()), "", ""])
