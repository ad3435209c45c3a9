"""The `tests:` beside the rules: each small message is written, read and routed as real mail would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from maild.app.configuration import Configuration
from maild.core.classify import classified
from maild.model.case import Case, CaseId
from maild.model.facts import Routing
from maild.model.mail import Address
from maild.model.people import MailboxProfile
from maild.parsers.message import read
from maild.rules.expectation_schema import ExpectationEntry, ExpectEntry, MessageEntry
from maild.rules.load import load_expectations

_DATE = "Thu, 01 Jan 2026 09:00:00 +0800"
_OPENED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One test with what was not as expected, a line each; nothing when all was."""

    name: str
    place: str  # file:line:column
    wrong: tuple[str, ...]


def run_rule_tests(configuration: Configuration, folder: Path) -> tuple[Tried, ...]:
    """Every test of the rule files in `folder`, in their order, on the rules of the set.

    Raises:
        ConfigError: the files cannot be read.
    """
    return tuple(
        Tried(name=entry.name, place=place, wrong=tuple(_wrong(configuration, entry)))
        for place, entry in load_expectations(folder)
    )


def _wrong(configuration: Configuration, entry: ExpectationEntry) -> Iterator[str]:
    try:
        mailbox = _mailbox(configuration, entry.message)
        message = read(_written(entry.message, mailbox))
    except ValueError as exc:
        yield f"the message cannot be written: {exc}"
        return
    case = _case(entry.message, mailbox)
    routing = classified(message, mailbox, configuration.company, configuration.ruleset, case)
    got = _got(routing)
    expected = _expected(entry.expect)
    for name, wanted in expected.items():
        if got[name] != wanted:
            yield f"{name}: expected {_shown(wanted)}, got {_shown(got[name])}"


def _mailbox(configuration: Configuration, entry: MessageEntry) -> MailboxProfile:
    names = {mailbox.name: mailbox for mailbox in configuration.mailboxes}
    if entry.mailbox is not None and entry.mailbox not in names:
        raise ValueError(f"there is no mailbox {entry.mailbox!r}")
    return names[entry.mailbox] if entry.mailbox else configuration.mailboxes[0]


def _written(entry: MessageEntry, mailbox: MailboxProfile) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = entry.from_
    message["To"] = ", ".join(entry.to or [mailbox.address])
    message["Subject"] = entry.subject
    message["Date"] = _DATE
    for name, value in entry.headers.items():
        message[name] = value
    message.set_content(entry.text)
    for attachment in entry.attachments:
        main, _, sub = attachment.type.partition("/")
        content = b"\0" * int(float(attachment.size[0]))
        message.add_attachment(content, maintype=main, subtype=sub, filename=attachment.name)
    return message.as_bytes()


def _case(entry: MessageEntry, mailbox: MailboxProfile) -> Case | None:
    """The case that the message joins, as far as rules look at it."""
    if entry.case_kind is None and entry.case_stage is None:
        return None
    return Case(
        id=CaseId("test"),
        serial=1,
        number="TEST",
        kind=entry.case_kind or "",
        stage=entry.case_stage or "",
        priority="normal",
        subject=entry.subject,
        base_subject=entry.subject,
        contact=Address(address=""),
        participants=frozenset(),
        mailbox=mailbox.name,
        language=mailbox.language,
        playbook="",
        config_hash="",
        opened_at=_OPENED_AT,
        updated_at=_OPENED_AT,
        closed_at=None,
        message_count=1,
        trouble="",
        merged_into=None,
        version=1,
    )


def _got(routing: Routing) -> dict[str, object]:
    return {
        "rules": [verdict.rule for verdict in routing.trace if verdict.matched],
        "kind": routing.case_kind if routing.opens_case else None,
        "priority": routing.priority,
        "owner": list(routing.assign.people) if routing.assign else [],
        "department": routing.traits.department,
        "labels": list(routing.traits.labels),
        "fields": dict(routing.traits.fields),
        "confidential": routing.traits.confidential,
        "template": routing.template,
        "archive": not routing.opens_case and not routing.review and not routing.on_case,
        "spam": routing.spam,
        "review": routing.review,
    }


def _expected(expect: ExpectEntry) -> dict[str, object]:
    given = expect.model_dump(exclude_none=True)
    for name in ("owner", "labels"):
        if name in given:
            given[name] = (
                [word.casefold() for word in given[name]] if name == "owner" else sorted(given[name])
            )
    return given


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key}={one}" for key, one in sorted(value.items())) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value or "none")
