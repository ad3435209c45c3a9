"""The static settings: what maild.toml says, as frozen values, checked whole before anything starts.

Every mistake is a Problem with its line and the nearest right key. Secrets come from the environment or
from a file, never from maild.toml. Whether a kind, rule or template exists is decided by app.configuration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from maild.errors import ConfigError
from maild.mistakes import in_order, nearest, problems_of
from maild.settings_source import SettingsSource
from maild.toml_places import read_toml

DEFAULT_CALENDAR = "china"
DEFAULT_ZONE = "Asia/Shanghai"


class Secret:
    """A password that does not show itself in logs, tracebacks or a repr."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The password itself."""
        return self._value

    def __repr__(self) -> str:
        return "********"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class TlsMode(StrEnum):
    """How a connection is made private (RFC 8314 §3)."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


class AfterAction(StrEnum):
    """What becomes of a message on the server once it is safely archived."""

    LEAVE = "leave"
    FLAG = "flag"
    MOVE = "move"


class ReplyToken(StrEnum):
    """Where the signed token of a case travels."""

    PLUS = "plus"  # in Reply-To, as service+TOKEN@example.com
    MESSAGE_ID = "message_id"  # in our Message-ID only: for hosts without plus addresses


class DoubtProof(StrEnum):
    """What can prove that a mail in doubt did leave."""

    NONE = "none"
    SENT_FOLDER = "sent_folder"
    BCC_SELF = "bcc_self"


def _from_config_folder(path: Path, info: ValidationInfo) -> Path:
    return (info.context["folder"] / path).resolve() if info.context else path


def _known_zone(name: str) -> str:
    if name in available_timezones():
        return name
    hint = nearest(name, available_timezones())
    raise PydanticCustomError("zone", "there is no time zone {name}", {"name": repr(name), "hint": hint})


def _lowered(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def _resolved_url(url: str, info: ValidationInfo) -> str:
    """A relative SQLite file is taken from the config folder, like every path."""
    start, relative, file = url.partition(":///")
    if not (info.context and relative and start.startswith("sqlite")) or file.startswith("/"):
        return url
    return f"{start}:///{(info.context['folder'] / file).resolve()}"


Text = Annotated[str, Field(min_length=1)]
CalendarName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="the name of a calendar, such as china")
]
MailAddress = Annotated[
    str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$", description="an address, such as kefu@example.com")
]
MailboxName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="small letters, digits, - and _ only")
]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Seconds = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True, ge=1)]
Switch = Annotated[bool, Field(strict=True)]
Password = Annotated[
    Secret,
    PlainValidator(Secret),
    WithJsonSchema({"type": "string", "spelled": ["password_env", "password_file"]}),
]
DatabaseUrl = Annotated[
    str,
    AfterValidator(_resolved_url),
    WithJsonSchema({"type": "string", "spelled": ["database_url", "database_url_env", "database_url_file"]}),
]
FromConfig = Annotated[Path, AfterValidator(_from_config_folder)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Domains = Annotated[frozenset[Text], AfterValidator(_lowered)]
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSettings:
    """How to read a mailbox (RFC 9051). `ca_file` replaces the system's trusted certificates."""

    host: Text
    port: Port = 993
    tls: TlsMode = TlsMode.IMPLICIT
    username: Text
    password: Password
    ca_file: FromConfig | None = None
    timeout_s: Seconds = 30
    poll_interval_s: Seconds = 120
    idle: Switch = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """How to send (RFC 5321). An empty `username` sends without login; `helo` empty is this machine."""

    host: Text
    port: Port = 465
    tls: TlsMode = TlsMode.IMPLICIT
    username: str = ""
    password: Password | None = None
    ca_file: FromConfig | None = None
    timeout_s: Seconds = 60
    data_timeout_s: Seconds = 600  # RFC 5321 §4.5.3.2.6
    helo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterIntake:
    """`flag` sets a keyword, `move` takes the message to `folder`, `leave` does nothing."""

    action: AfterAction = AfterAction.LEAVE
    flag: Text = "$MaildSeen"
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """One mailbox. `sent_folder` "auto" finds it (RFC 6154), "" is none; `act_since` None: from now on.

    `calendar` None is that of all mailboxes.
    """

    name: MailboxName
    address: MailAddress
    display_name: str = ""
    aliases: tuple[MailAddress, ...] = ()
    language: Text = "zh"
    zone: Zone = DEFAULT_ZONE
    calendar: CalendarName | None = None
    default_kind: Text
    inbox: Text = "INBOX"
    sent_folder: str = "auto"
    act_since: Instant | None = None
    after: AfterIntake = field(default_factory=AfterIntake)
    imap: ImapSettings
    smtp: SmtpSettings
    reply_token: ReplyToken = ReplyToken.MESSAGE_ID
    doubt_proof: DoubtProof = DoubtProof.NONE
    reused_mail: Literal["join", "split", "review"] = "join"
    authserv_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSettings:
    """When a refused mail is tried again, and when a mail in doubt must be settled."""

    first_retry_s: Seconds = 60
    longest_retry_s: Seconds = 14_400
    give_up_after_s: Seconds = 432_000  # five days (RFC 5321 §4.5.4.1)
    settle_after_s: Seconds = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """How much is fetched at a time."""

    batch_size: Count = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySettings:
    """The house: its name by language, its domains, and domains that strangers share."""

    names: Annotated[dict[str, Text], Field(min_length=1)]
    staff_domains: Domains = frozenset()
    shared_domains: Domains = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """What stands in maild.toml, key by key; the classes within take its pydantic configuration over."""

    __pydantic_config__ = ConfigDict(extra="forbid", validate_default=True)

    company: CompanySettings
    database_url: DatabaseUrl = field(default="sqlite:///../var/maild.sqlite", repr=False)
    data_folder: FromConfig = Path("../var")
    keys_file: FromConfig = Path("keys")
    mailboxes: Annotated[tuple[MailboxSettings, ...], Field(alias="mailbox")]
    outbox: OutboxSettings = field(default_factory=OutboxSettings)
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    calendar: CalendarName = DEFAULT_CALENDAR
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(FileSettings):
    """Every static setting, and where it came from: the file and its folder, the config folder."""

    path: Path
    folder: Path

    def mailbox(self, name: str) -> MailboxSettings:
        """The mailbox of that name. Raises: KeyError when there is none."""
        return {mailbox.name: mailbox for mailbox in self.mailboxes}[name]

    def has_mailbox(self, name: str) -> bool:
        """False for a mailbox that was taken out of the file, or never stood there."""
        return any(mailbox.name == name for mailbox in self.mailboxes)


