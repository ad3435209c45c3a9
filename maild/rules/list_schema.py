"""What may stand in config/lists and in config/people.yaml: names that rules refer to."""

from typing import Annotated, Any, Literal

from pydantic import Field

from maild.model.people import PartyKind
from maild.rules.field_schema import Word
from maild.rules.shape import Shape


class ListFile(Shape):
    """A file of config/lists; the name of the list is that of the file."""

    party: Literal["customer", "supplier", "staff", "regulator"] | None = Field(
        None, description="what those in the list are to us: customer, supplier, staff or regulator"
    )
    entries: list[Word] = Field(description="addresses, domains (and all below them), or words")

    @property
    def kind(self) -> PartyKind | None:
        """What those in the list are to us."""
        return PartyKind(self.party) if self.party else None


class PersonEntry(Shape):
    """A colleague."""

    name: Word = Field(description="the name as people write it")
    address: Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")] = Field(
        description="the address, such as li.na@example.com; no two are alike"
    )
    department: Word = Field(description="one of the departments")


class PeopleFile(Shape):
    """people.yaml."""

    departments: list[Word] = Field([], description="the departments, by the names that rules use")
    people: list[PersonEntry] = Field([], description="who can own cases")


LIST_SCHEMA: dict[str, Any] = ListFile.model_json_schema()
PEOPLE_SCHEMA: dict[str, Any] = PeopleFile.model_json_schema()
