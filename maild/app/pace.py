"""How many messages are asked for at once on a line that breaks: fewer, until some come through.

A server answers a FETCH as a whole. On a line that always breaks before the end of the answer, the same
question would be asked for ever; halved often enough, it asks for one message.
"""

from collections.abc import Iterator, Sequence

from maild.model.intake import Uid


class Pace:
    """The pace of each folder of a mailbox, over all its connections; full until a line breaks."""

    def __init__(self) -> None:
        self._at_once: dict[str, int] = {}

    def is_slow(self, folder: str) -> bool:
        """True when less than all is asked for at once."""
        return folder in self._at_once

    def shares(self, folder: str, uids: Sequence[Uid]) -> Iterator[Sequence[Uid]]:
        """`uids` in their order, as many at a time as are to be asked for at once."""
        at_once = self._at_once.get(folder) or max(1, len(uids))
        for start in range(0, len(uids), at_once):
            yield uids[start : start + at_once]

    def broke(self, folder: str, usual: int) -> int:
        """How many to ask for from now on, at least one: half as many as before, or half of `usual`."""
        self._at_once[folder] = max(1, self._at_once.get(folder, usual) // 2)
        return self._at_once[folder]

    def held(self, folder: str) -> None:
        """The folder was read to its end: all at once again."""
        self._at_once.pop(folder, None)
