"""docs/configuration.md and the shipped maild.toml name every setting, with the default that it has."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.app.shipped import shipped_config
from maild.mistakes import Schema, spellings
from maild.settings import FILE_SCHEMA
from maild.toml_places import places_of

REQUIRED = "required"
ROOT = Path(__file__).parents[2]
TOML = (shipped_config() / "maild.toml").read_text("utf-8")

EXAMPLES = ("password_file", "ca_file", "aliases", "act_since")
"""Commented settings that show an example, since their default is to have none."""


def _settings(node: Schema, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every key by its full name, with its default as the page writes it."""
    for key, child in node["properties"].items():
        name, inner = f"{prefix}{key}", _table(child)
        if inner is not None:
            yield from _settings(inner, f"{name}.")
            continue
        for spelled in spellings(key, child):
            yield (
                f"{prefix}{spelled}",
                _default(child, spelled, key, required=key in node.get("required", ())),
            )


def _table(child: Schema) -> Schema | None:
    """The table behind a key, or behind the items of its list."""
    for choice in (child, child.get("items", {}), *child.get("allOf", ())):
        found: Schema | None = FILE_SCHEMA["$defs"].get(choice.get("$ref", "").rpartition("/")[2])
        if found is not None and "properties" in found:
            return found
    return None


def _default(child: Schema, spelled: str, key: str, *, required: bool) -> str:
    if spelled != key:
        return ""
    if required:
        return REQUIRED
    default = child.get("default", [])  # pydantic keeps the default of a set out of the schema
    return "none" if default is None else f"`{json.dumps(default)}`"


SETTINGS = dict(_settings(FILE_SCHEMA))


def _rows() -> dict[str, str]:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    return dict(re.findall(r"^\| `([a-z_.]+)` \| ([^|]*?) ?\|", page, re.MULTILINE))


def _uncommented() -> str:
    return re.sub(r"^# (?=[a-z_]+ = )", "", TOML, flags=re.MULTILINE)


def test_every_setting_has_its_row_with_its_default() -> None:
    rows = _rows()
    assert {name: rows.get(name) for name in SETTINGS} == SETTINGS


def test_no_row_is_left_of_a_setting_that_is_gone() -> None:
    files = {"maild.toml", "keys", "people.yaml"}
    assert set(_rows()) - set(SETTINGS) == files


def test_the_shipped_file_shows_every_setting() -> None:
    places = places_of(_uncommented())
    shown = {".".join(str(part) for part in loc if not isinstance(part, int)) for loc in places}
    missing = {name for name in SETTINGS if name not in shown and not name.startswith("database_url_")}
    assert missing == set()


@pytest.mark.parametrize("line", re.findall(r"^# ([a-z_]+ = .*)$", TOML, re.MULTILINE))
def test_a_setting_that_is_commented_out_shows_its_default(line: str) -> None:
    ((key, value),) = tomllib.loads(line).items()
    if key in EXAMPLES:
        return
    defaults = {default for name, default in SETTINGS.items() if name.rpartition(".")[2] == key}
    assert f"`{json.dumps(value)}`" in defaults
