"""Tests of single fields as an admin writes them: operators and the values that each takes.

A bare value or list stands for `is`, one value for a list of one. What there is to be tested stands in
schema.py.
"""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from maild.mistakes import nearest
from maild.model.mail import AutomaticKind
from maild.model.people import PartyKind
from maild.rules.pattern import Pattern, PatternRefused
from maild.rules.shape import Shape

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG]?B)?", re.IGNORECASE)
_UNITS = {"": 1, "B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}


def as_list(value: object) -> object:
    """One value stands for a list of one."""
    return value if isinstance(value, list | dict) else [value]


def as_test(value: object) -> object:
    """A bare value or list means `is`; nothing at all stays wrong."""
    return value if value is None or isinstance(value, dict) else {"is": value}


def _known_pattern(text: str) -> str:
    try:
        pattern = Pattern(text)
    except PatternRefused as error:
        hint = (
            "RE2 syntax without look-around and back-references; repeats such as {1,20} make 50 at the most"
        )
        raise PydanticCustomError(
            "pattern", "bad pattern: {why}", {"why": str(error), "hint": hint}
        ) from error
    if pattern.matches_everything:
        hint = "it is found in any text: take the test out, or say what must stand there"
        raise PydanticCustomError("pattern", "the pattern matches everything", {"hint": hint})
    return text


def _one_of(name: str, known: Iterable[str]) -> Callable[[str], str]:
    words = [str(word) for word in known]

    def check(word: str) -> str:
        if word not in words:
            context = {"name": name, "word": repr(word), "hint": nearest(word, words)}
            raise PydanticCustomError("word", "{name} is never {word}", context)
        return word

    return check


def _only(known: Iterable[str]) -> Any:
    """What editors are told of it."""
    return Field(json_schema_extra={"enum": [str(word) for word in known]})


def _number(value: object) -> object:
    """5 and "5 MB" as text, in bytes where a unit is named; a wrong one is told as such."""
    if isinstance(value, str) and (found := _SIZE.fullmatch(value.strip())):
        return str(round(float(found[1]) * _UNITS[(found[2] or "").upper()]))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    hint = "a number such as 3, or a size such as 500 KB or 5 MB"
    raise PydanticCustomError("number", "{value} is no number", {"value": repr(value), "hint": hint})


Word = Annotated[str, Field(min_length=1)]
MOST_WORDS = 1000  # of a test: so many are looked for in 10,000 characters in 22 ms (bench/rules.py)
Words = Annotated[list[Word], Field(min_length=1, max_length=MOST_WORDS), BeforeValidator(as_list)]
Patterns = Annotated[
    list[Annotated[Word, AfterValidator(_known_pattern)]], Field(min_length=1), BeforeValidator(as_list)
]
Numbers = Annotated[list[Annotated[str, BeforeValidator(_number)]], BeforeValidator(as_list)]
AutomaticWords = Annotated[
    list[Annotated[Word, AfterValidator(_one_of("automatic", AutomaticKind)), _only(AutomaticKind)]],
    Field(min_length=1),
    BeforeValidator(as_list),
]
PartyWords = Annotated[
    list[Annotated[Word, AfterValidator(_one_of("party_kind", PartyKind)), _only(PartyKind)]],
    Field(min_length=1),
    BeforeValidator(as_list),
]
_ABOVE: Any = Field(None, description="the value is a number above this; sizes as 500 KB or 5 MB")
_BELOW: Any = Field(None, description="the value is a number below this")


class _Operators(Shape):
    """Whatever has operators needs one of them."""

    @model_validator(mode="after")
    def _some_operator(self) -> "_Operators":
        if not self.model_fields_set - {"fold"}:
            known = (info.alias or name for name, info in type(self).model_fields.items() if name != "fold")
            hint = f"write one of {', '.join(known)}"
            raise PydanticCustomError("no_operator", "a test without an operator", {"hint": hint})
        return self


class TextTest(_Operators):
    """How the values of a field are compared; with several operators each must hold."""

    is_: Words | None = Field(None, alias="is", description="the whole value is one of these")
    in_: Words | None = Field(
        None,
        alias="in",
        description="the value, its domain or one above is an entry of a list in config/lists",
    )
    contains: Words | None = Field(None, description="one of these stands somewhere in the value")
    mentions: Words | None = Field(
        None, description="an entry of a list in config/lists stands somewhere in the value"
    )
    starts: Words | None = Field(None, description="the value begins with one of these")
    ends: Words | None = Field(None, description="the value ends with one of these")
    matches: Patterns | None = Field(None, description="one of these RE2 patterns is found in the value")
    fold: Literal["chinese"] | None = Field(
        None, description="chinese: traditional and simplified characters are alike in this test"
    )


class HeaderTest(TextTest):
    """A header may hold a number too."""

    above: Numbers | None = _ABOVE
    below: Numbers | None = _BELOW


class NumberTest(_Operators):
    """How a number is compared; with several operators each must hold."""

    is_: Numbers | None = Field(None, alias="is", description="the value is this number")
    above: Numbers | None = _ABOVE
    below: Numbers | None = _BELOW


class FlagTest(Shape):
    """Whether something is so."""

    is_: Annotated[bool, Field(strict=True, alias="is", description="true or false")]


class AutomaticTest(Shape):
    """What sort of mail a machine sent; `none` is mail by a person."""

    is_: AutomaticWords = Field(alias="is", description="one of these sorts of mail")


class PartyKindTest(Shape):
    """What the sender is to us."""

    is_: PartyWords = Field(alias="is", description="one of these kinds of party")


FieldTest = TextTest | HeaderTest | NumberTest | FlagTest | AutomaticTest | PartyKindTest

OnText = Annotated[TextTest, BeforeValidator(as_test)]
OnHeader = Annotated[HeaderTest, BeforeValidator(as_test)]
OnNumber = Annotated[NumberTest, BeforeValidator(as_test)]
OnFlag = Annotated[FlagTest, BeforeValidator(as_test)]
OnAutomatic = Annotated[AutomaticTest, BeforeValidator(as_test)]
OnPartyKind = Annotated[PartyKindTest, BeforeValidator(as_test)]
