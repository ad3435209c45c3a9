"""What people may look at. Every read names its viewer, so that confidential cases can stay so."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from maild.app.context import Context
from maild.app.deadlines import DeadlineView, deadlines_of
from maild.errors import NotFound
from maild.model.archive import ArchiveCounts, ArchivedMessage, CaseMessage, SearchHit
from maild.model.case import Case, CaseId
from maild.model.delivery import OutboxEntry, OutboxState
from maild.model.events import JournalEntry
from maild.model.intake import LedgerEntry
from maild.model.mail import MessageId
from maild.model.people import Viewer
from maild.parsers.message import read
from maild.store import archive, cases, decisions, inbox, journal, outbox, search, visibility

_SNIPPET_CHARACTERS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case with all that hangs on it, oldest first."""

    case: Case
    messages: tuple[CaseMessage, ...]
    mails: tuple[OutboxEntry, ...]
    deadlines: tuple[DeadlineView, ...]
    journal: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message with what was first decided on it (empty if nothing was), its case, and its place there."""

    message: ArchivedMessage
    reason: str
    case: Case | None
    joined: CaseMessage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """A mail of ours: where it stands, as the archive has it once it could be made, and its case."""

    mail: OutboxEntry
    message: ArchivedMessage | None
    case: Case | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMessage:
    """A message that a search found, with the beginning of what it says."""

    hit: SearchHit
    snippet: str


def list_cases(
    context: Context, viewer: Viewer, *, kind: str | None, stage: str | None, limit: int
) -> tuple[Case, ...]:
    """The newest cases that `viewer` may see."""
    return context.store.read(
        lambda conn: cases.list_cases(conn, kind=kind, stage=stage, viewer=viewer, limit=limit)
    )


def show_case(context: Context, viewer: Viewer, number: str) -> CaseView:
    """The case of that number, or of a number that was merged into it.

    Raises:
        NotFound: there is none that `viewer` may see.
    """

    def look_up(conn: Connection) -> CaseView:
        case = cases.by_number(conn, number)
        if case is None or not visibility.may_see_case(conn, viewer, case.id):
            raise NotFound(f"there is no case {number}; `maild case list` shows the newest")
        return CaseView(
            case=case,
            messages=cases.messages(conn, case.id),
            mails=outbox.of_case(conn, case.id),
            deadlines=deadlines_of(conn, context, case),
            journal=cases.journal(conn, case.id),
        )

    return context.store.read(look_up)


def show_message(context: Context, viewer: Viewer, key: str) -> MessageView:
    """The message of that key.

    Raises:
        NotFound: there is none that `viewer` may see.
    """

    def look_up(conn: Connection) -> MessageView:
        message = archive.find(conn, key)
        if message is None or not visibility.may_see_message(conn, viewer, key):
            raise NotFound(f"there is no message {key}")
        decided = decisions.of_message(conn, key)
        case_id = cases.case_of_message(conn, key)
        joined = cases.messages(conn, case_id) if case_id else ()
        return MessageView(
            message=message,
            reason=decided[0].reason if decided else "",
            case=cases.get(conn, case_id) if case_id else None,
            joined=next((one for one in joined if one.message.key == key), None),
        )

    return context.store.read(look_up)


def show_mail(context: Context, viewer: Viewer, outbox_id: str) -> MailView:
    """The mail of ours with that id in the outbox.

    Raises:
        NotFound: there is none that `viewer` may see.
    """

    def look_up(conn: Connection) -> MailView:
        if not visibility.may_see_mail(conn, viewer, outbox_id):
            raise NotFound(f"no mail {outbox_id} in the outbox")
        mail = outbox.entry(conn, outbox_id)
        found = archive.find_by_message_id(conn, mail.message_id)
        case = cases.get(conn, mail.case_id) if mail.case_id else None
        return MailView(mail=mail, message=next(iter(found), None), case=case)

    return context.store.read(look_up)


def mail_sent_as(context: Context, viewer: Viewer, message_id: MessageId) -> OutboxEntry:
    """The mail of ours with that Message-ID.

    Raises:
        NotFound: there is none that `viewer` may see.
    """

    def look_up(conn: Connection) -> OutboxEntry:
        mail = outbox.by_message_id(conn, message_id)
        if mail is None or not visibility.may_see_mail(conn, viewer, mail.id):
            raise NotFound(f"no mail <{message_id}> in the outbox")
        return mail

    return context.store.read(look_up)


def journal_news(context: Context, viewer: Viewer, case_id: CaseId, after: int) -> tuple[JournalEntry, ...]:
    """What happened to a case since its event of the number `after`; nothing if `viewer` may not see it."""

    def look_up(conn: Connection) -> tuple[JournalEntry, ...]:
        seen = visibility.may_see_case(conn, viewer, case_id)
        return journal.news(conn, case_id, after) if seen else ()

    return context.store.read(look_up)


def search_messages(context: Context, viewer: Viewer, query: str, *, limit: int) -> tuple[FoundMessage, ...]:
    """The newest messages that match `query` and that `viewer` may see, each with a snippet."""

    zone = ZoneInfo(context.configuration.mailboxes[0].zone)  # where a day of before: and after: begins
    scope = search.SearchScope(zone=zone, visible=visibility.sees_case_if_any(viewer))

    def look_up(conn: Connection) -> tuple[FoundMessage, ...]:
        hits = search.search(conn, query, limit=limit, scope=scope)
        return tuple(FoundMessage(hit=hit, snippet=_snippet(conn, hit)) for hit in hits)

    return context.store.read(look_up)


def list_outbox(
    context: Context, viewer: Viewer, states: frozenset[OutboxState], *, limit: int
) -> tuple[OutboxEntry, ...]:
    """The newest mails in the outbox in one of `states` that `viewer` may see."""
    return context.store.read(lambda conn: outbox.listing(conn, states, limit, viewer))


def list_quarantine(context: Context, viewer: Viewer) -> tuple[LedgerEntry, ...]:
    """The deliveries that could not be processed, oldest first.

    They belong to no case, and nothing of what they say is shown, so that every viewer may see them.
    """
    del viewer
    return context.store.read(inbox.quarantined)


def count_archive(context: Context, viewer: Viewer) -> ArchiveCounts:
    """How much the archive holds of what `viewer` may see."""
    return context.store.read(lambda conn: archive.counts(conn, viewer))


def _snippet(conn: Connection, hit: SearchHit) -> str:
    message = read(archive.blob(conn, hit.message.blob_sha256))
    text = " ".join((message.new_text or message.text).split())
    return text[:_SNIPPET_CHARACTERS]