def load_settings(
    path: Path, environ: Mapping[str, str], overrides: Mapping[str, object] | None = None
) -> Settings:
    """The settings of the file at `path`; relative paths in it are taken from its folder.

    `environ` holds the secrets that `password_env` names. `overrides` are dotted keys with their values,
    such as `mailbox.service.imap.port` or, for all mailboxes, `mailbox.*.imap.port`, that win over the file;
    there alone may a `password` stand.
    Raises: ConfigError with every problem found.
    """
    document = read_toml(path)
    source = SettingsSource(document, path.parent, environ)
    source.override(overrides or {})
    source.fill_in_secrets()
    source.cross_check()
    try:
        parsed = _FILE.validate_python(source.tables, context={"folder": source.folder})
    except ValidationError as error:
        source.problems.extend(problems_of(error, document, FILE_SCHEMA))
    if source.problems:
        raise ConfigError(in_order(source.problems))
    values = {each.name: getattr(parsed, each.name) for each in fields(parsed)}
    return Settings(path=path, folder=source.folder, **values)


def calendar_setting(path: Path) -> str:
    """The calendar that the file at `path` names for all mailboxes; the default where there is none.

    Nothing else in the file is looked at: to count days one needs no password. Raises: ConfigError.
    """
    if not path.exists():
        return DEFAULT_CALENDAR
    return str(read_toml(path).data.get("calendar", DEFAULT_CALENDAR))


_FILE = TypeAdapter(FileSettings)
FILE_SCHEMA = _FILE.json_schema()
