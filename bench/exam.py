"""`python -m bench.exam --corpus DIR`: the reader's scores on real mail, held at the line reached.

DIR holds a scorer, `score.py`, with its mails and truths. Each score that it prints is compared with
its floor in exam.toml; the exit code is 1 when one fell below, 2 when the corpus cannot be used.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FLOORS = Path(__file__).with_name("exam.toml")
MAILD = Path(__file__).parent.parent / ".venv" / "bin" / "maild"
_THREAD_SCORES = ("pair_f1", "b3_f1", "exact_threads")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One score in per cent, and the least that it may be; None when no line was drawn for it yet."""

    name: str
    percent: float
    floor: float | None

    @property
    def is_below(self) -> bool:
        """True when it fell; half of the last digit shown is forgiven."""
        return self.floor is not None and self.percent < self.floor - 0.005

    def __str__(self) -> str:
        line = f"{self.name:44} {self.percent:7.2f} %"
        if self.floor is None:
            return f"{line}   no floor yet"
        return f"{line}   floor {self.floor:6.2f} %" + ("   BELOW" if self.is_below else "")


class ExamError(Exception):
    """The exam could not be held."""


def main() -> int:
    """Hold the exam and print its scores; 0 when all hold, 1 when one fell, 2 when it could not be held."""
    parser = argparse.ArgumentParser(prog="python -m bench.exam", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="a folder with score.py, mail/ and truth/")
    parser.add_argument("--maild", default=str(MAILD), help="the command to examine")
    arguments = parser.parse_args()
    try:
        scores = list(scored(hold(arguments.corpus, arguments.maild), floors_of(FLOORS)))
    except ExamError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(map(str, scores)))
    fallen = [score for score in scores if score.is_below]
    for score in fallen:
        print(
            f"{score.name} fell to {score.percent:.2f} %, below its floor {score.floor:.2f} %",
            file=sys.stderr,
        )
    return 1 if fallen else 0


def hold(corpus: Path, maild: str) -> dict[str, object]:
    """What the corpus's scorer says of the command.

    Raises:
        ExamError: there is no scorer, or it failed.
    """
    scorer = corpus / "score.py"
    if not scorer.is_file():
        raise ExamError(
            f"{corpus}: no score.py there; name the corpus with --corpus DIR (make exam CORPUS=DIR)"
        )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "scores.json"
        run = subprocess.run(
            [sys.executable, str(scorer), "--maild", maild, "--json", str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if run.returncode or not out.is_file():
            raise ExamError(f"{scorer} failed with exit code {run.returncode}:\n{run.stdout[-2_000:]}")
        found: dict[str, object] = json.loads(out.read_text("utf-8"))
    return found


def floors_of(path: Path) -> dict[str, float]:
    """The floors by the names of the scores."""
    table = tomllib.loads(path.read_text("utf-8"))
    return {str(name): float(floor) for name, floor in table["floors"].items()}


def scored(result: dict[str, object], floors: dict[str, float]) -> Iterator[Score]:
    """Each score of a scorer's result beside its floor."""
    for name, percent in _percents(result):
        yield Score(name=name, percent=percent, floor=floors.get(name))


def _percents(result: dict[str, object]) -> Iterator[tuple[str, float]]:
    groups, seen, threads = result.get("groups"), result.get("seen"), result.get("threads")
    for name, group in _items(groups):
        yield name, _number(group, "percent")
    if isinstance(seen, dict) and seen.get("total"):
        yield "mails read at all", 100 * _number(seen, "right") / _number(seen, "total")
    for name, cases in _items(threads):
        for case, scores in _items(cases):
            for score in _THREAD_SCORES:
                yield f"{name} ({case}) {score}", 100 * _number(scores, score)
            yield f"{name} ({case}) rightly joined", 100 * (1 - _number(scores, "wrongly_joined"))


def _items(table: object) -> list[tuple[str, object]]:
    return [(str(key), value) for key, value in table.items()] if isinstance(table, dict) else []


def _number(table: object, key: str) -> float:
    value = table.get(key) if isinstance(table, dict) else None
    if not isinstance(value, int | float):
        raise ExamError(f"the scorer's result has no number {key!r}: {table!r}")
    return float(value)


if __name__ == "__main__":
    sys.exit(main())
