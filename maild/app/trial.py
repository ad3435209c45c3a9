"""A config folder tried on the side: a copy of what decisions depend on, with a database of its own.

None of the secrets that maild.toml names is needed: nobody is dialled. The keys are always the same, so that
the same story has the same Message-IDs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

from maild.app.configuration import PEOPLE_FILE, files_of
from maild.app.context import Context
from maild.app.opening import SETTINGS_FILE, Surroundings, open_context
from maild.clock import Clock
from maild.errors import ConfigError
from maild.ids import IdSource
from maild.model.rehearsal import Scenario
from maild.rules.load import load_scenario

_KEYS = f"1 {'0' * 64}\n"
_ANY = "none is needed"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # act_since: everything in the story may be answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried: a config folder, where its copy goes, by which clock and ids."""

    source: Path
    folder: Path
    clock: Clock
    ids: IdSource
    people: str = ""  # a people.yaml instead of the folder's; empty: the folder's own


def scenario_in(path: Path) -> Scenario:
    """The scenario in a file. Raises: ConfigError."""
    return load_scenario(path)


@contextmanager
def open_trial(trial: Trial) -> Iterator[Context]:
    """The context of the copy. Raises: ConfigError, with the mistakes named in the folder itself."""
    copy = trial.folder / "config"
    _lay_out(trial, copy)
    surroundings = Surroundings(
        environ={}, overrides=_overrides(trial.folder), clock=trial.clock, ids=trial.ids
    )
    with naming(trial.source, copy), open_context(copy, surroundings) as context:
        yield context


@contextmanager
def naming(source: Path, copy: Path) -> Iterator[None]:
    """Have mistakes named in the files that are tried, not in their copies."""
    try:
        yield
    except ConfigError as exc:
        places = [one.file.replace(str(copy), str(source), 1) for one in exc.problems]
        problems = zip(exc.problems, places, strict=True)
        raise ConfigError(tuple(replace(one, file=place) for one, place in problems)) from exc


def _lay_out(trial: Trial, copy: Path) -> None:
    copy.mkdir()
    for name, text in files_of(trial.source).items():
        if not name.startswith("shipped/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    if trial.people:
        (copy / PEOPLE_FILE).write_text(trial.people, "utf-8")
    if (trial.source / SETTINGS_FILE).exists():  # without it the settings say what is missing
        copyfile(trial.source / SETTINGS_FILE, copy / SETTINGS_FILE)
    (trial.folder / "keys").write_text(_KEYS, "ascii")


def _overrides(folder: Path) -> dict[str, object]:
    """What of the settings is different: where things are kept, and that everybody may be answered."""
    return {
        "database_url": f"sqlite:///{folder / 'maild.sqlite'}",
        "data_folder": str(folder),
        "keys_file": str(folder / "keys"),
        "mailbox.*.act_since": _LONG_AGO,
        "mailbox.*.imap.password": _ANY,
        "mailbox.*.smtp.password": _ANY,
    }
