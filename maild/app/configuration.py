"""Everything that decisions are made by, loaded and checked as one: rules, playbooks, templates, people,
calendars.

A set is named by its hash and stored whole by it, so that a decision can always be explained. What no
single file shows is checked here: a template nobody wrote, a kind that no playbook runs.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from pydantic import TypeAdapter

from maild.app.calendars import calendar_named, in_zone, load_calendars
from maild.app.crosscheck import Parts, cross_check, lint_problems
from maild.errors import ConfigError, NotFound, Problem
from maild.mistakes import in_order
from maild.model.calendar import WorkingCalendar
from maild.model.people import Company, MailboxProfile, PartyKind, PartyList, ReusedMail, Staff
from maild.model.playbook import Playbook
from maild.model.rule import NamedList, Rule
from maild.render.template import SHIPPED_FOLDER, TemplateSet
from maild.render.template import load as load_templates
from maild.rules.compile import with_people
from maild.rules.load import load_lists, load_people, load_playbooks, load_rules
from maild.rules.match import RuleSet, compile_rules
from maild.settings import MailboxSettings, Settings

Loaded = TypeVar("Loaded")

_FOLDERS = ("rules", "lists", "playbooks", "templates", "calendars")
PEOPLE_FILE = "people.yaml"
_CALENDARS = TypeAdapter(tuple[WorkingCalendar, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One set, in force as a whole. `content` is all its files as JSON; `hash` is the SHA-256 of that."""

    hash: str
    content: bytes = field(repr=False)
    ruleset: RuleSet
    playbooks: tuple[Playbook, ...]
    templates: TemplateSet
    company: Company
    mailboxes: tuple[MailboxProfile, ...]
    lists: tuple[NamedList, ...] = ()
    staff: Staff = field(default_factory=Staff)
    calendars: tuple[WorkingCalendar, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def playbook_for(self, kind: str) -> Playbook:
        """The one playbook that runs cases of that kind. Raises: NotFound."""
        for playbook in self.playbooks:
            if kind in playbook.kinds:
                return playbook
        raise NotFound(f"no playbook runs cases of the kind {kind!r}")

    def mailbox(self, name: str) -> MailboxProfile:
        """The mailbox of that name. Raises: NotFound."""
        for mailbox in self.mailboxes:
            if mailbox.name == name:
                return mailbox
        raise NotFound(f"there is no mailbox {name!r}")

    def calendar_of(self, mailbox: MailboxProfile) -> WorkingCalendar:
        """The calendar by which promises of that mailbox are counted, with its zone. Raises: NotFound."""
        return in_zone(calendar_named(self.calendars, mailbox.calendar), mailbox.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """What was read from the files of a set."""

    rules: tuple[Rule, ...]
    lists: tuple[NamedList, ...]
    staff: Staff
    playbooks: tuple[Playbook, ...]
    templates: TemplateSet
    calendars: tuple[WorkingCalendar, ...]


def load_configuration(settings: Settings) -> Configuration:
    """The set in the config folder of `settings`. Raises: ConfigError with the problems of all its files."""
    folder, problems = settings.folder, list[Problem]()
    rules = _tried(problems, lambda: load_rules(folder / "rules"))
    lists = _tried(problems, lambda: load_lists(folder / "lists"))
    staff = _tried(problems, lambda: load_people(folder / PEOPLE_FILE))
    playbooks = _tried(problems, lambda: load_playbooks(folder / "playbooks"))
    templates = _tried(problems, lambda: load_templates([SHIPPED_FOLDER, folder / "templates"]))
    calendars = _tried(problems, lambda: load_calendars(folder))
    parts = Parts(
        settings=settings,
        rules=rules,
        playbooks=playbooks,
        template_names=None if templates is None else templates.names,
        lists=lists,
        staff=staff,
        calendar_names=None if calendars is None else [calendar.name for calendar in calendars],
    )
    mistakes, warnings = lint_problems(parts)
    problems += (*cross_check(parts), *mistakes)
    if rules is None or lists is None or staff is None or playbooks is None or templates is None:
        raise ConfigError(in_order(problems))
    if calendars is None or problems:
        raise ConfigError(in_order(problems))
    files = _Files(
        rules=rules, lists=lists, staff=staff, playbooks=playbooks, templates=templates, calendars=calendars
    )
    company = _company(settings)
    mailboxes = tuple(_profile(mailbox, settings.calendar) for mailbox in settings.mailboxes)
    content = _content(folder, company, mailboxes, calendars)
    return replace(_configuration(files, company, mailboxes, content), warnings=warnings)


def configuration_from(content: bytes) -> Configuration:
    """The set that `content` of an earlier one holds, as the database keeps it: the same rules, by its hash.

    Raises:
        ConfigError: it was written by a version that read files another way.
    """
    known = json.loads(content)
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in known["files"].items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode("utf-8", "surrogateescape"))
        files = _Files(
            rules=load_rules(folder / "rules"),
            lists=load_lists(folder / "lists"),
            staff=load_people(folder / PEOPLE_FILE),
            playbooks=load_playbooks(folder / "playbooks"),
            templates=load_templates([folder / "shipped", folder / "templates"]),
            calendars=_calendars_in(known, folder),
        )
    company = TypeAdapter(Company).validate_python(known["company"])
    mailboxes = TypeAdapter(tuple[MailboxProfile, ...]).validate_python(known["mailboxes"])
    return _configuration(files, company, mailboxes, content)


def _configuration(
    files: _Files, company: Company, mailboxes: tuple[MailboxProfile, ...], content: bytes
) -> Configuration:
    parties = (
        PartyList(kind=each.party or PartyKind.UNKNOWN, entries=frozenset(map(str.casefold, each.entries)))
        for each in files.lists
        if each.party
    )
    return Configuration(
        hash=hashlib.sha256(content).hexdigest(),
        content=content,
        ruleset=compile_rules(with_people(files.rules, files.staff), files.lists),
        playbooks=files.playbooks,
        templates=files.templates,
        company=replace(company, parties=tuple(parties)),
        mailboxes=mailboxes,
        lists=files.lists,
        staff=files.staff,
        calendars=files.calendars,
    )


def _calendars_in(known: Mapping[str, Any], folder: Path) -> tuple[WorkingCalendar, ...]:
    """The calendars as they were, whatever the library knows today; sets from before them get today's."""
    stored = known.get("calendars")
    return load_calendars(folder) if stored is None else _CALENDARS.validate_python(stored)


def files_of(folder: Path) -> dict[str, str]:
    """Every file that decisions depend on, by its path; bytes that are no UTF-8 survive as surrogates."""
    shipped = _files(SHIPPED_FOLDER)
    paths = {f"shipped/{path.relative_to(SHIPPED_FOLDER).as_posix()}": path for path in shipped}
    for name in _FOLDERS:
        paths |= {path.relative_to(folder).as_posix(): path for path in _files(folder / name)}
    if (folder / PEOPLE_FILE).exists():
        paths[PEOPLE_FILE] = folder / PEOPLE_FILE
    return {name: path.read_bytes().decode("utf-8", "surrogateescape") for name, path in paths.items()}


def _content(
    folder: Path,
    company: Company,
    mailboxes: tuple[MailboxProfile, ...],
    calendars: tuple[WorkingCalendar, ...],
) -> bytes:
    """The files, and what else decisions depend on, as JSON: the same input gives the same bytes.

    That is some of maild.toml, and the calendars, whose official days come out of a library.
    """
    known = {
        "files": files_of(folder),
        "company": asdict(company),
        "mailboxes": [asdict(mailbox) for mailbox in mailboxes],
        "calendars": _CALENDARS.dump_python(calendars, mode="json"),
    }
    return json.dumps(known, sort_keys=True, default=sorted).encode("ascii")


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, without what editors and systems leave behind."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith(".") and not path.name.endswith(("~", ".pyc")):
            yield path


def _tried(problems: list[Problem], load: Callable[[], Loaded]) -> Loaded | None:
    """What was loaded; or None, with its problems noted."""
    try:
        return load()
    except ConfigError as error:
        problems += error.problems
        return None


def _company(settings: Settings) -> Company:
    company = settings.company
    return Company(
        names=tuple(company.names.items()),
        staff_domains=company.staff_domains,
        shared_domains=company.shared_domains,
    )


def _profile(mailbox: MailboxSettings, calendar: str) -> MailboxProfile:
    return MailboxProfile(
        name=mailbox.name,
        address=mailbox.address,
        display_name=mailbox.display_name,
        aliases=mailbox.aliases,
        language=mailbox.language,
        default_kind=mailbox.default_kind,
        zone=mailbox.zone,
        calendar=mailbox.calendar or calendar,
        authserv_id=mailbox.authserv_id,
        reused_mail=ReusedMail(mailbox.reused_mail),
    )
