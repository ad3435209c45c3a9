"""What is wrong in a configuration file, said so that it can be mended: where, what, the nearest right word.

Turns the errors of a pydantic validation into Problems. How a file is parsed is left to toml_places and
rules.load, which both answer a Document; which keys are right is read from the model's JSON Schema.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from maild.errors import Problem

Loc = tuple[int | str, ...]
Schema = dict[str, Any]

LONGEST_VALUE = 60  # characters of a wrong value that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file: its plain data, and the line and column of every key and item."""

    file: str
    data: Any
    places: Mapping[Loc, tuple[int, int]] = field(repr=False)

    def place(self, loc: Loc) -> tuple[int, int]:
        """Line and column of `loc`, else of what stands around it; a part that is no key is skipped."""
        found: Loc = ()
        for part in loc:
            if (*found, part) in self.places:
                found = (*found, part)
        return self.places.get(found, (1, 1))

    def below(self, key: str) -> "Document":
        """What stands behind a key of the file, as a document of its own with the same places."""
        inner = {loc[1:]: place for loc, place in self.places.items() if loc[:1] == (key,)}
        return Document(file=self.file, data=self.data[key], places=inner)

    def problem(self, loc: Loc, what: str, hint: str = "") -> Problem:
        """A problem at that place of this file."""
        line, column = self.place(loc)
        return Problem(file=self.file, line=line, column=column, what=what, hint=hint)


def problem_at(folder: Path, place: str, what: str, hint: str) -> Problem:
    """A problem at a place as the model keeps it: FILE:LINE:COLUMN, the file below `folder`."""
    file, line, column = place.rsplit(":", 2)
    return Problem(file=str(folder / file), line=int(line), column=int(column), what=what, hint=hint)


def nearest(word: str, words: Iterable[str]) -> str:
    """A hint with the right word most like `word`, else with those that there are."""
    known = sorted(set(words))
    folded = {each.casefold(): each for each in known}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    return "known: " + ", ".join(known[:30]) if known else ""


def problems_of(error: ValidationError, document: Document, schema: Schema) -> tuple[Problem, ...]:
    """One Problem for each thing that pydantic found, in the order of the file."""
    return in_order(_problem(detail, document, schema) for detail in error.errors(include_url=False))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by file, line and column."""
    return tuple(sorted(problems, key=lambda each: (each.file, each.line or 0, each.column or 0)))


def keys_at(schema: Schema, loc: Loc) -> tuple[str, ...]:
    """The keys that may stand at `loc`, by the model's JSON Schema; a field may be `spelled` otherwise."""
    keys: list[str] = []
    for node in _nodes_at(schema, loc):
        for key, child in node.get("properties", {}).items():
            keys += spellings(key, child)
    return tuple(keys)


def spellings(key: str, child: Schema) -> list[str]:
    """The keys that a file may use for a field: its `spelled` ones, else its own."""
    choices = (child, *child.get("anyOf", ()))
    return next((list(choice["spelled"]) for choice in choices if "spelled" in choice), [key])


def _nodes_at(schema: Schema, loc: Loc) -> list[Schema]:
    nodes = _alternatives(schema, schema)
    for part in loc:
        step = [child for node in nodes for child in _children(node, part)]
        # A part that leads nowhere is the tag of a union, which pydantic writes between the keys.
        nodes = [each for child in step for each in _alternatives(child, schema)] or nodes
    return nodes


def _children(node: Schema, part: int | str) -> list[Schema]:
    if isinstance(part, int):
        return [node["items"]] if isinstance(node.get("items"), dict) else []
    for keyed in (node.get("properties", {}).get(part), node.get("additionalProperties")):
        if isinstance(keyed, dict):
            return [keyed]
    return []


