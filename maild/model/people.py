"""Who we are: our mailboxes, our staff, and which domains belong to nobody in particular."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ReusedMail(StrEnum):
    """What becomes of an answer to an old mail that begins a new matter."""

    JOIN = "join"  # it joins the case of the old mail, and the reason says so
    SPLIT = "split"  # it opens a case of its own
    REVIEW = "review"  # a person decides


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxProfile:
    """What decisions need to know of a mailbox; how to reach it stands in the settings."""

    name: str
    address: str
    display_name: str
    aliases: tuple[str, ...]
    language: str
    default_kind: str
    zone: str  # an IANA name
    calendar: str = "china"  # a calendar of the same configuration
    authserv_id: str = ""  # whose Authentication-Results are believed (RFC 8601 §2.5); empty: nobody's
    reused_mail: ReusedMail = ReusedMail.JOIN

    @property
    def keys(self) -> frozenset[str]:
        """Every address of it, case-folded."""
        return frozenset(address.casefold() for address in (self.address, *self.aliases))


class PartyKind(StrEnum):
    """What somebody is to us."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    STAFF = "staff"
    REGULATOR = "regulator"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyList:
    """Who is of one kind: addresses and domains, case-folded; a domain stands for those below it too."""

    kind: PartyKind
    entries: frozenset[str]


class AssignMode(StrEnum):
    """How one person is chosen out of several."""

    FIXED = "fixed"  # there is but one
    ROUND_ROBIN = "round_robin"  # whose last case is the longest ago
    BY_LOAD = "by_load"  # who has the fewest open cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """Who may own a case, as addresses or departments, and how one of them is chosen."""

    mode: AssignMode
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What somebody has to do: cases that are open, and the serial of the last one given to him (0: none)."""

    person: str
    open_cases: int
    last_serial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which somebody is away, both included."""

    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A colleague who can own cases; `deputy` (an address) stands in while he is away."""

    name: str
    address: str
    department: str
    place: str  # file:line:column
    language: str = ""  # which maild writes to him; empty: the mailbox's
    deputy: str = ""
    absences: tuple[Absence, ...] = ()

    def is_away(self, today: date) -> bool:
        """True on a day of one of the absences."""
        return any(each.from_on <= today <= each.to_on for each in self.absences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department, with the addresses of its head and of the leader who supervises it (分管领导)."""

    name: str
    head: str = ""
    leader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """people.yaml: the departments, who works there, and who takes care of what is nobody's."""

    departments: tuple[Department, ...] = ()
    people: tuple[Person, ...] = ()
    service_desk: tuple[str, ...] = ()  # addresses

    @property
    def department_names(self) -> tuple[str, ...]:
        """The departments by their names, in the order of the file."""
        return tuple(each.name for each in self.departments)

    def person(self, address: str) -> Person | None:
        """The colleague of that address, any case."""
        key = address.casefold()
        return next((each for each in self.people if each.address == key), None)

    def department(self, name: str) -> Department | None:
        """The department of that name."""
        return next((each for each in self.departments if each.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The house: names by language, our domains, and domains shared by strangers (qq.com, gmail.com)."""

    names: tuple[tuple[str, str], ...]  # (language, name)
    staff_domains: frozenset[str]
    shared_domains: frozenset[str]
    parties: tuple[PartyList, ...] = ()

    def name(self, language: str) -> str:
        """The company's name in that language, else in the first that there is."""
        return next((name for code, name in self.names if code == language), self.names[0][1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: somebody who sees confidential cases, or only those that he owns.

    The person at the machine's own shell sees everything.
    """

    name: str
    sees_confidential: bool
    address: str = ""  # case-folded, as owners are kept; empty for whoever owns no case


SHELL = Viewer(name="shell", sees_confidential=True)
