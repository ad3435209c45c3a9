"""Flowed text."""

import pytest

from maild.parsers.flowed import unflow


@pytest.mark.parametrize(
    ("text", "delete_space", "expected"),
    [
        pytest.param("a \nb", False, "a b", id="joined"),
        pytest.param("中 \n文", True, "中文", id="DelSp"),
        pytest.param("a\nb", False, "a\nb", id="fixed"),
        pytest.param(" >not quoted", False, ">not quoted", id="space-stuffed"),
        pytest.param("> a \n> b\nc", False, "> a b\nc", id="quoted"),
        pytest.param("> a \n>> b", False, "> a \n>> b", id="another depth"),
        pytest.param("a \n-- \nLi", False, "a \n-- \nLi", id="a signature is never joined"),
    ],
)
def test_unflow(text: str, delete_space: bool, expected: str) -> None:
    assert unflow(text, delete_space=delete_space) == expected
