"""docs/operations.md has a row for each event that maild logs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from maild.model.delivery import RecipientState

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")

OUTCOMES = [state.value for state in RecipientState if state is not RecipientState.QUEUED]
"""What an attempt can end in: what f"outbox.{outcome.state}" stands for."""


LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


def _logged() -> set[str]:
    """The value of "event" in every `extra={...}` of a call to a logger under maild/."""
    found: set[str] = set()
    for path in (ROOT / "maild").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            for extra in _extras(call):
                assert isinstance(extra, ast.Dict), f"{path}:{extra.lineno}: write extra={{...}} out"
                found |= {name for key, value in _items(extra) if key == "event" for name in _texts(value)}
    return found


def _extras(node: ast.AST) -> list[ast.expr]:
    """What a call to a logger is given as `extra`."""
    if not (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOGGING
    ):
        return []
    return [keyword.value for keyword in node.keywords if keyword.arg == "extra"]


def _items(node: ast.Dict) -> Iterator[tuple[object, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        yield (key.value if isinstance(key, ast.Constant) else None), value


def _texts(node: ast.expr) -> list[str]:
    """The texts that an expression may give: a literal, a choice, or one with an outcome in it."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return _texts(body) + _texts(orelse)
        case ast.JoinedStr(values=[ast.Constant(value=str() as start), ast.FormattedValue()]):
            return [f"{start}{state}" for state in OUTCOMES]
        case _:
            raise AssertionError(f"line {node.lineno}: an event that cannot be told from the source")


def _rows() -> list[str]:
    return re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (?:info|warning|error) \| \S", PAGE, re.MULTILINE)


def test_every_event_has_its_row() -> None:
    assert set(_rows()) == _logged()


def test_no_event_has_two_rows() -> None:
    assert len(_rows()) == len(set(_rows()))
