"""Configuration sets that were in force once, as far as they are needed again: their playbooks."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from maild.app.context import Context
from maild.errors import ConfigError, NotFound
from maild.model.case import Case
from maild.model.playbook import Playbook
from maild.rules.load import load_playbooks
from maild.store import config_sets

_FOLDER = "playbooks/"


class StoredPlaybooks:
    """The playbooks by kind of stored sets, each set read once; `otherwise` where a set cannot be read."""

    def __init__(self, conn: Connection, otherwise: tuple[Playbook, ...]) -> None:
        self._conn = conn
        self._otherwise = otherwise
        self._known: dict[str, Mapping[str, Playbook]] = {}

    def of(self, set_hash: str) -> Mapping[str, Playbook]:
        """The playbooks by kind of that set."""
        if set_hash not in self._known:
            self._known[set_hash] = by_kind(self._read(set_hash))
        return self._known[set_hash]

    def _read(self, set_hash: str) -> tuple[Playbook, ...]:
        try:
            return _playbooks_in(config_sets.get(self._conn, set_hash))
        except (NotFound, ConfigError):  # of a version that wrote playbooks another way
            return self._otherwise


def pinned_playbook(conn: Connection, context: Context, case: Case) -> Playbook:
    """The playbook by which the case began, whatever has become of the files since.

    Where that set cannot be read any more, the one in force that runs its kind.
    """
    configuration = context.configuration
    if case.config_hash != configuration.hash:
        playbooks = StoredPlaybooks(conn, configuration.playbooks).of(case.config_hash).values()
        if found := next((each for each in playbooks if each.name == case.playbook), None):
            return found
    return configuration.playbook_for(case.kind)


def by_kind(playbooks: tuple[Playbook, ...]) -> Mapping[str, Playbook]:
    """Each playbook under every kind that it runs."""
    return {kind: playbook for playbook in playbooks for kind in playbook.kinds}


@lru_cache(maxsize=32)
def _playbooks_in(content: bytes) -> tuple[Playbook, ...]:
    """The playbooks among the files of a set."""
    files: dict[str, str] = json.loads(content)["files"]
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            if name.startswith(_FOLDER):
                path = Path(folder) / Path(name).name
                path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return load_playbooks(Path(folder))
