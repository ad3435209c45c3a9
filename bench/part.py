"""What a part of the benchmark is asked to do, and how figures are written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How many messages are imported and read, how often each measurement is taken, how many are answered."""

    count: int
    rounds: int
    answers: int


def grouped(number: float) -> str:
    """A whole number with its thousands parted."""
    return f"{round(number):,}"


def mebibytes(size_bytes: float) -> str:
    """A size in MiB with one decimal."""
    return f"{size_bytes / 1_048_576:,.1f} MiB"
