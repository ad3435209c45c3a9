"""What may stand in a file of config/rules: the shape of rules as an admin writes them.

A condition is a mapping from a field to a test, all of which must hold, with `all`, `any` and `not`.
A test is a mapping from an operator to one value or several, or the values alone, which means `is`.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from maild.mistakes import nearest
from maild.model.mail import AutomaticKind
from maild.rules.pattern import Pattern, PatternRefused
from maild.rules.shape import Shape

HEADER = "header:"  # the alias of When.headers: what the key of any header begins with


def _as_list(value: object) -> object:
    """One value stands for a list of one."""
    return value if isinstance(value, list | dict) else [value]


def _as_test(value: object) -> object:
    """A bare value or list means `is`; nothing at all stays wrong."""
    return value if value is None or isinstance(value, dict) else {"is": value}


def _gather_headers(value: object) -> object:
    """Put every `header:NAME` together under one key, where pydantic checks them alike."""
    if not isinstance(value, dict):
        return value
    headers = {key: test for key, test in value.items() if isinstance(key, str) and key.startswith(HEADER)}
    if not headers:
        return value
    return {key: test for key, test in value.items() if key not in headers} | {HEADER: headers}


def _known_pattern(text: str) -> str:
    try:
        Pattern(text)
    except PatternRefused as error:
        hint = "RE2 syntax; look-around and back-references do not exist in it"
        raise PydanticCustomError(
            "pattern", "bad pattern: {why}", {"why": str(error), "hint": hint}
        ) from error
    return text


def _known_automatic(word: str) -> str:
    words = [str(kind) for kind in AutomaticKind]
    if word not in words:
        context = {"word": repr(word), "hint": nearest(word, words)}
        raise PydanticCustomError("automatic", "automatic is never {word}", context)
    return word


def _header_name(key: str) -> str:
    name = key.removeprefix(HEADER)
    if not name or not all(
        "!" <= character <= "~" and character != ":" for character in name
    ):  # RFC 5322 §2.2
        hint = "write its name after header:, such as header:X-Priority"
        raise PydanticCustomError(
            "header", "{name} is no name of a header", {"name": repr(name), "hint": hint}
        )
    return key


Word = Annotated[str, Field(min_length=1)]
Words = Annotated[list[Word], Field(min_length=1), BeforeValidator(_as_list)]
Patterns = Annotated[
    list[Annotated[Word, AfterValidator(_known_pattern)]], Field(min_length=1), BeforeValidator(_as_list)
]
AutomaticWords = Annotated[
    list[Annotated[Word, AfterValidator(_known_automatic)]], Field(min_length=1), BeforeValidator(_as_list)
]


class TextTest(Shape):
    """How the values of a field are compared; with several operators each must hold."""

    is_: Words | None = Field(None, alias="is", description="the whole value is one of these")
    contains: Words | None = Field(None, description="one of these stands somewhere in the value")
    starts: Words | None = Field(None, description="the value begins with one of these")
    ends: Words | None = Field(None, description="the value ends with one of these")
    matches: Patterns | None = Field(None, description="one of these RE2 patterns is found in the value")

    @model_validator(mode="after")
    def _some_operator(self) -> "TextTest":
        if not self.model_fields_set:
            hint = "write one of is, contains, starts, ends, matches"
            raise PydanticCustomError("no_operator", "a test without an operator", {"hint": hint})
        return self


class AutomaticTest(Shape):
    """What sort of mail a machine sent; `none` is mail by a person."""

    is_: AutomaticWords = Field(alias="is", description="one of these sorts of mail")


FieldTest = Annotated[TextTest, BeforeValidator(_as_test)]
HeaderKey = Annotated[str, AfterValidator(_header_name)]


class When(Shape):
    """A condition: everything that is named in it must hold."""

    all_: Annotated[list["Condition"], Field(min_length=1)] | None = Field(
        None, alias="all", description="a list of conditions, all of which hold"
    )
    any_: Annotated[list["Condition"], Field(min_length=1)] | None = Field(
        None, alias="any", description="a list of conditions, at least one of which holds"
    )
    not_: "Condition | None" = Field(None, alias="not", description="a condition that does not hold")
    from_: FieldTest | None = Field(None, alias="from", description="an address in From")
    from_domain: FieldTest | None = Field(None, description="what stands behind the @ in From")
    from_name: FieldTest | None = Field(None, description="a display name in From")
    to: FieldTest | None = Field(None, description="an address in To or Cc")
    mailbox: FieldTest | None = Field(None, description="the name of our mailbox that it reached")
    subject: FieldTest | None = Field(None, description="the subject as it was written")
    base_subject: FieldTest | None = Field(None, description="the subject without Re:, 回复： and the like")
    text: FieldTest | None = Field(None, description="the new text, without what is quoted")
    attachment_name: FieldTest | None = Field(None, description="the file name of an attachment")
    attachment_type: FieldTest | None = Field(None, description="the content type of an attachment")
    language: FieldTest | None = Field(None, description="zh or en, where the text tells")
    automatic: Annotated[AutomaticTest, BeforeValidator(_as_test)] | None = Field(
        None, description="what sort of mail a machine sent; none is mail by a person"
    )
    headers: dict[HeaderKey, FieldTest] | None = Field(
        None,
        alias="header:",
        description="any header by its name, such as header:X-Priority",
        json_schema_extra={"spelled": [f"{HEADER}NAME"]},
    )

    @model_validator(mode="after")
    def _something_asked(self) -> "When":
        if not self.model_fields_set:
            hint = "mail that no rule matches takes the mailbox's default_kind"
            raise PydanticCustomError("no_test", "a condition without a test", {"hint": hint})
        return self


Condition = Annotated[When, BeforeValidator(_gather_headers)]


class Then(Shape):
    """What a rule settles; what it does not name stays as earlier rules left it."""

    kind: Word | None = Field(None, description="the kind of the case; a playbook must run it")
    priority: Literal["low", "normal", "high", "urgent"] | None = Field(
        None, description="how pressing it is"
    )
    archive: bool | None = Field(None, strict=True, description="true: keep the mail, open no case")
    stop: bool = Field(False, strict=True, description="true: later rules are not tried")

    @model_validator(mode="after")
    def _something_settled(self) -> "Then":
        if not self.model_fields_set:
            hint = "write one of kind, priority, archive, stop"
            raise PydanticCustomError("no_action", "a rule that does nothing", {"hint": hint})
        return self


class RuleEntry(Shape):
    """One rule; its name is how decisions and `explain` call it."""

    name: Word = Field(description="how the rule is called; no two are alike")
    when: Condition = Field(description="the condition")
    then: Then = Field(description="what follows when the condition holds")


class RuleFile(Shape):
    """A file of config/rules."""

    rules: list[RuleEntry] = Field(description="the rules, tried in this order")


RULE_SCHEMA: dict[str, Any] = RuleFile.model_json_schema()
