"""What may stand under `tests:` in a file of config/rules: a small message, and what should become of it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from maild.rules.field_schema import Numbers, Word, Words, as_list
from maild.rules.shape import Shape

AnyWords = Annotated[list[Word], BeforeValidator(as_list)]


class AttachmentEntry(Shape):
    """A file that hangs on the message."""

    name: Word = Field(description="its file name")
    type: Annotated[str, Field(pattern=r"^[\w.+-]+/[\w.+-]+$")] = Field(
        "application/octet-stream", description="its content type, such as application/pdf"
    )
    size: Numbers = Field(["1"], description="its size, such as 2 MB")


class MessageEntry(Shape):
    """A message, as short as the rules need it."""

    from_: Word = Field(alias="from", description="who wrote it, as an address or Name <address>")
    to: Words | None = Field(None, description="to whom; without it the mailbox's own address")
    mailbox: Word | None = Field(None, description="the mailbox that it reached; without it the first")
    subject: str = Field("", description="its subject")
    text: str = Field("", description="its text")
    headers: dict[Word, str] = Field({}, description="further headers by name")
    attachments: list[AttachmentEntry] = Field([], description="what hangs on it")
    case_kind: Word | None = Field(None, description="the kind of the case that it joins")
    case_stage: Word | None = Field(None, description="the stage of the case that it joins")


class ExpectEntry(Shape):
    """What should become of it; what is not named may be anything."""

    rules: AnyWords | None = Field(None, description="the names of the rules that match, in their order")
    kind: Word | None = Field(None, description="the kind of the case")
    priority: Literal["low", "normal", "high", "urgent"] | None = Field(None, description="the priority")
    owner: AnyWords | None = Field(None, description="the colleagues one of whom gets the case")
    department: Word | None = Field(None, description="the department")
    labels: AnyWords | None = Field(None, description="all of its labels")
    fields: dict[Word, Word] | None = Field(None, description="all of its fields")
    confidential: bool | None = Field(None, strict=True, description="whether the case is confidential")
    template: Word | None = Field(None, description="the template that is sent instead of the playbook's")
    archive: bool | None = Field(None, strict=True, description="whether it is kept without a case")
    spam: bool | None = Field(None, strict=True, description="whether it is spam")
    review: bool | None = Field(None, strict=True, description="whether it waits for a person")

    @model_validator(mode="after")
    def _something_expected(self) -> "ExpectEntry":
        if not self.model_fields_set:
            hint = f"write one of {', '.join(type(self).model_fields)}"
            raise PydanticCustomError("nothing_expected", "a test that expects nothing", {"hint": hint})
        return self


class ExpectationEntry(Shape):
    """One test of the rules."""

    name: Word = Field(description="what the test shows")
    message: MessageEntry = Field(description="a small message")
    expect: ExpectEntry = Field(description="what should become of it")
