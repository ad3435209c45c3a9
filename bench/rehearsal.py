"""`maild rehearse` as a whole process over a year of cases, each with a customer who writes again and again.

Of the MESSAGES of a case seven come in and eight go out: an acknowledgement, four that tell the owner, three
answers. The clock jumps, so that what is measured is the work on mail and promises, not the waiting.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.cost import Cost, run
from bench.maildir import DATA
from bench.part import Asked, grouped, mebibytes
from bench.report import Section
from maild.app.shipped import shipped_config

MESSAGES = 15
_MAILD = Path(sys.executable).parent / "maild"
_START = datetime(2026, 1, 5, 9)  # noqa: DTZ001 -- in the zone of the calendar
_YEAR = timedelta(days=350)
_OWNER = "wang@example.com"
_PEOPLE = {
    "service_desk": [_OWNER],
    "departments": ["service"],
    "people": [{"name": "王芳", "address": _OWNER, "department": "service"}],
}
_TALK = ("请问什么时候到？", "还需要我们准备什么？", "谢谢！")

Step = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One run of the command: what it cost, and how many messages came and went."""

    cost: Cost
    messages: int


def measure(asked: Asked) -> Section:
    """CPU seconds of a rehearsal; the median run by CPU time."""
    cases = max(1, asked.count // MESSAGES)
    with tempfile.TemporaryDirectory(dir=DATA, prefix="run-") as folder:
        path = written(Path(folder), cases)
        runs = sorted((rehearsed(path) for _ in range(asked.rounds)), key=lambda one: one.cost.cpu_s)
    return _section(cases, asked, runs[len(runs) // 2])


def written(folder: Path, cases: int) -> Path:
    """A scenario of so many cases, spread over a year. JSON is YAML."""
    timed = sorted((step for case in range(cases) for step in _case(case, cases)), key=lambda one: one[0])
    steps = [each for at, step in timed for each in ({"until": at.isoformat()}, step)]
    path = folder / "year.yaml"
    scenario = {"start": _START.isoformat(), "people": _PEOPLE, "steps": steps}
    path.write_text(json.dumps(scenario, ensure_ascii=False), "utf-8")
    return path


def rehearsed(path: Path) -> Rehearsed:
    """One run of the command. Raises: RuntimeError when it does not play to its end."""
    done = run([_MAILD, "rehearse", path, "--config", shipped_config(), "--json"])
    told = [json.loads(line) for line in done.output.splitlines()]
    if told[-1] != {"type": "end", "ok": True}:
        raise RuntimeError(f"the rehearsal did not hold: {told[-1]}")
    kinds = [line.get("kind", line["type"]) for line in told if line["type"] in {"fact", "effect"}]
    return Rehearsed(cost=done.cost, messages=sum(kind != "time" for kind in kinds))


def _case(number: int, cases: int) -> Iterator[tuple[datetime, Step]]:
    """The steps of one case with their times."""
    at = _START + _YEAR * number / cases
    customer = f"li@customer-{number}.example"
    yield (
        at,
        {"mail": {"from": customer, "subject": f"报修：{number} 号泵", "body": "轴承过热，请安排维修。"}},
    )
    for said in _TALK:
        at += timedelta(hours=20)
        yield at, {"reply": {"from": _OWNER, "body": f"{number} 号泵：工程师明天上午到，请停机。"}}
        at += timedelta(hours=3)
        yield at, {"reply": {"from": customer, "body": said}}


def _section(cases: int, asked: Asked, one: Rehearsed) -> Section:
    if one.messages < cases * MESSAGES:
        raise RuntimeError(f"only {one.messages} messages came and went, of {cases * MESSAGES}")
    return Section(
        name="rehearsal",
        title="Rehearsal",
        columns=("", "`maild rehearse`"),
        rows=(
            ("CPU seconds (aim: under 300 for 1,000 cases)", f"{one.cost.cpu_s:,.1f}"),
            ("messages per CPU second", grouped(one.messages / one.cost.cpu_s)),
            ("seconds on the wall", f"{one.cost.wall_s:,.1f}"),
            ("peak memory", mebibytes(one.cost.peak_bytes)),
        ),
        note=(
            f"A year of {cases:,} cases, {one.messages:,} messages in and out, by the shipped configuration."
            f" The whole process with its JSON, user and system time, median of {asked.rounds}."
        ),
    )
