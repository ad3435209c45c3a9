"""`python -m bench`: which parts run, how much is asked of them, and when the page is written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.part import Asked
from bench.report import Section
from tests.servers.program import ServerMissing


class Parts:
    """Two parts that measure nothing, and what was asked of them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Asked]] = []
        self.parts = {name: self._part(name) for name in ("import", "reading")}

    def _part(self, name: str) -> Callable[[Asked], Section]:
        def measure(asked: Asked) -> Section:
            self.asked.append((name, asked))
            return Section(name=name, title=name, columns=("", "maild"), rows=(("a", "1"),), note="Nothing.")

        return measure


def test_every_part_is_measured_and_written(tmp_path: Path) -> None:
    asked, page = Parts(), tmp_path / "performance.md"
    assert main([], parts=asked.parts, page=page) == 0
    every = Asked(count=10_000, rounds=3, answers=20)
    assert asked.asked == [("import", every), ("reading", every)]
    assert page.read_text("utf-8").count("by `make bench` on ") == 2


def test_a_quick_look_writes_nothing(tmp_path: Path) -> None:
    asked, page = Parts(), tmp_path / "performance.md"
    assert main(["--quick"], parts=asked.parts, page=page) == 0
    assert {each.count for _, each in asked.asked} == {500}
    assert not page.exists()


def test_one_part_alone_with_the_command_that_makes_it_again(tmp_path: Path) -> None:
    asked, page = Parts(), tmp_path / "performance.md"
    main(["--only", "reading", "--count", "50", "--rounds", "1"], parts=asked.parts, page=page)
    assert asked.asked == [("reading", Asked(count=50, rounds=1, answers=20))]
    assert 'by `make bench ARGS="--only reading --count 50 --rounds 1"` on ' in page.read_text("utf-8")


def test_a_missing_server_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def measure(_: Asked) -> Section:
        raise ServerMissing("dovecot is missing: install the Debian package dovecot-imapd")

    assert main([], parts={"latency": measure}, page=tmp_path / "performance.md") == 1
    assert "install the Debian package dovecot-imapd" in capsys.readouterr().err
