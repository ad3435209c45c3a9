"""Values as JSON and on the terminal."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from maild.cli.printing import plain, print_json, printable


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Shape:
    from_: str
    colour: Colour
    raw: bytes
    parts: tuple[int, ...]
    names: frozenset[str]


def test_a_dataclass_becomes_an_object_without_its_bytes() -> None:
    shape = Shape(from_="a", colour=Colour.RED, raw=b"x", parts=(1, 2), names=frozenset({"b", "a"}))
    assert plain(shape) == {"from": "a", "colour": "red", "parts": [1, 2], "names": ["a", "b"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(datetime(2026, 9, 30, 8, 40, tzinfo=UTC), "2026-09-30T08:40:00+00:00", id="instant"),
        pytest.param({"a": None, 1: True}, {"a": None, "1": True}, id="mapping"),
        pytest.param(1.5, 1.5, id="number"),
    ],
)
def test_plain(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_json_is_one_line_of_utf8_whatever_the_mail_held(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_json({"subject": "投诉\n\udcff"})
    assert capfdbinary.readouterr().out == '{"subject": "投诉\\n\\udcff"}\n'.encode()


def test_what_steers_a_terminal_is_taken_out() -> None:
    assert printable("a\x1b[31mb\r\x9bc\nd\x07") == "a [31mb  c\nd "
