"""What may stand in a file of config/playbooks: one flow, as an admin writes it."""

from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from maild.model.delivery import DoubtPolicy
from maild.model.playbook import Guard, Trigger
from maild.rules.shape import Shape

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="small letters, digits and _ only")]
Names = Annotated[list[Name], Field(min_length=1)]


class ReactionEntry(Shape):
    """On a fact, unless a guard holds: send a template, move to a stage, or both."""

    fact: Trigger = Field(description="what must have happened")
    unless: list[Guard] = Field([], description="what keeps it from happening")
    send: Annotated[str, Field(min_length=1)] | None = Field(None, description="the template to send")
    move_to: Name | None = Field(None, description="the stage to move to")

    @model_validator(mode="after")
    def _something_done(self) -> "ReactionEntry":
        if self.send is None and self.move_to is None:
            hint = "write send or move_to"
            raise PydanticCustomError("no_reaction", "a fact on which nothing is done", {"hint": hint})
        return self


class PlaybookFile(Shape):
    """A file of config/playbooks."""

    name: Name = Field(
        description="how the playbook is called, in small letters, digits and _; no two are alike"
    )
    version: Annotated[str, Field(min_length=1)] = Field(description="any text in quotes")
    number_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,8}$")] = Field(
        description="what case numbers begin with: C gives C-2026-00001"
    )
    kinds: Names = Field(description="the kinds of case that run by it")
    stages: Names = Field(description="the stages of a case; the first is where it begins")
    closing_stages: list[Name] = Field(description="the stages in which a case is closed")
    when_in_doubt: DoubtPolicy = Field(
        DoubtPolicy.HOLD, description="mail that may or may not have arrived: hold it for a person, or resend"
    )
    on: list[ReactionEntry] = Field([], description="what is done on which fact, in this order")


PLAYBOOK_SCHEMA: dict[str, Any] = PlaybookFile.model_json_schema()
