"""Hints, places, and what is said where no special words exist."""

import pytest
from pydantic import BaseModel, ValidationError

from maild.errors import Problem
from maild.mistakes import Document, Loc, in_order, keys_at, nearest, problems_of

DOCUMENT = Document(
    file="f", data={}, places={(): (1, 1), ("a",): (2, 1), ("a", 0): (2, 5), ("a", 0, "b"): (3, 7)}
)


class Leaf(BaseModel):
    size: int = 0
    name: str = ""


class Root(BaseModel):
    leaves: list[Leaf] = []
    by_name: dict[str, Leaf] = {}
    one: Leaf | None = None


SCHEMA = Root.model_json_schema()


@pytest.mark.parametrize(
    ("word", "words", "hint"),
    [
        pytest.param("hots", ["host", "port"], "did you mean 'host'?", id="close"),
        pytest.param("HOST", ["Host"], "did you mean 'Host'?", id="another case"),
        pytest.param("xyz", ["host", "port"], "known: host, port", id="nothing close"),
        pytest.param("xyz", [], "", id="nothing known"),
    ],
)
def test_nearest(word: str, words: list[str], hint: str) -> None:
    assert nearest(word, words) == hint


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        pytest.param(("a", 0, "b"), (3, 7), id="exact"),
        pytest.param(("a", "tag-of-a-union", 0, "b"), (3, 7), id="a part between"),
        pytest.param(("a", 0, "missing"), (2, 5), id="its parent"),
        pytest.param(("unknown",), (1, 1), id="the file"),
    ],
)
def test_places_are_found_tolerantly(loc: Loc, place: tuple[int, int]) -> None:
    assert DOCUMENT.place(loc) == place


def test_a_document_without_places_begins_at_its_beginning() -> None:
    assert Document(file="f", data=None, places={}).place(("a",)) == (1, 1)


@pytest.mark.parametrize(
    ("loc", "keys"),
    [
        pytest.param((), ("leaves", "by_name", "one"), id="root"),
        pytest.param(("leaves", 3), ("size", "name"), id="item"),
        pytest.param(("by_name", "any"), ("size", "name"), id="value of a mapping"),
        pytest.param(("one", "Leaf"), ("size", "name"), id="tag of a union"),
        pytest.param(("one", 3), ("size", "name"), id="no list"),
    ],
)
def test_keys_that_may_stand_somewhere(loc: Loc, keys: tuple[str, ...]) -> None:
    assert keys_at(SCHEMA, loc) == keys


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param({"leaves": {}}, "leaves must be a list, not a table of keys", id="table"),
        pytest.param({"one": {"name": []}}, "name must be text, not a list", id="list"),
        pytest.param({"one": {"name": None}}, "name must be text, not nothing", id="nothing"),
        pytest.param(
            {"one": {"name": object}}, "name must be text, not <class 'object'>", id="something else"
        ),
        pytest.param({"one": {"size": "x" * 99}}, "x" * 59 + "…", id="long value"),
        pytest.param([], "the file must be a table of keys, not a list", id="the whole file"),
    ],
)
def test_what_is_said_of_a_wrong_value(data: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Root.model_validate(data)
    (problem,) = problems_of(caught.value, DOCUMENT, SCHEMA)
    assert said in problem.what


def test_problems_come_by_file_and_line() -> None:
    problems = [
        Problem(file="b", line=1, what=""),
        Problem(file="a", line=2, what=""),
        Problem(file="a", what=""),
    ]
    assert [(each.file, each.line) for each in in_order(problems)] == [("a", None), ("a", 2), ("b", 1)]
