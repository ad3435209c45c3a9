"""The files that generated letters carry: noise of 20 kB to 1 MB behind the first bytes of a known type.

One in ten is a file that others carry too, as price lists and logos are.
"""

import math
import random  # noqa: TID251 -- for the type; every source is seeded
from functools import cache
from typing import Final

from bench.prose import seeded
from bench.wire import File, file_part

_WITH_FILES: Final = 1 / 6  # of letters, which are nine tenths: 15 % of all
_WITH_TWO: Final = 0.15
_SHARED: Final = 0.1
_SHARED_FILES: Final = 40
_SMALLEST_BYTES, _LARGEST_BYTES = 20_000, 1_000_000
_TYPES: Final = (
    ("pdf", "application/pdf", b"%PDF-1.6\n"),
    ("jpg", "image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04\x14\x00"),
)


class Files:
    """One seed's files."""

    def __init__(self, seed: int) -> None:
        self._shared = cache(lambda number: _file(seeded(seed, "file", number), f"价目表{number}"))

    def drawn(self, chance: random.Random, index: int) -> list[bytes]:
        """The parts of the files that the message of that index carries: mostly none."""
        if chance.random() >= _WITH_FILES:
            return []
        count = 2 if chance.random() < _WITH_TWO else 1
        return [file_part(self._one(chance, f"{index}-{number}")) for number in range(count)]

    def _one(self, chance: random.Random, name: str) -> File:
        if chance.random() < _SHARED:
            return self._shared(chance.randrange(_SHARED_FILES))
        return _file(chance, name)


def _file(chance: random.Random, name: str) -> File:
    ending, content_type, start = chance.choice(_TYPES)
    size_bytes = int(math.exp(chance.uniform(math.log(_SMALLEST_BYTES), math.log(_LARGEST_BYTES))))
    content = start + chance.randbytes(size_bytes - len(start))
    return File(name=f"{name}.{ending}", content_type=content_type, content=content)
