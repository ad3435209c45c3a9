"""`maild import` as a whole process beside the bare limit, on the same Maildir, in turn.

CPU seconds tell what the work costs whatever else the machine does; the figures are those of the median
run by CPU time. Each run begins with an empty database on the same disk.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench.cost import Cost, run
from bench.maildir import DATA, Corpus, corpus
from bench.part import Asked, grouped, mebibytes
from bench.report import Section
from maild.app.importing import BATCH

_MAILD = Path(sys.executable).parent / "maild"
_PASSWORD = {"MAILD_SERVICE_PASSWORD": "of no account: an import dials nobody"}
_OWN, _MODERN, _LEGACY = "`maild import`", "bare limit, `policy.default`", "bare limit, `compat32`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run: what it cost, and how much it left on the disk."""

    cost: Cost
    stored_bytes: int


Take = Callable[[Corpus, Path], Sample]


def measure(asked: Asked) -> Section:
    """Messages per CPU second, peak memory and bytes on disk of each."""
    mail = corpus(count=asked.count)
    taken: dict[str, list[Sample]] = {name: [] for name in TAKES}
    for _ in range(asked.rounds):
        for name, take in TAKES.items():
            taken[name].append(_in_new_folder(take, mail))
    return _section(asked, mail, {name: _median(samples) for name, samples in taken.items()})


def import_bare(mail: Corpus, folder: Path, *, reader: str) -> Sample:
    """One run of the bare limit, with a reader of bench.stdlib."""
    stored = folder / "stored"
    stored.mkdir()
    made = stored / "bare.sqlite"
    done = run([sys.executable, "-m", "bench.bare", mail.folder, made, str(BATCH), reader])
    return Sample(cost=done.cost, stored_bytes=_size_bytes(stored))


def import_with_maild(mail: Corpus, folder: Path) -> Sample:
    """One run of `maild import`, with the shipped configuration, whose database stands in ../var."""
    run([_MAILD, "init", folder / "config"])
    done = run([_MAILD, "import", "--config", folder / "config", "--json", mail.folder], _PASSWORD)
    check_complete(done.output, mail.count)
    return Sample(cost=done.cost, stored_bytes=_size_bytes(folder / "var"))


TAKES: Final[Mapping[str, Take]] = {
    _OWN: import_with_maild,
    _MODERN: partial(import_bare, reader="modern"),
    _LEGACY: partial(import_bare, reader="legacy"),
}


def check_complete(told: str, count: int) -> None:
    """Nothing, when the import tells of `count` new messages. Raises: RuntimeError."""
    if json.loads(told) != {"seen": count, "new": count, "quarantined": 0}:
        raise RuntimeError(f"not every message was imported: {told.strip()}")


def _in_new_folder(take: Take, mail: Corpus) -> Sample:
    with tempfile.TemporaryDirectory(dir=DATA, prefix="run-") as folder:
        return take(mail, Path(folder))


def _size_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _median(samples: list[Sample]) -> Sample:
    return sorted(samples, key=lambda sample: sample.cost.cpu_s)[len(samples) // 2]


def _section(asked: Asked, mail: Corpus, taken: Mapping[str, Sample]) -> Section:
    each = taken.values()
    own_s = taken[_OWN].cost.cpu_s
    return Section(
        name="import",
        title="Import",
        columns=("", *taken),
        rows=(
            ("messages per CPU second", *(grouped(mail.count / one.cost.cpu_s) for one in each)),
            (
                "**maild in proportion to it** (aim: at least 50 %)",
                *(f"{one.cost.cpu_s / own_s:.1%}" for one in each),
            ),
            ("messages per second", *(grouped(mail.count / one.cost.wall_s) for one in each)),
            ("CPU seconds", *(f"{one.cost.cpu_s:,.1f}" for one in each)),
            ("peak memory", *(mebibytes(one.cost.peak_bytes) for one in each)),
            ("bytes on disk", *(mebibytes(one.stored_bytes) for one in each)),
        ),
        note=(
            f"{mail.count:,} generated messages, {mebibytes(mail.size_bytes)}; whole processes, their modules"
            f" compiled, user and system time, median of {asked.rounds} taken in turn, all with WAL,"
            f" `synchronous=FULL` and {BATCH} messages in a transaction. The bare limit reads, parses with"
            " the standard library, and keeps the raw bytes (zstd), one row and one FTS5 entry for each"
            " message: no threads, no Chinese words, no ledger. It is taken with both parsers of the standard"
            " library: `policy.default`, the recommended one, and `compat32`, which does less and is the"
            " stricter measure."
        ),
    )
