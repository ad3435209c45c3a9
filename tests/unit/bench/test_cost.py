"""The cost of a process: its own CPU time and memory, whoever started it."""

import sys

import pytest

from bench.cost import run

MIB = 1_048_576


def test_what_it_prints_and_what_it_costs() -> None:
    done = run([sys.executable, "-c", f"print(len(b'x' * {100 * MIB}))"])
    assert done.output == f"{100 * MIB}\n"
    assert done.cost.peak_bytes > 100 * MIB
    assert done.cost.cpu_s > 0
    assert done.cost.wall_s > 0


def test_the_memory_of_who_asks_is_not_counted() -> None:
    ours = b"x" * (200 * MIB)
    assert run([sys.executable, "-c", "pass"]).cost.peak_bytes < 100 * MIB < len(ours)


def test_the_environment_is_handed_on() -> None:
    done = run([sys.executable, "-c", "import os; print(os.environ['BENCH_WORD'])"], {"BENCH_WORD": "阀门"})
    assert done.output == "阀门\n"


def test_modules_are_kept_compiled_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert run([sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"]).output == "False\n"


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("raise SystemExit(3)", id="exit"),
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", id="killed"),
    ],
)
def test_a_failure_is_told(program: str) -> None:
    with pytest.raises(RuntimeError, match="ended with"):
        run([sys.executable, "-c", program])
