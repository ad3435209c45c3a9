"""A day or an instant as a person wrote it, with what it was read as."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The words that were written, and the day, the instant or the span that they name.

    A clock time comes with its day: `at` is that instant in UTC, `on` its day in the writer's zone. Working
    days are only counted here: which day they end on is for who has the calendar. With none of the three the
    words could not be read.
    """

    text: str
    on: date | None = None
    at: datetime | None = None
    working_days: int | None = None

    @property
    def is_read(self) -> bool:
        """True when the words name a time."""
        return self.on is not None or self.working_days is not None
