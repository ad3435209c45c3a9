"""Column types that make both databases take and give the same values.

SQLite forgets zones and takes any text; PostgreSQL refuses NUL and lone surrogates, and cannot
index a value of more than 2,704 bytes.
"""

import hashlib
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator

_E = TypeVar("_E", bound=StrEnum)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ID_MAX_BYTES = 998  # RFC 5322 §2.1.1: no line, so no Message-ID, is longer


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, aware and in UTC coming out. A naive value raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC; SQLite gives it back without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text out of mail: what one of the databases cannot hold becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text without NUL and lone surrogates."""
        return None if value is None else clean(value)


class IdText(TypeDecorator[str]):
    """A Message-ID under an index; one longer than a line may be keeps its start and gets a hash."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The id as it is stored and looked up."""
        return None if value is None else stored_id(value)


class EnumText(TypeDecorator[_E]):
    """A word of a StrEnum, stored as its value."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[_E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: _E | None, dialect: Dialect) -> str | None:
        """The word as plain text."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> _E | None:
        """The word as a member; an unknown one raises ValueError."""
        return None if value is None else self.words(value)


def clean(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def stored_id(message_id: str) -> str:
    """The Message-ID as the tables hold it: cleaned, at most 998 bytes."""
    text = clean(message_id)
    if len(text) * 4 <= _ID_MAX_BYTES or len(text.encode()) <= _ID_MAX_BYTES:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text[:200]}…{digest}"
