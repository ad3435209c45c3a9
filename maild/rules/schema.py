"""What may stand in a file of config/rules: the shape of rules as an admin writes them.

A condition is a mapping from a field to a test, all of which must hold, with `all`, `any` and `not`.
A test is a mapping from an operator to one value or several, or the values alone, which means `is`.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from maild.rules.expectation_schema import ExpectationEntry
from maild.rules.field_schema import (
    OnAutomatic,
    OnFlag,
    OnHeader,
    OnNumber,
    OnPartyKind,
    OnText,
    Word,
    Words,
)
from maild.rules.shape import Shape

HEADER = "header:"  # the alias of When.headers: what the key of any header begins with


def _gather_headers(value: object) -> object:
    """Put every `header:NAME` together under one key, where pydantic checks them alike."""
    if not isinstance(value, dict):
        return value
    headers = {key: test for key, test in value.items() if isinstance(key, str) and key.startswith(HEADER)}
    if not headers:
        return value
    return {key: test for key, test in value.items() if key not in headers} | {HEADER: headers}


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


def _field_name(key: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]*", key):
        hint = "small letters, digits and _ only"
        raise PydanticCustomError("field", "{name} is no name of a field", {"name": repr(key), "hint": hint})
    return key


def _as_owner(value: object) -> object:
    """One colleague stands for himself."""
    return {"fixed": value} if isinstance(value, str) else value


HeaderKey = Annotated[str, AfterValidator(_header_name)]
FieldName = Annotated[str, AfterValidator(_field_name)]


class When(Shape):
    """A condition: everything that is named in it must hold."""

    all_: Annotated[list["Condition"], Field(min_length=1)] | None = Field(
        None, alias="all", description="a list of conditions, all of which hold"
    )
    any_: Annotated[list["Condition"], Field(min_length=1)] | None = Field(
        None, alias="any", description="a list of conditions, at least one of which holds"
    )
    not_: "Condition | None" = Field(None, alias="not", description="a condition that does not hold")
    from_: OnText | None = Field(None, alias="from", description="an address in From")
    from_domain: OnText | None = Field(None, description="what stands behind the @ in From")
    from_name: OnText | None = Field(None, description="a display name in From")
    to: OnText | None = Field(None, description="an address in To or Cc")
    mailbox: OnText | None = Field(None, description="the name of our mailbox that it reached")
    subject: OnText | None = Field(None, description="the subject as it was written")
    base_subject: OnText | None = Field(None, description="the subject without Re:, 回复： and the like")
    text: OnText | None = Field(None, description="the new text, without what is quoted")
    attachment_name: OnText | None = Field(None, description="the file name of an attachment")
    attachment_type: OnText | None = Field(None, description="the content type of an attachment")
    attachment_size: OnNumber | None = Field(None, description="the size of an attachment in bytes")
    attachment_count: OnNumber | None = Field(None, description="how many attachments there are")
    language: OnText | None = Field(None, description="zh or en, where the text tells")
    automatic: OnAutomatic | None = Field(
        None, description="what sort of mail a machine sent; none is mail by a person"
    )
    authenticated: OnFlag | None = Field(
        None, description="whether our own server found the sender's domain to be genuine"
    )
    party: OnText | None = Field(
        None, description="whom it is from: the domain, or the address where strangers share the domain"
    )
    party_kind: OnPartyKind | None = Field(None, description="what the sender is to us, by the lists")
    has_case: OnFlag | None = Field(None, description="whether it joins a case")
    case_kind: OnText | None = Field(None, description="the kind of the case that it joins")
    case_stage: OnText | None = Field(None, description="the stage of the case that it joins")
    headers: dict[HeaderKey, OnHeader] | None = Field(
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


class OwnerEntry(Shape):
    """Whose case it is: one colleague, or one chosen out of several by one of the ways."""

    fixed: Word | None = Field(None, description="the address of a colleague in people.yaml")
    round_robin: Words | None = Field(
        None, description="addresses or departments: whoever was given no case for the longest time"
    )
    by_load: Words | None = Field(
        None, description="addresses or departments: whoever has the fewest open cases"
    )

    @model_validator(mode="after")
    def _one_way(self) -> "OwnerEntry":
        if len(self.model_fields_set) != 1:
            hint = "write one address, or one of round_robin and by_load"
            raise PydanticCustomError("owner", "an owner is chosen in one way", {"hint": hint})
        return self


class Then(Shape):
    """What a rule settles; what it does not name stays as earlier rules left it."""

    kind: Word | None = Field(None, description="the kind of the case; a playbook must run it")
    priority: Literal["low", "normal", "high", "urgent"] | None = Field(
        None, description="how pressing it is"
    )
    owner: Annotated[OwnerEntry, BeforeValidator(_as_owner)] | None = Field(
        None, description="the address of a colleague, or round_robin or by_load with several"
    )
    department: Word | None = Field(None, description="a department of people.yaml")
    labels: Words | None = Field(None, description="labels of the case; those of several rules add up")
    fields: dict[FieldName, Word] | None = Field(None, description="fields of the case with their values")
    confidential: bool | None = Field(None, strict=True, description="true: the case is confidential")
    template: Word | None = Field(
        None, description="the template that is sent instead of what the playbook sends"
    )
    archive: bool | None = Field(None, strict=True, description="true: keep the mail, open no case")
    spam: bool | None = Field(None, strict=True, description="true: keep the mail as spam, open no case")
    stop: bool = Field(False, strict=True, description="true: later rules are not tried")

    @model_validator(mode="after")
    def _something_settled(self) -> "Then":
        if not self.model_fields_set:
            hint = f"write one of {', '.join(type(self).model_fields)}"
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
    tests: list[ExpectationEntry] = Field(
        [], description="small messages and what should become of them, for `maild rules test`"
    )


RULE_SCHEMA: dict[str, Any] = RuleFile.model_json_schema()
