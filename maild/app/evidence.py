"""Looks up all that can tie a message to a case; what of it counts is decided in core.joining."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from maild.app.archiving import Archived
from maild.app.context import Context
from maild.app.world import correspondent
from maild.core.joining import SUBJECT_WINDOW, Evidence, TokenEvidence, case_numbers
from maild.core.matter import one_matter
from maild.core.thread import related_ids
from maild.core.token import Claim, Purpose, verify
from maild.model.archive import ArchivedMessage
from maild.model.case import Case, CaseId, Direction
from maild.model.mail import AutomaticKind, Message, MessageId
from maild.parsers.subject import is_reply
from maild.store import archive, cases, outbox, subjects, threads


def gather(
    conn: Connection, context: Context, message: Message, archived: Archived, now: datetime
) -> Evidence:
    """The evidence on one message, from the store as it stands in this transaction."""
    evidence = Evidence(
        author=correspondent(context, message),
        is_reply=is_reply(message.subject),
        token=_by_token(conn, context, message, now),
        reported_case=_by_report(conn, message),
        thread_case=_by_ancestor(conn, message) or _by_thread(conn, archived.row.thread_id),
        thread_reason=archived.threading.reason,
        number_case=_by_number(conn, message),
        subject_cases=_by_subject(conn, message, now),
    )
    by_a_person = archived.row.direction is Direction.INCOMING and not message.automatic.is_automatic
    return _with_matter(conn, evidence, archived.row) if by_a_person else evidence


def of_one_matter(conn: Connection, one: Case, other: Case) -> bool:
    """True when mail of one case goes on with the subject of mail in the other."""
    others = subjects.of_case(conn, other.id)
    return any(one_matter(subject, others) for subject in subjects.of_case(conn, one.id))


def _with_matter(conn: Connection, evidence: Evidence, row: ArchivedMessage) -> Evidence:
    """The evidence with what the subject says of the cases of token and thread.

    Who writes the number of such a case into the subject means that case.
    """
    token_case = evidence.token.case if evidence.token else None
    referred = [case.id for case in (token_case, evidence.thread_case) if case]
    named = evidence.number_case is not None and evidence.number_case.id in referred
    if not referred or named or _has_subject(conn, referred, row.base_subject):
        return evidence
    in_thread = [one for one in subjects.cases_of_thread(conn, row.thread_id) if one not in referred]
    found = (one for one in in_thread if _has_subject(conn, [one], row.base_subject))
    matter = next(found, None)
    return replace(evidence, new_matter=True, matter_case=cases.get(conn, matter) if matter else None)


def _has_subject(conn: Connection, case_ids: Sequence[CaseId], subject: str) -> bool:
    return any(one_matter(subject, subjects.of_case(conn, one)) for one in case_ids)


def _by_ancestor(conn: Connection, message: Message) -> Case | None:
    """The case of the nearest ancestor that is in one: where a thread was split, its parts go on apart."""
    found = (_case_of(conn, one) for one in related_ids(message)[1:])
    return next((case for case in found if case), None)


def _by_token(conn: Connection, context: Context, message: Message, now: datetime) -> TokenEvidence | None:
    """The case of the mail that carried a genuine token: where that is now, else the one it was made for."""
    author = correspondent(context, message)
    for claim, carrier in _claims(context, message, now):
        case = (carrier and _case_of(conn, carrier)) or cases.by_serial(conn, claim.serial)
        if case is not None:
            made_for_author = author is not None and claim.is_for(author.address)
            return TokenEvidence(case=case, made_for_author=made_for_author)
    return None


def _claims(context: Context, message: Message, now: datetime) -> list[tuple[Claim, MessageId | None]]:
    """The genuine tokens on a message: where it was sent to first, then what it answers, nearest first."""
    addressed = [(one.address, Purpose.REPLY_TO, None) for one in (*message.to, *message.cc)]
    answered = [(one, Purpose.MESSAGE_ID, one) for one in related_ids(message)[1:]]
    read = (
        (verify(text, purpose, keys=context.keys, now=now), carrier)
        for text, purpose, carrier in (*addressed, *answered)
    )
    return [(claim, carrier) for claim, carrier in read if claim]


def _case_of(conn: Connection, message_id: MessageId) -> Case | None:
    for row in archive.find_by_message_id(conn, message_id):
        case_id = cases.case_of_message(conn, row.key)
        if case_id:
            return cases.get(conn, case_id)
    return None


def _by_report(conn: Connection, message: Message) -> Case | None:
    if message.automatic.kind is not AutomaticKind.BOUNCE or message.reported_id is None:
        return None
    entry = outbox.by_message_id(conn, message.reported_id)
    return cases.standing(conn, cases.get(conn, entry.case_id)) if entry and entry.case_id else None


def _by_thread(conn: Connection, thread_id: str) -> Case | None:
    case_id = threads.case_of(conn, thread_id)
    return cases.standing(conn, cases.get(conn, case_id)) if case_id else None


def _by_number(conn: Connection, message: Message) -> Case | None:
    found = (cases.by_number(conn, number) for number in case_numbers(message.subject))
    return next((case for case in found if case), None)


def _by_subject(conn: Connection, message: Message, now: datetime) -> tuple[Case, ...]:
    if not message.base_subject or not is_reply(message.subject):
        return ()
    return cases.recent(conn, message.base_subject, now - SUBJECT_WINDOW)
