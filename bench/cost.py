"""What a whole process costs: CPU seconds, peak memory, seconds on the wall, as the kernel counted them.

The process is started by a small one in between (this module as a program): on Linux a new process counts
the memory of whoever started it as a peak of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

_KIB = 1024  # ru_maxrss on Linux
_KEEPS_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
"""An installed program finds its modules compiled. Where the environment forbids to keep bytecode, each start
would compile them anew: a second for maild, nothing for a program of two modules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One run: CPU time of user and system together, the largest resident set, time that went by."""

    cpu_s: float
    wall_s: float
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a command printed, and what it cost."""

    output: str
    cost: Cost


def run(command: Sequence[str | Path], environ: Mapping[str, str] | None = None) -> Run:
    """The run of `command` (a full path first), in the environment plus `environ`.

    Raises: RuntimeError when it fails; what it wrote to standard error was seen.
    """
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "cost.json"
        between = [sys.executable, "-m", "bench.cost", str(note), *map(str, command)]
        done = subprocess.run(
            between,
            env={**os.environ, **_KEEPS_BYTECODE, **(environ or {})},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(between[4:])} ended with {done.returncode}")
        return Run(output=done.stdout, cost=Cost(**json.loads(note.read_text())))


def _measure(command: list[str]) -> tuple[Cost, int]:
    began = perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(pid, 0)
    cost = Cost(
        cpu_s=used.ru_utime + used.ru_stime,
        wall_s=perf_counter() - began,
        peak_bytes=used.ru_maxrss * _KIB,
    )
    return cost, os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    spent, code = _measure(sys.argv[2:])
    Path(sys.argv[1]).write_text(json.dumps(asdict(spent)))
    sys.exit(code if code >= 0 else 128 - code)
