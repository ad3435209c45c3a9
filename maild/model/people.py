"""Who we are: our mailboxes, our staff, and which domains belong to nobody in particular."""

from dataclasses import dataclass


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

    @property
    def keys(self) -> frozenset[str]:
        """Every address of it, case-folded."""
        return frozenset(address.casefold() for address in (self.address, *self.aliases))


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The house: names by language, our domains, and domains shared by strangers (qq.com, gmail.com)."""

    names: tuple[tuple[str, str], ...]  # (language, name)
    staff_domains: frozenset[str]
    shared_domains: frozenset[str]

    def name(self, language: str) -> str:
        """The company's name in that language, else in the first that there is."""
        return next((name for code, name in self.names if code == language), self.names[0][1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks. The person at the machine's own shell sees everything."""

    name: str
    sees_confidential: bool


SHELL = Viewer(name="shell", sees_confidential=True)
