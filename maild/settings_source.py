"""The raw keys of maild.toml made ready for validation: overrides laid over them, secrets fetched.

A secret never stands in maild.toml: `password_env` names a variable, `password_file` a file. The same
goes for `database_url`, which may hold a password.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from maild.errors import Problem
from maild.mistakes import Document, Loc, nearest

Table = dict[str, Any]


class SettingsSource:
    """The tables of one maild.toml; what is wrong with them gathers in `problems`."""

    def __init__(self, document: Document, folder: Path, environ: Mapping[str, str]) -> None:
        self.document = document
        self.folder = folder
        self.tables: Table = document.data
        self.problems: list[Problem] = []
        self._environ = environ
        self._overridden: set[Loc] = set()

    def mailboxes(self) -> list[tuple[int, Table]]:
        """The mailboxes that are tables, each with its position."""
        found = self.tables.get("mailbox")
        return (
            [(at, each) for at, each in enumerate(found) if isinstance(each, dict)]
            if isinstance(found, list)
            else []
        )

    def override(self, overrides: Mapping[str, object]) -> None:
        """Lay dotted keys over the file; `mailbox.NAME.key` means the mailbox of that name, `*` every one."""
        for dotted, value in overrides.items():
            for loc in self._locs(dotted):
                table: Any = self.tables
                for part in loc[:-1]:
                    table = table.setdefault(part, {}) if isinstance(part, str) else table[part]
                table[loc[-1]] = value
                self._overridden.add(loc)

    def fill_in_secrets(self) -> None:
        """Put `password` and `database_url` in place of the keys that say where they are kept."""
        self._fill_in((), self.tables, "database_url")
        for at, mailbox in self.mailboxes():
            for protocol in ("imap", "smtp"):
                table = mailbox.get(protocol)
                if isinstance(table, dict):
                    self._refuse_literal(("mailbox", at, protocol), table)
                    self._fill_in(("mailbox", at, protocol), table, "password")

    def cross_check(self) -> None:
        """Note what no single key shows: names claimed twice, and settings that need another one."""
        if self.tables.get("mailbox") == []:
            self.problems.append(
                self.document.problem(("mailbox",), "there is no mailbox", "write one [[mailbox]]")
            )
        self.problems.extend(self._repeated())
        for at, mailbox in self.mailboxes():
            for key, what, hint in _unfounded(mailbox):
                self.problems.append(self.document.problem(("mailbox", at, *key), what, hint))

    def _repeated(self) -> Iterator[Problem]:
        """Names and addresses that two mailboxes claim: mail to them could belong to either."""
        seen: dict[tuple[bool, str], int] = {}
        for at, mailbox in self.mailboxes():
            for loc, value in _claims(mailbox):
                first = seen.setdefault(("@" in value, value.casefold()), at)
                if first != at:
                    line, _ = self.document.place(("mailbox", first))
                    what = f"{value!r} is taken by the mailbox in line {line}"
                    yield self.document.problem(("mailbox", at, *loc), what, "choose another")

    def _locs(self, dotted: str) -> list[Loc]:
        first, *rest = dotted.split(".")
        if first != "mailbox" or not rest:
            return [(first, *rest)]
        if rest[0] == "*":
            return [(first, at, *rest[1:]) for at, mailbox in self.mailboxes() if _leads(mailbox, rest[1:])]
        positions = {str(mailbox.get("name")): at for at, mailbox in self.mailboxes()}
        if rest[0] in positions:
            return [(first, positions[rest[0]], *rest[1:])]
        what, hint = f"override {dotted}: there is no mailbox {rest[0]!r}", nearest(rest[0], positions)
        self.problems.append(self.document.problem(("mailbox",), what, hint))
        return []

    def _refuse_literal(self, loc: Loc, table: Table) -> None:
        if "password" in table and (*loc, "password") not in self._overridden:
            what, hint = (
                "a password may not stand in this file",
                'write password_env = "NAME" or password_file = "path"',
            )
            self.problems.append(self.document.problem((*loc, "password"), what, hint))

    def _fill_in(self, loc: Loc, table: Table, key: str) -> None:
        """Replace `key`_env or `key`_file by what it leads to; a literal or an override wins."""
        ways = [way for way in (key, f"{key}_env", f"{key}_file") if way in table]
        sources = {way: table.pop(way) for way in ways if way != key}
        if (*loc, key) in self._overridden or not sources:
            return
        if len(ways) > 1:
            what = f"{' and '.join(ways)} stand together"
            self.problems.append(self.document.problem((*loc, ways[-1]), what, "keep one of them"))
        way, source = next(iter(sources.items()))
        table.setdefault(key, self._fetched((*loc, way), source, from_file=way.endswith("_file")))

    def _fetched(self, loc: Loc, source: object, *, from_file: bool) -> str:
        """The secret, or a placeholder with its problem noted."""
        value = self._read(str(source)) if from_file else self._environ.get(str(source), "")
        if value:
            return value
        what = (
            f"the file {source!r} is missing or empty" if from_file else f"the variable {source!r} is not set"
        )
        hint = (
            "put the secret there; the path is taken from this file's folder"
            if from_file
            else "set it before maild starts"
        )
        self.problems.append(self.document.problem(loc, what, hint))
        return "?"

    def _read(self, source: str) -> str:
        try:
            return (self.folder / source).read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError):
            return ""


def _leads(mailbox: Table, keys: list[str]) -> bool:
    """True when the tables that the keys lead through are there; what is not is told as missing."""
    return all(isinstance(mailbox.get(key), dict) for key in keys[:-1])


def _claims(mailbox: Table) -> Iterator[tuple[Loc, str]]:
    """What must be its own: its name, its address, its aliases."""
    aliases = mailbox.get("aliases")
    claims: list[tuple[Loc, object]] = [
        (("name",), mailbox.get("name")),
        (("address",), mailbox.get("address")),
    ]
    claims += [
        (("aliases", at), each) for at, each in enumerate(aliases if isinstance(aliases, list) else ())
    ]
    return ((loc, value) for loc, value in claims if isinstance(value, str))


def _unfounded(mailbox: Table) -> Iterator[tuple[Loc, str, str]]:
    """Key, mistake and mend of each setting that lacks another one."""
    if mailbox.get("doubt_proof") == "sent_folder" and mailbox.get("sent_folder") == "":
        yield ("doubt_proof",), "doubt_proof sent_folder needs a sent_folder", 'write sent_folder = "auto"'
    after = mailbox.get("after")
    if isinstance(after, dict) and after.get("action") == "move" and not after.get("folder"):
        yield ("after", "action"), "action move needs a folder", 'write folder = "Archive"'
    smtp = mailbox.get("smtp")
    if isinstance(smtp, dict) and smtp.get("username") and "password" not in smtp:
        yield ("smtp", "username"), "a username needs a password", "add password_env or password_file"
