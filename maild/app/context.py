"""What every use case works with: the store, the clock, the ids, and the configuration in force."""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.app.configuration import Configuration
from maild.clock import Clock
from maild.ids import IdSource
from maild.settings import Settings
from maild.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One process's surroundings; `keys` are the token keys by id, the largest id signs."""

    store: Store
    clock: Clock
    ids: IdSource
    settings: Settings
    configuration: Configuration
    keys: Mapping[int, bytes]