def _alternatives(node: Schema, schema: Schema) -> list[Schema]:
    if "$ref" in node:
        return _alternatives(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    choices = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    return [each for choice in choices for each in _alternatives(choice, schema)] or [node]


def _problem(detail: ErrorDetails, document: Document, schema: Schema) -> Problem:
    loc = detail["loc"]
    tell = _TELLERS.get(detail["type"], _as_said)
    what, hint = tell(detail, schema)
    return document.problem(loc, what, hint)


def _unknown_key(detail: ErrorDetails, schema: Schema) -> tuple[str, str]:
    *parents, key = detail["loc"]
    return f"unknown key {key!r}", nearest(str(key), keys_at(schema, tuple(parents)))


def _missing(detail: ErrorDetails, schema: Schema) -> tuple[str, str]:
    *parents, key = detail["loc"]
    nodes = _nodes_at(schema, tuple(parents))
    words = [word for node in nodes for word in spellings(str(key), node.get("properties", {}).get(key, {}))]
    return f"{' or '.join(dict.fromkeys(words))} is missing", f"add it to {_name(tuple(parents))}"


def _not_one_of(detail: ErrorDetails, schema: Schema) -> tuple[str, str]:
    words = re.findall(r"'([^']*)'", detail.get("ctx", {})["expected"])
    return f"{_name(detail['loc'])} cannot be {_shown(detail)}", nearest(str(detail["input"]), words)


def _as_said(detail: ErrorDetails, schema: Schema) -> tuple[str, str]:
    ctx = detail.get("ctx", {})
    if "hint" in ctx:
        return detail["msg"], str(ctx["hint"])
    should = detail["msg"].removeprefix("Input should ").removeprefix("String should ")
    told = [str(node["description"]) for node in _nodes_at(schema, detail["loc"]) if "description" in node]
    what = f"{_name(detail['loc'])} should {should[:1].lower()}{should[1:]}, not {_shown(detail)}"
    return what, next(iter(told), "")


def _empty(detail: ErrorDetails, schema: Schema) -> tuple[str, str]:
    return f"{_name(detail['loc'])} must not be empty", ""


def _no_text_key(detail: ErrorDetails, schema: Schema) -> tuple[str, str]:
    return f"a key must be text, not {_shown(detail)}", "put it in quotes"


def _must_be(wanted: str) -> "Callable[[ErrorDetails, Schema], tuple[str, str]]":
    def tell(detail: ErrorDetails, schema: Schema) -> tuple[str, str]:
        scalar = isinstance(detail["input"], int | float) and wanted == "text"
        hint = "put it in quotes" if scalar else ""
        return f"{_name(detail['loc'])} must be {wanted}, not {_shown(detail)}", hint

    return tell


def _name(loc: Loc) -> str:
    keys = [str(part) for part in loc if isinstance(part, str) and part != "[key]"]
    return keys[-1] if keys else "the file"


def _shown(detail: ErrorDetails) -> str:
    match detail["input"]:
        case None:
            return "nothing"
        case bool() as value:
            return str(value).lower()  # as TOML and YAML write it
        case dict():
            return "a table of keys"
        case list() | tuple():
            return "a list"
        case value:
            shown = repr(value) if isinstance(value, str) else str(value)
            return shown if len(shown) <= LONGEST_VALUE else shown[:LONGEST_VALUE] + "…"


_WANTED = {
    "string_type": "text",
    "path_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a table of keys",
    "model_type": "a table of keys",
    "model_attributes_type": "a table of keys",
    "dataclass_type": "a table of keys",
    "timezone_aware": "an instant with its zone, such as 2026-01-31T00:00:00+08:00",
    "datetime_type": "an instant with its zone, such as 2026-01-31T00:00:00+08:00",
    "datetime_parsing": "an instant with its zone, such as 2026-01-31T00:00:00+08:00",
    "datetime_from_date_parsing": "an instant with its zone, such as 2026-01-31T00:00:00+08:00",
}

_TELLERS = {kind: _must_be(wanted) for kind, wanted in _WANTED.items()} | {
    "extra_forbidden": _unknown_key,
    "unexpected_keyword_argument": _unknown_key,
    "missing": _missing,
    "missing_argument": _missing,
    "missing_keyword_only_argument": _missing,
    "literal_error": _not_one_of,
    "enum": _not_one_of,
    "invalid_key": _no_text_key,
    "too_short": _empty,
    "string_too_short": _empty,
}
