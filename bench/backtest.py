"""`maild rules backtest` as a whole process, over an archive of generated mail that maild itself decided on.

The archive is filled by the real way in (ledger, reading, threads, rules, cases); nothing is sent. The set
that is tried has twenty rules before the shipped ones, each of which looks at subject and text.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from shutil import copytree

from bench.cost import Cost, run
from bench.maildir import DATA, corpus
from bench.part import Asked, grouped, mebibytes
from bench.report import Section
from maild.app.context import Context
from maild.app.opening import Surroundings, open_context
from maild.app.process import process_pending
from maild.app.shipped import lay_out_config
from maild.model.intake import FetchedMessage, FolderRole, Origin, Uid
from maild.store import inbox

RULES = 20
_BATCH = 100
_MAILD = Path(sys.executable).parent / "maild"
_PASSWORD = {"MAILD_SERVICE_PASSWORD": "of no account: a back-test dials nobody"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One run of the command: what it cost, and how many messages it tried and would move."""

    cost: Cost
    tested: int
    changed: int


def measure(asked: Asked) -> Section:
    """CPU seconds of a back-test; the median run by CPU time."""
    with tempfile.TemporaryDirectory(dir=DATA, prefix="run-") as folder:
        config = filled(Path(folder), asked.count)
        changed = with_more_rules(config)
        runs = sorted((tried(changed) for _ in range(asked.rounds)), key=lambda one: one.cost.cpu_s)
    return _section(asked, runs[len(runs) // 2])


def filled(folder: Path, count: int) -> Path:
    """A config folder whose database holds `count` messages, each decided on."""
    mail = corpus(count=count).messages
    lay_out_config(folder / "config")
    with open_context(folder / "config", Surroundings(environ=_PASSWORD)) as context:
        source = iter(enumerate(mail, 1))
        while batch := list(islice(source, _BATCH)):
            _arrive(context, [(uid, file.read_bytes()) for uid, file in batch])
    return folder / "config"


def with_more_rules(config: Path) -> Path:
    """A copy of the config folder beside it, with RULES rules before those that are there."""
    changed = config.with_name("changed")
    copytree(config, changed)
    (changed / "rules" / "00-tried.yaml").write_text("rules:\n" + "".join(_rules()), "utf-8")
    return changed


def tried(config: Path) -> Tried:
    """One run of the command."""
    done = run([_MAILD, "rules", "backtest", "--config", config, "--json"], _PASSWORD)
    totals = json.loads(done.output.splitlines()[-1])
    return Tried(cost=done.cost, tested=totals["tested"], changed=totals["changed"])


def _arrive(context: Context, raws: list[tuple[int, bytes]]) -> None:
    """Messages into the ledger as if a mailbox had them now, and decided on."""
    now = context.clock.now()
    origin = Origin(mailbox="service", folder="INBOX", role=FolderRole.INBOX, uidvalidity=1)
    fetched = [(FetchedMessage(uid=Uid(uid), received_at=now, raw=raw), True) for uid, raw in raws]
    context.store.write(lambda conn: inbox.ingest(conn, origin, fetched, now=now, new_id=context.ids.new_id))
    while process_pending(context).settled:
        pass


def _rules() -> Iterator[str]:
    for number in range(RULES):
        words = f"[报价, 订单号{number}, quotation {number}]"
        yield (
            f"  - name: tried {number}\n    when:\n      any:\n"
            f"        - base_subject: {{contains: {words}}}\n        - text: {{contains: {words}}}\n"
            "    then: {kind: contract}\n"
        )


def _section(asked: Asked, one: Tried) -> Section:
    if one.tested < asked.count * 0.9:  # what we sent ourselves, and what came twice, is not decided on
        raise RuntimeError(f"only {one.tested} of {asked.count} messages had a decision")
    return Section(
        name="backtest",
        title="Back-test",
        columns=("", "`maild rules backtest`"),
        rows=(
            ("CPU seconds (aim: under 30 for 10,000)", f"{one.cost.cpu_s:,.1f}"),
            ("messages per CPU second", grouped(one.tested / one.cost.cpu_s)),
            ("seconds on the wall", f"{one.cost.wall_s:,.1f}"),
            ("peak memory", mebibytes(one.cost.peak_bytes)),
        ),
        note=(
            f"{one.tested:,} messages with their kept rule inputs in SQLite, {one.changed:,} of which would"
            f" be treated differently; {RULES} rules more than the shipped ones. The whole process, user and"
            f" system time, median of {asked.rounds}."
        ),
    )
