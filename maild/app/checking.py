"""Loads everything that an admin edits, to say what is wrong with all of it before anything starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maild.app.calendars import unpublished
from maild.app.configuration import Configuration, load_configuration
from maild.app.keys import load_keys
from maild.errors import ConfigError, Problem
from maild.mistakes import in_order
from maild.rules.editor_schema import editor_schemas
from maild.settings import Settings, load_settings


def schemas() -> dict[str, str]:
    """The JSON Schemas of the YAML files, by file name."""
    return editor_schemas()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found: the problems, or the settings and the configuration that they leave in force."""

    problems: tuple[Problem, ...]
    settings: Settings | None = None
    configuration: Configuration | None = None


def calendar_warnings(configuration: Configuration, now: datetime) -> tuple[Problem, ...]:
    """A warning for each calendar in use whose official days of the next weeks are not published."""
    names = [mailbox.calendar for mailbox in configuration.mailboxes]
    return tuple(unpublished(configuration.calendars, names, now))


def check_config(path: Path, environ: Mapping[str, str]) -> Checked:
    """The problems of maild.toml at `path`, and of its folder once the file itself is right."""
    try:
        settings = load_settings(path, environ)
    except ConfigError as error:
        return Checked(problems=error.problems)
    problems: list[Problem] = []
    configuration: Configuration | None = None
    try:
        load_keys(settings.keys_file)
    except ConfigError as error:
        problems += error.problems
    try:
        configuration = load_configuration(settings)
    except ConfigError as error:
        problems += error.problems
    return Checked(problems=in_order(problems), settings=settings, configuration=configuration)
