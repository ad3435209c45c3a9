"""Events, facts, progress and what rules saw, to JSON and back; bytes, compressed and back.

JSON is written with its fields in the order of their declaration and without spaces, so that the
journal can hash the text as it stands.
"""

import json
import threading
from dataclasses import dataclass
from typing import Annotated, Any, Final

import zstandard
from pydantic import Field, TypeAdapter
from pydantic_core import PydanticSerializationError

from maild.model.events import Event
from maild.model.facts import Fact, RuleVerdict
from maild.model.progress import NO_PROGRESS, Progress
from maild.model.rule import RuleInput
from maild.store.types import clean

_LEVEL: Final = 3  # higher levels cost twice the time and save a few per cent of a mail
_own = threading.local()  # a zstd context serves one thread at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What a decision keeps beside its columns."""

    fact: Annotated[Fact, Field(discriminator="kind")] | None
    rule_input: RuleInput | None
    trace: tuple[RuleVerdict, ...]


_EVENT: Final = TypeAdapter[Event](Annotated[Event, Field(discriminator="kind")])
_FACT: Final = TypeAdapter[Fact](Annotated[Fact, Field(discriminator="kind")])
_DETAIL: Final = TypeAdapter(Detail)
_PROGRESS: Final = TypeAdapter(Progress)


def event_json(event: Event) -> str:
    """The event as canonical JSON."""
    return _dump(_EVENT, event)


def event_of(text: str) -> Event:
    """The event that `event_json` wrote."""
    return _EVENT.validate_json(text)


def fact_json(fact: Fact) -> str:
    """The fact as JSON."""
    return _dump(_FACT, fact)


def fact_of(text: str) -> Fact:
    """The fact that `fact_json` wrote."""
    return _FACT.validate_json(text)


def progress_json(progress: Progress) -> str:
    """The progress as JSON; that of a case without deadlines is `{}`."""
    return "{}" if progress == NO_PROGRESS else _dump(_PROGRESS, progress)


def progress_of(text: str) -> Progress:
    """The progress that `progress_json` wrote."""
    return NO_PROGRESS if text == "{}" else _PROGRESS.validate_json(text)


def pack_detail(detail: Detail) -> bytes:
    """The detail as compressed JSON."""
    return compress(_dump(_DETAIL, detail).encode())


def detail_of(packed: bytes) -> Detail:
    """The detail that `pack_detail` wrote."""
    return _DETAIL.validate_json(decompress(packed))


def compress(content: bytes) -> bytes:
    """The bytes as one zstd frame (RFC 8878) that knows its size."""
    context = getattr(_own, "compressor", None)
    if context is None:
        context = _own.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    packed: bytes = context.compress(content)
    return packed


def decompress(packed: bytes) -> bytes:
    """The bytes that `compress` was given."""
    context = getattr(_own, "decompressor", None)
    if context is None:
        context = _own.decompressor = zstandard.ZstdDecompressor()
    content: bytes = context.decompress(packed)
    return content


def _dump(adapter: TypeAdapter[Any], value: object) -> str:
    try:
        return adapter.dump_json(value).decode()
    except PydanticSerializationError:  # a lone surrogate: no UTF-8 for it
        plain = adapter.dump_python(value, mode="json")
        return clean(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
