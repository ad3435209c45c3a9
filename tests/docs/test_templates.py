"""docs/templates.md names every variable, every key of the head and every shipped template, and no others."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from maild.model.rendering import MailValues
from maild.render.front_matter import KEYS
from maild.render.template import LANGUAGES, SHIPPED_FOLDER, load

PAGE = Path(__file__).parents[2] / "docs" / "templates.md"


def rows(heading: str) -> list[str]:
    """The first column of the table whose first column is headed so."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE.read_text("utf-8"), re.MULTILINE)
    assert table
    return re.findall(r"^\| `([a-z_]+)` \| \S", table[1], re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        pytest.param("variable", [field.name for field in fields(MailValues)], id="variables"),
        pytest.param("key", list(KEYS), id="keys of the head"),
        pytest.param("template", list(load([SHIPPED_FOLDER]).names), id="shipped templates"),
    ],
)
def test_the_page_has_a_row_for_each(heading: str, names: list[str]) -> None:
    assert rows(heading) == names


def test_every_shipped_template_is_there_in_every_house_language() -> None:
    shipped = load([SHIPPED_FOLDER])
    assert {name: shipped.languages(name) for name in shipped.names} == {
        name: tuple(sorted(LANGUAGES)) for name in shipped.names
    }
