"""Figures in docs/performance.md: they replace what was measured before, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.report import Origin, Section, machine, rendered, write

SECTION = Section(
    name="import",
    title="Import",
    columns=("", "maild", "bare"),
    rows=(("messages per CPU second", "200", "300"),),
    note="Both in turn.",
)
ORIGIN = Origin(
    measured_at=datetime(2026, 3, 4, 23, 59, tzinfo=UTC), machine="A machine, 2 cores", command="make bench"
)


def test_a_section_tells_figures_and_where_they_come_from() -> None:
    assert rendered(SECTION, ORIGIN) == (
        "## Import\n\n"
        "|  | maild | bare |\n| --- | ---: | ---: |\n| messages per CPU second | 200 | 300 |\n\n"
        "Both in turn.\n\n"
        "Measured 2026-03-04 by `make bench` on A machine, 2 cores.\n"
    )


def test_a_page_is_begun(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    write(page, [SECTION], ORIGIN)
    assert page.read_text("utf-8").startswith("# Performance\n\n<!-- bench:import -->\n## Import\n")


def test_what_is_written_by_hand_stays(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(
        "# 性能\n\nby hand, above\n\n<!-- bench:import -->\nold\n<!-- /bench:import -->\n\nby hand, below\n",
        "utf-8",
    )
    write(page, [SECTION], ORIGIN)
    assert page.read_text("utf-8") == (
        "# 性能\n\nby hand, above\n\n"
        f"<!-- bench:import -->\n{rendered(SECTION, ORIGIN)}<!-- /bench:import -->\n\n"
        "by hand, below\n"
    )


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    both = [SECTION, replace(SECTION, name="reading", title="Reading")]
    write(page, both, ORIGIN)
    once = page.read_text("utf-8")
    write(page, both, ORIGIN)
    assert page.read_text("utf-8") == once


def test_one_part_leaves_the_others(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    other = replace(SECTION, name="reading", title="Reading", note="Untouched.")
    write(page, [SECTION, other], ORIGIN)
    write(page, [replace(SECTION, note="Measured anew.")], ORIGIN)
    text = page.read_text("utf-8")
    assert "Both in turn." not in text
    assert text.index("Measured anew.") < text.index("Untouched.")


def test_a_marker_without_its_end_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("<!-- bench:import -->\nby hand\n", "utf-8")
    with pytest.raises(ValueError, match="has no <!-- /bench:import -->"):
        write(page, [SECTION], ORIGIN)
    assert page.read_text("utf-8") == "<!-- bench:import -->\nby hand\n"


def test_the_machine_is_told() -> None:
    assert "Python 3." in machine()
