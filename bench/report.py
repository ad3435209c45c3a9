"""Writes measured figures into docs/performance.md, each part between two markers of its own.

What stands outside the markers is written by hand and stays as it is; a part that is not there yet comes
at the end.
"""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parent.parent / "docs" / "performance.md"
_CPUINFO: Final = Path("/proc/cpuinfo")
_MODEL: Final = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part's figures: a table, the first column of which names the rows, and what to know about it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where figures come from: the day, the machine, the command that makes them again."""

    measured_at: datetime
    machine: str
    command: str


def machine() -> str:
    """This machine in one line: processor, its cores, system, Python."""
    told = _MODEL.search(_CPUINFO.read_text()) if _CPUINFO.exists() else None
    processor = told[1].strip() if told else platform.machine()
    return f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def write(page: Path, sections: Sequence[Section], origin: Origin) -> None:
    """Put the sections into `page`, each in the place that it has, else at the end."""
    text = page.read_text("utf-8") if page.exists() else "# Performance\n"
    for section in sections:
        text = _placed(text, section.name, rendered(section, origin))
    page.write_text(text, "utf-8")


def rendered(section: Section, origin: Origin) -> str:
    """The section in Markdown: heading, table, note, origin."""
    table = [section.columns, ("---", *("---:" for _ in section.columns[1:])), *section.rows]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in table)
    told = f"Measured {origin.measured_at:%Y-%m-%d} by `{origin.command}` on {origin.machine}."
    return f"## {section.title}\n\n{lines}\n\n{section.note}\n\n{told}\n"


def _placed(text: str, name: str, content: str) -> str:
    begins, ends = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    block = f"{begins}\n{content}{ends}\n"
    before, found, rest = text.partition(f"{begins}\n")
    if not found:
        return f"{text.rstrip()}\n\n{block}"
    _, closed, after = rest.partition(f"{ends}\n")
    if not closed:
        raise ValueError(f"{begins} has no {ends} after it")
    return before + block + after
