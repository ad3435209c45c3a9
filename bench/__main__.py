"""`python -m bench`: measures, prints, and writes docs/performance.md."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markdown import Markdown

from bench import backtest, importing, latency, reading, rehearsal
from bench.part import Asked
from bench.report import PAGE, Origin, Section, machine, rendered, write
from maild.clock import SystemClock
from tests.servers.program import ServerMissing

Parts = Mapping[str, Callable[[Asked], Section]]

PARTS: Final[Parts] = {
    "import": importing.measure,
    "reading": reading.measure,
    "latency": latency.measure,
    "backtest": backtest.measure,
    "rehearsal": rehearsal.measure,
}
_QUICK_COUNT, _QUICK_ANSWERS = 500, 5


def main(arguments: Sequence[str], *, parts: Parts = PARTS, page: Path = PAGE) -> int:
    """The exit code; each part is written to `page` as soon as it is measured."""
    given = _parser(parts).parse_args(arguments)
    asked = Asked(count=given.count, rounds=given.rounds, answers=given.answers)
    if given.quick:
        asked = Asked(count=_QUICK_COUNT, rounds=1, answers=_QUICK_ANSWERS)
    origin = Origin(measured_at=SystemClock().now(), machine=machine(), command=_command(arguments))
    for name in given.only or parts:
        try:
            section = parts[name](asked)
        except ServerMissing as missing:
            print(missing, file=sys.stderr)
            return 1
        Console().print(Markdown(rendered(section, origin)))
        if not given.quick:
            write(page, [section], origin)
    return 0


def _command(arguments: Sequence[str]) -> str:
    return " ".join(["make bench", *([f'ARGS="{" ".join(arguments)}"'] if arguments else [])])


def _parser(parts: Parts) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="messages imported (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each measurement (default: %(default)s)")
    parser.add_argument("--answers", type=int, default=20, help="messages answered (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a short look; nothing is written")
    parser.add_argument(
        "--only", action="append", choices=list(parts), help="this part alone; may be repeated"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
