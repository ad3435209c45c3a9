"""The JSON Schemas for editors: the shipped copies are those of the program, and short forms are allowed."""

import json
from pathlib import Path

import pytest

from maild.rules.editor_schema import editor_schemas

SHIPPED = Path(__file__).parents[3] / "docs" / "schemas"


@pytest.mark.parametrize("name", list(editor_schemas()))
def test_the_shipped_copy_is_the_schema_of_the_program(name: str) -> None:
    assert (SHIPPED / name).read_text("utf-8") == editor_schemas()[name]


def test_no_copy_is_left_of_a_schema_that_is_gone() -> None:
    assert {path.name for path in SHIPPED.iterdir()} == set(editor_schemas())


def test_short_forms_and_any_header_may_be_written() -> None:
    definitions = json.loads(editor_schemas()["rules.schema.json"])["$defs"]
    when = definitions["When"]
    subject = json.dumps(when["properties"]["subject"])
    assert '"type": "string"' in subject
    assert "TextTest" in subject
    assert list(when["patternProperties"]) == ["^header:"]
    assert when["additionalProperties"] is False
    contains = definitions["TextTest"]["properties"]["contains"]["anyOf"][0]["anyOf"]
    assert [choice["type"] for choice in contains] == ["string", "array"]
