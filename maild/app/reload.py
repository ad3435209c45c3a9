"""The configuration in force, swapped whole while maild runs, or not at all.

Whoever works takes `context` once for a transaction, so that each uses one set and names its hash. A set that
is wrong is refused with every problem, and the one before it stays.
"""

import logging
import threading
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from watchfiles import awatch

from maild.app.calendars import LOOK_AHEAD, PublicationWatch
from maild.app.configuration import Configuration, load_configuration
from maild.app.context import Context
from maild.errors import ConfigError, Problem
from maild.mistakes import nearest
from maild.store import cases, config_sets

log = logging.getLogger(__name__)

_PARTS = frozenset({"rules", "lists", "playbooks", "templates", "calendars", "people.yaml"})
_SETTLE_MS = 300  # an editor writes a file in several steps
_STEP_MS = 50


class Flag(Protocol):
    """Whatever tells that it is time to stop."""

    def is_set(self) -> bool:
        """True once it is."""
        ...


class Live:
    """The surroundings of a running process, with the set that is in force now."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._publication = PublicationWatch()

    @property
    def context(self) -> Context:
        """Everything with one whole set; a later reload does not change what was handed out."""
        return self._context

    def reload(self) -> bool:
        """True when another set is in force now; what is wrong with it is logged, and the old one stays."""
        with self._lock:
            try:
                configuration = load_configuration(self._context.settings)
                self._fits_open_cases(configuration)
            except ConfigError as error:
                _refused(error.problems, self._context.configuration)
                return False
            if configuration.hash == self._context.configuration.hash:
                return False
            self._put_in_force(configuration)
            return True

    def look_ahead(self) -> None:
        """Warn, of each year once, of official calendars that promises of the next weeks may lack."""
        configuration, now = self._context.configuration, self._context.clock.now()
        for mailbox in configuration.mailboxes:
            self._publication.warn(configuration.calendar_of(mailbox), now, now + LOOK_AHEAD)

    def _put_in_force(self, configuration: Configuration) -> None:
        context, now = self._context, self._context.clock.now()
        context.store.write(
            lambda conn: config_sets.put(conn, configuration.hash, configuration.content, now)
        )
        self._context = replace(context, configuration=configuration)
        for warning in configuration.warnings:
            log.warning("%s", warning, extra={"event": "config.warning"})
        log.info(
            "configuration %s is in force",
            configuration.hash[:12],
            extra={"event": "config.reloaded", "config_hash": configuration.hash},
        )

    def _fits_open_cases(self, configuration: Configuration) -> None:
        """Raises: ConfigError when a case is open that no playbook of the set would run."""
        known = [kind for playbook in configuration.playbooks for kind in playbook.kinds]
        folder = str(self._context.settings.folder / "playbooks")
        problems = [
            Problem(
                file=folder,
                what=f"cases of the kind {kind!r} are open, and no playbook runs them any more",
                hint=nearest(kind, known),
            )
            for kind in self._context.store.read(cases.open_kinds)
            if kind not in known
        ]
        if problems:
            raise ConfigError(tuple(problems))


async def changes(folder: Path, stop: Flag) -> AsyncIterator[None]:
    """One item after each edit of what decisions depend on, until `stop` is set."""
    watched = awatch(folder, stop_event=_Stop(stop), debounce=_SETTLE_MS, step=_STEP_MS)
    async for edits in watched:
        if any(_matters(Path(path), folder) for _, path in edits):
            yield None


class _Stop:
    """The flag as watchfiles wants it."""

    def __init__(self, flag: Flag) -> None:
        self.is_set = flag.is_set


def _matters(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder.resolve()).parts if path.is_relative_to(folder.resolve()) else ()
    return bool(parts) and parts[0] in _PARTS


def _refused(problems: Iterable[Problem], kept: Configuration) -> None:
    for problem in problems:
        log.error("%s", problem, extra={"event": "config.refused"})
    log.warning(
        "the edit is refused; configuration %s stays in force", kept.hash[:12], extra={"event": "config.kept"}
    )
