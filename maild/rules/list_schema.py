"""What may stand in config/lists and in config/people.yaml: names that rules refer to."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

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


Mailbox = Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]


class AbsenceEntry(Shape):
    """Days on which a colleague is away."""

    from_: date = Field(alias="from", description="the first day, such as 2026-10-01")
    to: date = Field(description="the last day")

    @model_validator(mode="after")
    def _in_order(self) -> "AbsenceEntry":
        if self.to < self.from_:
            raise PydanticCustomError(
                "absence", "it ends before it begins", {"hint": "put the earlier day first"}
            )
        return self


class PersonEntry(Shape):
    """A colleague."""

    name: Word = Field(description="the name as people write it")
    address: Mailbox = Field(description="the address, such as li.na@example.com; no two are alike")
    department: Word = Field(description="one of the departments")
    language: Literal["zh", "en"] | None = Field(
        None, description="in which maild writes; else the mailbox's"
    )
    deputy: Mailbox | None = Field(None, description="the colleague who stands in while this one is away")
    away: list[AbsenceEntry] = Field([], description="the days of absence, the last included")


class DepartmentEntry(Shape):
    """A department, and who answers for it."""

    name: Word = Field(description="the name that rules use")
    head: Mailbox | None = Field(None, description="the colleague who leads it")
    leader: Mailbox | None = Field(None, description="the colleague who supervises it (分管领导)")


_NAME, _DEPARTMENT = "a name", "a department"  # as a mistake tells of them

DepartmentItem = Annotated[
    Annotated[Word, Tag(_NAME)] | Annotated[DepartmentEntry, Tag(_DEPARTMENT)],
    Discriminator(lambda value: _DEPARTMENT if isinstance(value, dict) else _NAME),
]


class PeopleFile(Shape):
    """people.yaml."""

    departments: list[DepartmentItem] = Field([], description="the departments, by the names that rules use")
    people: list[PersonEntry] = Field([], description="who can own cases")
    service_desk: list[Mailbox] = Field(
        [], description="the colleagues who take care of what is nobody's (客服)"
    )


LIST_SCHEMA: dict[str, Any] = ListFile.model_json_schema()
PEOPLE_SCHEMA: dict[str, Any] = PeopleFile.model_json_schema()
