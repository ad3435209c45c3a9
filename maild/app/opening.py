"""Opens everything that a command or the daemon works with, and closes it again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from maild.app.configuration import load_configuration
from maild.app.context import Context
from maild.app.keys import load_keys
from maild.clock import Clock, SystemClock
from maild.ids import IdSource, SystemIds
from maild.settings import load_settings
from maild.store import config_sets
from maild.store.engine import Store

SETTINGS_FILE = "maild.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where secrets and the time come from, and which settings are overridden; a test brings its own."""

    environ: Mapping[str, str]
    overrides: Mapping[str, object] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
    ids: IdSource = field(default_factory=SystemIds)


@contextmanager
def open_context(folder: Path, surroundings: Surroundings, *, stores_set: bool = True) -> Iterator[Context]:
    """The context for the config folder `folder`; its configuration is stored whole, by hash.

    Without `stores_set` it is not: what is only tried leaves nothing behind.

    Raises:
        ConfigError: something in the folder is wrong, or there is none.
        MaildError: the database cannot be opened.
    """
    settings = load_settings(folder / SETTINGS_FILE, surroundings.environ, surroundings.overrides)
    configuration = load_configuration(settings)
    keys = load_keys(settings.keys_file)
    store = Store.open(settings.database_url)
    try:
        now = surroundings.clock.now()
        if stores_set:
            store.write(lambda conn: config_sets.put(conn, configuration.hash, configuration.content, now))
        yield Context(
            store=store,
            clock=surroundings.clock,
            ids=surroundings.ids,
            settings=settings,
            configuration=configuration,
            keys=keys,
        )
    finally:
        store.close()
