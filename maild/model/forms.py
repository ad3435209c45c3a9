"""A form that is filled in by mail: its fields, and what was read of an answer."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from maild.model.mail import Address
from maild.model.sentence import Sentence


class FieldType(StrEnum):
    """What may stand in a field."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    ADDRESS = "address"  # mail addresses, one or several
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value that a field may take, by all the words for it in any language."""

    name: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """A field as the playbook has it: `labels` are (language, label), `aliases` other words for it."""

    name: str
    labels: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...] = ()
    type: FieldType = FieldType.TEXT
    required: bool = True
    choices: tuple[Choice, ...] = ()
    may_be_not_applicable: bool = False

    def label(self, language: str) -> str:
        """The label in that language, else the first one, else the name."""
        return next(
            (label for code, label in (*self.labels, *self.labels[:1]) if code == language), self._any
        )

    @property
    def _any(self) -> str:
        return self.labels[0][1] if self.labels else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """The field was answered: it does not apply (不适用)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with the unit that was written behind it, which may be empty."""

    number: Decimal
    unit: str = ""


Value = str | bool | date | datetime | Quantity | Choice | tuple[Address, ...] | NotApplicable


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """What was written in a field, and as what it was read."""

    name: str
    text: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongField:
    """What was written in a field and cannot stand there, with what would be right."""

    name: str
    text: str
    said: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownLabel:
    """A label that no field has, and the field whose label is most like it."""

    label: str
    nearest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReading:
    """What a form says: values in the order of the fields, what is missing, what is wrong."""

    values: tuple[FieldValue, ...] = ()
    missing: tuple[str, ...] = ()
    wrong: tuple[WrongField, ...] = ()
    unknown: tuple[UnknownLabel, ...] = ()

    @property
    def is_complete(self) -> bool:
        """True when nothing is missing and nothing is wrong."""
        return not self.missing and not self.wrong

    def value(self, name: str) -> FieldValue | None:
        """What was read for the field of that name."""
        return next((each for each in self.values if each.name == name), None)
