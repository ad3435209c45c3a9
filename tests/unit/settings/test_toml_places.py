"""Where keys stand in TOML, whatever way they are written."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import ConfigError
from maild.mistakes import Loc
from maild.toml_places import places_of, read_toml

EVERY_WAY = """\
# a comment with [brackets] = "and quotes"
plain = 1
a.b . "c d" = 1979-05-27 07:32:00
'lit.eral' = '''
not = "a key"
'''
basic = \"\"\"x \\\"\"\" y
no.key = 1\"\"\"
list = [ 1, # one = 1
  [2, "]"], { deep = {er = 1.5e3}, x.y = [] },
]
[table]
key = "= # \\" ["
[table.sub]
key = true
[[array]]
name = 'first'
[array.inner]
port = 1
[[array]]
name = 'second'
[[array.nested]]
n = 1
[[array.nested]]
n = 2
"""


def _locs(data: object, loc: Loc = ()) -> Iterator[Loc]:
    children: list[tuple[int | str, object]] = []
    if isinstance(data, dict):
        children = list(data.items())
    elif isinstance(data, list):
        children = list(enumerate(data))
    for key, child in children:
        yield (*loc, key)
        yield from _locs(child, (*loc, key))


def test_everything_that_tomllib_reads_has_a_place() -> None:
    assert set(places_of(EVERY_WAY)) == set(_locs(tomllib.loads(EVERY_WAY)))


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        pytest.param(("plain",), (2, 1), id="key"),
        pytest.param(("a", "b", "c d"), (3, 1), id="dotted and quoted"),
        pytest.param(("lit.eral",), (4, 1), id="literal key"),
        pytest.param(("basic",), (7, 1), id="after a multi-line literal"),
        pytest.param(("list",), (9, 1), id="after a multi-line text"),
        pytest.param(("list", 1, 1), (10, 7), id="item of an inner list"),
        pytest.param(("list", 2, "deep", "er"), (10, 23), id="inline table"),
        pytest.param(("list", 2, "x", "y"), (10, 36), id="dotted key in an inline table"),
        pytest.param(("table",), (12, 1), id="table"),
        pytest.param(("table", "sub", "key"), (15, 1), id="key of a sub-table"),
        pytest.param(("array", 0, "inner", "port"), (19, 1), id="table of the first item"),
        pytest.param(("array", 1), (20, 1), id="second item"),
        pytest.param(("array", 1, "nested", 1, "n"), (25, 1), id="nested array of tables"),
    ],
)
def test_places(loc: Loc, place: tuple[int, int]) -> None:
    assert places_of(EVERY_WAY)[loc] == place


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=20), max_size=5))
def test_quoted_keys_and_texts_of_any_kind(entries: dict[str, str]) -> None:
    quoted = "".join(f"{_quoted(key)} = {_quoted(value)}\n" for key, value in entries.items())
    lines = {key: line for line, key in enumerate(entries, 1)}
    assert {loc[0]: place[0] for loc, place in places_of(quoted).items()} == lines


def _quoted(text: str) -> str:
    escaped = "".join(
        f"\\U{ord(c):08x}" if not c.isalnum() else c for c in text if not "\ud800" <= c <= "\udfff"
    )
    return f'"{escaped}"'


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        pytest.param(b"a = 1\nb = \n", 2, 5, "double quotes", id="no value"),
        pytest.param(b"a = 1\nhost = imap.example.com\n", 2, 8, "double quotes", id="text without quotes"),
        pytest.param(b"a = 1\nb\n", 2, 2, "not TOML: Expected '='", id="no equals sign"),
        pytest.param(b"a = 1\na = 2\n", 2, 6, "there already", id="key twice"),
        pytest.param(b"[a]\nx = 1\n[a]\n", 3, 3, "there already", id="table twice"),
        pytest.param(b"a = [1,\n", 2, 1, "not TOML", id="list not closed"),
        pytest.param("a = 1\nb = 2 # 中".encode("gb18030"), 2, None, "UTF-8", id="GB18030"),
    ],
)
def test_what_is_no_toml(tmp_path: Path, content: bytes, line: int, column: int | None, words: str) -> None:
    path = tmp_path / "maild.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_toml(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == (str(path), line, column)
    assert words in str(problem)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"No such file or directory .*maild init"):
        read_toml(tmp_path / "maild.toml")
