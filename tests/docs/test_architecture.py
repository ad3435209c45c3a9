"""docs/architecture.md names every module with its room, and draws the same borders as .importlinter."""

import re
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")

Borders = dict[frozenset[str], frozenset[str]]


def _contracts(kind: str) -> list[Mapping[str, str]]:
    """The contracts of that type."""
    linter = ConfigParser()
    linter.read(ROOT / ".importlinter", "utf-8")
    return [section for section in linter.values() if section.get("type") == kind]


def _words(value: str) -> frozenset[str]:
    return frozenset(value.replace("|", " ").split())


def _table(heading: str) -> list[list[str]]:
    """The cells of every row of the table whose first column is headed so."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found, heading
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()]


def _names(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"`([^`]+)`", cell))


def _borders(heading: str) -> Borders:
    return {_names(first): _names(second) for first, second in _table(heading)}


def _rows() -> list[str]:
    """Every file that has a row, as a path from the root."""
    rows: list[str] = []
    room = ""
    for line in PAGE.splitlines():
        if line.startswith("#"):
            found = re.fullmatch(r"### `(maild/[a-z/]*)`", line)
            room = found[1] if found else ""
        elif room:
            rows += [room + name for name in re.findall(r"^\| `([a-z_]+\.py)` \| \S", line)]
    return rows


MODULES = [
    path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "maild").rglob("*.py"))
    if path.name != "__init__.py"
]


def test_every_module_has_its_row_in_its_room() -> None:
    assert set(MODULES) - set(_rows()) == set()
    assert sorted(_rows()) == sorted(MODULES)


def test_the_rows_of_a_room_are_in_order() -> None:
    rooms = {row.rpartition("/")[0] for row in _rows()}
    shown = {room: [row for row in _rows() if row.rpartition("/")[0] == room] for room in rooms}
    assert shown == {room: sorted(rows) for room, rows in shown.items()}


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"(?<![\w/.])((?:\w+/)*\w+\.py)\b", PAGE))
    ends = {module[start:] for module in MODULES for start in _starts(module)}
    assert named - ends == set()


def _starts(path: str) -> list[int]:
    """Where a part of the path begins."""
    return [0, *(found.end() for found in re.finditer("/", path))]


def test_the_layers_are_those_of_the_linter() -> None:
    (contract,) = _contracts("layers")
    shown = _table("layer")
    assert [_names(rooms) for _, rooms in shown] == [
        _words(line) for line in contract["layers"].split("\n") if line
    ]
    assert [int(number) for number, _ in shown] == list(reversed(range(len(shown))))


@pytest.mark.parametrize(
    ("heading", "kind", "left", "right"),
    [
        pytest.param("room", "forbidden", "source_modules", "forbidden_modules", id="forbidden"),
        pytest.param("library", "protected", "protected_modules", "allowed_importers", id="libraries"),
    ],
)
def test_the_borders_are_those_of_the_linter(heading: str, kind: str, left: str, right: str) -> None:
    drawn = {_words(contract[left]): _words(contract[right]) for contract in _contracts(kind)}
    assert _borders(heading) == drawn
