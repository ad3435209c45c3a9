"""All mail of a story by who wrote it and who got it, so that people can answer it."""

from collections import defaultdict
from collections.abc import Iterable

from maild.rehearsal.letters import Letter


class Post:
    """The mail that there is, in the order in which it went."""

    def __init__(self) -> None:
        self._got = defaultdict[str, list[Letter]](list)
        self._seen = defaultdict[str, list[Letter]](list)
        self._by_id = dict[str, Letter]()

    def add(self, letter: Letter, *, by: str, to: Iterable[str]) -> None:
        """Note mail; addresses are case-folded."""
        recipients = set(to)
        for each in recipients:
            self._got[each].append(letter)
        for each in {by, *recipients}:
            self._seen[each].append(letter)
        self._by_id[letter.message_id] = letter

    def newest_got_by(self, address: str) -> Letter | None:
        """The newest mail that somebody got, if he got any."""
        got = self._got.get(address)
        return got[-1] if got else None

    def named(self, name: str, person: str) -> Letter | None:
        """`last` or `first` of what a person wrote or got, or the mail of a Message-ID; None: none is."""
        if name not in {"last", "first"}:
            return self._by_id.get(name.strip().removeprefix("<").removesuffix(">"))
        seen = self._seen.get(person)
        return seen[0 if name == "first" else -1] if seen else None
