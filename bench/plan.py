"""When each generated message comes, of which kind, and in which thread: the year of one help desk.

Nine tenths are letters in threads of one to a dozen; the rest is what machines send. A child may come
just before its parent. Everything hangs on count and seed alone.
"""

import random  # noqa: TID251 -- for the type; every source is seeded
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bench.prose import seeded

YEAR_S: Final = 365 * 86_400
_LONGEST_THREAD: Final = 12
_MEAN_GAP_S: Final = 6 * 3600
_SWAPPED: Final = 0.01


class Kind(StrEnum):
    """What a message is."""

    LETTER = "letter"
    NEWSLETTER = "newsletter"
    OUT_OF_OFFICE = "out of office"
    RECEIPT = "receipt"  # another help desk's acknowledgement
    BOUNCE = "bounce"


# In ten thousand, as shared mailboxes see them; letters are what is left.
_SHARES: Final = {Kind.NEWSLETTER: 400, Kind.OUT_OF_OFFICE: 200, Kind.RECEIPT: 200, Kind.BOUNCE: 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One message to be made: seconds into the year, its thread, its place in it.

    A machine's message has the thread and the place of the letter that it answers.
    """

    at_s: float
    kind: Kind
    thread: int
    position: int


def plan(count: int, seed: int) -> list[Slot]:
    """The `count` messages in the order of their arrival."""
    chance = seeded(seed, "plan", count)
    machines = {kind: count * share // 10_000 for kind, share in _SHARES.items()}
    letters = _letters(chance, count - sum(machines.values()))
    slots = letters + [
        slot for kind, many in machines.items() for slot in _from_machines(chance, kind, letters, many)
    ]
    slots.sort(key=lambda slot: slot.at_s)
    for place in range(1, len(slots)):
        if chance.random() < _SWAPPED:
            slots[place - 1], slots[place] = slots[place], slots[place - 1]
    return slots


def _letters(chance: random.Random, count: int) -> list[Slot]:
    slots: list[Slot] = []
    thread = 0
    while len(slots) < count:
        length = min(_LONGEST_THREAD, 1 + int(chance.expovariate(0.45)), count - len(slots))
        at_s = chance.random() * YEAR_S
        for position in range(length):
            slots.append(Slot(at_s=at_s, kind=Kind.LETTER, thread=thread, position=position))
            at_s += 60 + chance.expovariate(1 / _MEAN_GAP_S)
        thread += 1
    return slots


def _from_machines(chance: random.Random, kind: Kind, letters: list[Slot], count: int) -> list[Slot]:
    """Each seconds after a letter, which all but newsletters answer."""
    return [
        Slot(
            at_s=letter.at_s + chance.uniform(2, 40),
            kind=kind,
            thread=letter.thread,
            position=letter.position,
        )
        for letter in chance.sample(letters, min(count, len(letters)))
    ]
