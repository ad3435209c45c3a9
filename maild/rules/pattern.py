"""Regular expressions from admins, on RE2: linear in the text, whatever the pattern.

Patterns look at any case. What RE2 refuses (look-around, back-references) is said with its reason.
"""

import re2  # type: ignore[import-untyped]  # google-re2 ships no types


class PatternRefused(ValueError):
    """A pattern that RE2 does not take; the text says why."""


class Pattern:
    """One pattern, compiled once."""

    __slots__ = ("_compiled",)

    def __init__(self, text: str) -> None:
        """Raises: PatternRefused."""
        options = re2.Options()
        options.log_errors = False  # else RE2 writes to standard error by itself
        options.case_sensitive = False
        try:
            self._compiled = re2.compile(text, options)
        except re2.error as error:
            reason = error.args[0]
            raise PatternRefused(reason.decode() if isinstance(reason, bytes) else str(reason)) from error

    def found_in(self, text: str) -> int | None:
        """Where it is first found in `text`, as a position; None when it is not."""
        found = self._compiled.search(text)
        return None if found is None else int(found.start())
