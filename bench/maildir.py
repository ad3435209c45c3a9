"""Generated mail as a Maildir under bench/data/, made once for each count and seed.

`python -m bench.maildir --count N` makes one. A Maildir from another version of the generator is made anew.
"""

import argparse
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.progress import track

from bench import files, machines, plan, prose, traffic, wire
from bench.traffic import Traffic

DATA: Final = Path(__file__).parent / "data"
_STAMP: Final = "made-by"
_GENERATOR: Final = (files, machines, plan, prose, traffic, wire)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A Maildir with its messages in `cur/`, whose names sort in the order of arrival."""

    folder: Path
    count: int
    size_bytes: int

    @property
    def messages(self) -> list[Path]:
        """The files, in the order of arrival."""
        return sorted((self.folder / "cur").iterdir())


def corpus(*, count: int, seed: int = 1, data: Path = DATA) -> Corpus:
    """The Maildir of that count and seed: the one that is there, or a new one (progress is shown)."""
    folder = data / f"maildir-{count}-{seed}"
    stamp = folder.with_suffix(f".{_STAMP}")
    if not (stamp.exists() and stamp.read_text() == _version()):
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        _write(folder, count, seed)
        stamp.write_text(_version())
    size_bytes = sum(file.stat().st_size for file in (folder / "cur").iterdir())
    return Corpus(folder=folder, count=count, size_bytes=size_bytes)


def _write(folder: Path, count: int, seed: int) -> None:
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    generated = Traffic(count=count, seed=seed)
    for index, made in enumerate(track(generated, f"making {count} messages", total=count, transient=True)):
        (folder / "cur" / f"{index:07d}.bench:2,S").write_bytes(made.raw)


def _version() -> str:
    """A hash of the generator's source."""
    digest = hashlib.sha256()
    for module in _GENERATOR:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    made = corpus(count=asked.count, seed=asked.seed)
    print(f"{made.folder}: {made.count} messages, {made.size_bytes:,} bytes")
