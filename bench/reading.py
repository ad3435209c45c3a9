"""The reader alone: `maild.parsers.message.read` beside the standard library's parsers, without I/O.

The standard library is asked for five header fields and one text; maild reads all of them, each
attachment's size and hash, and what is quoted, automatic, reported, and in which language.
"""

import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import process_time
from typing import Final

from bench.maildir import corpus
from bench.part import Asked, grouped
from bench.report import Section
from bench.stdlib import legacy, modern
from maild.parsers.message import read

_AT_MOST: Final = 1_000  # all of them are held in memory, so that no file is read meanwhile
_READERS: Final[Mapping[str, Callable[[bytes], object]]] = {
    "maild's reader": read,
    "`email`, `policy.default`": modern,
    "`email`, `compat32`": legacy,
}


def measure(asked: Asked) -> Section:
    """Messages per CPU second of each."""
    count = min(asked.count, _AT_MOST)
    raws = [file.read_bytes() for file in corpus(count=asked.count).messages[:count]]
    taken: dict[str, list[float]] = {name: [] for name in _READERS}
    for _ in range(asked.rounds):
        for name, reads in _READERS.items():
            taken[name].append(cpu_s(reads, raws))
    return _section(asked, count, {name: median(spent) for name, spent in taken.items()})


def cpu_s(reads: Callable[[bytes], object], raws: Sequence[bytes]) -> float:
    """The CPU time that reading all of `raws` takes."""
    gc.collect()
    began = process_time()
    for raw in raws:
        reads(raw)
    return process_time() - began


def _section(asked: Asked, count: int, taken: Mapping[str, float]) -> Section:
    return Section(
        name="reading",
        title="Reading",
        columns=("", *taken),
        rows=(
            ("messages per CPU second", *(grouped(count / spent_s) for spent_s in taken.values())),
            ("milliseconds a message", *(f"{spent_s / count * 1000:.2f}" for spent_s in taken.values())),
        ),
        note=(
            f"The first {count:,} of the generated messages, held in memory; median of {asked.rounds} taken"
            " in turn. The standard library is asked for five header fields and one text; maild reads the"
            " whole message and decides what is quoted, automatic and reported. It keeps the bulk of encoded"
            " attachments from the parser (maild/parsers/skeleton.py)."
        ),
    )
