"""Where things stand in a TOML file: tomllib keeps no positions, so the text is walked once more.

tomllib alone decides what is right; this walk comes after it and may trust that the text is TOML 1.0.
"""

import re
import tomllib
from bisect import bisect_right
from pathlib import Path

from maild.errors import ConfigError, Problem
from maild.mistakes import Document, Loc

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<text>\"\"\"(?:[^\\]|\\.)*?\"{3,5} | '''.*?'{3,5} | "(?:[^"\\\n]|\\.)*" | '[^'\n]*')
      | (?P<newline>\n)
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\[\]{}=,.\#"']+)""",
    re.DOTALL | re.VERBOSE,
)


def read_toml(path: Path) -> Document:
    """The file, parsed, with the place of every key and item. Raises: ConfigError when it is no TOML."""
    try:
        text = path.read_text("utf-8").replace("\r\n", "\n")
        return Document(file=str(path), data=tomllib.loads(text), places=places_of(text))
    except OSError as error:
        hint = "`maild init` writes one"
        raise ConfigError(
            (Problem(file=str(path), what=f"cannot be read: {error.strerror}", hint=hint),)
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(
            (Problem(file=str(path), line=line, what="is not UTF-8", hint="save it as UTF-8"),)
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((_syntax_problem(path, text, str(error)),)) from error


def places_of(text: str) -> dict[Loc, tuple[int, int]]:
    """Line and column, from 1, of every table, key and item of valid TOML."""
    return _Walk(text).run()


def _syntax_problem(path: Path, text: str, said: str) -> Problem:
    what, _, place = said.rstrip(")").partition(" (at ")
    numbers = [int(number) for number in re.findall(r"\d+", place)]
    line, column = numbers or (text.count("\n") + 1, 1)
    return Problem(
        file=str(path), line=line, column=column, what=f"not TOML: {what}", hint=_syntax_hint(what)
    )


def _syntax_hint(what: str) -> str:
    if what.startswith("Invalid value"):
        return "text stands in double quotes"
    if what.startswith(("Cannot overwrite", "Cannot declare")):
        return "this key or table is there already"
    return ""


class _Walk:
    """A walk over the tokens, noting the place of each key; `_at` is the token that comes next."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._tokens = [match for match in _TOKEN.finditer(text + "\n") if match.lastgroup != "comment"]
        self._at = 0
        self._places: dict[Loc, tuple[int, int]] = {}
        self._tables: dict[Loc, int] = {}  # arrays of tables, and the index of the latest table of each

    def run(self) -> dict[Loc, tuple[int, int]]:
        table: Loc = ()
        while self._at < len(self._tokens):
            if self._next() == "[":
                table = self._header()
            elif self._next() != "\n":
                self._pair(table)
            else:
                self._take()
        return self._places

    def _header(self) -> Loc:
        """`[a.b]` or `[[a.b]]`: the table that the lines below it fill."""
        opening = self._take()
        is_array = self._next() == "["
        if is_array:
            self._take()
        loc = self._key((), opening)
        self._skip("]")
        if not is_array:
            return loc
        self._tables[loc] = self._tables.get(loc, -1) + 1
        return self._note((*loc, self._tables[loc]), opening)

    def _pair(self, table: Loc) -> None:
        loc = self._key(table, self._tokens[self._at])
        self._skip("=")
        self._value(loc)

    def _key(self, loc: Loc, place: re.Match[str]) -> Loc:
        """A dotted key below `loc`; inside an array of tables its latest table is meant (TOML 1.0, Table)."""
        while True:
            if loc in self._tables:
                loc = (*loc, self._tables[loc])
            loc = self._note((*loc, next(iter(tomllib.loads(f"{self._take().group()} = 0")))), place)
            if self._next() != ".":
                return loc
            self._take()

    def _value(self, loc: Loc) -> None:
        if self._next() == "[":
            self._items(loc)
        elif self._next() == "{":
            self._inline_table(loc)
        else:
            while self._next() not in ("\n", ",", "]", "}"):
                self._take()

    def _items(self, loc: Loc) -> None:
        self._take()
        index = 0
        while True:
            self._skip("\n", ",")
            if self._next() == "]":
                break
            self._value(self._note((*loc, index), self._tokens[self._at]))
            index += 1
        self._take()

    def _inline_table(self, loc: Loc) -> None:
        self._take()
        while True:
            self._skip(",")
            if self._next() == "}":
                break
            self._pair(loc)
        self._take()

    def _next(self) -> str:
        return self._tokens[self._at].group()

    def _take(self) -> re.Match[str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip(self, *marks: str) -> None:
        while self._next() in marks:
            self._take()

    def _note(self, loc: Loc, place: re.Match[str]) -> Loc:
        """Keep the first place of `loc`, which is where it was named."""
        line = bisect_right(self._starts, place.start())
        self._places.setdefault(loc, (line, place.start() - self._starts[line - 1] + 1))
        return loc
