"""Which case a message joins, strongest evidence first, and whether its sender belongs there.

The order: (1) a signed token, in Reply-To or in a Message-ID of ours, unless what is answered has been moved
to another case of the author's; (2) the case of the message that a delivery report is about, or of the
thread; (3) a case number in the subject; (4) the same base subject from the same party within 28 days, if it
is a reply. Somebody who does not belong joins unverified: the message is kept with the case and causes
nothing.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from maild.model.case import Case, JoinReason
from maild.model.facts import Joining
from maild.model.mail import Address
from maild.model.people import Company

SUBJECT_WINDOW = timedelta(days=28)
_NUMBER = re.compile(r"(?<![0-9A-Z-])([A-Z][A-Z0-9]{0,7}-20[0-9]{2}-[0-9]{5,9})(?![0-9A-Z])")
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEvidence:
    """The case that a genuine token names, and whether the author is the one it was made for."""

    case: Case
    made_for_author: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that can tie a message to a case, looked up beforehand."""

    author: Address | None
    is_reply: bool
    token: TokenEvidence | None = None
    reported_case: Case | None = None
    thread_case: Case | None = None
    thread_reason: str = ""
    number_case: Case | None = None
    subject_cases: tuple[Case, ...] = ()  # newest first, inside the window


def case_numbers(subject: str) -> tuple[str, ...]:
    """What looks like a case number in a subject, in order, upper case, full width folded."""
    return tuple(_NUMBER.findall(subject.translate(_FULL_WIDTH).upper()))


def belongs(case: Case, author: Address | None, company: Company) -> bool:
    """True when the author takes part in the case, or comes from the same company, or is staff.

    A domain that strangers share (qq.com, gmail.com) makes nobody a colleague of anybody.
    """
    if author is None:
        return False
    if author.key in case.participants or author.domain in company.staff_domains:
        return True
    return author.domain not in company.shared_domains and author.domain == case.contact.domain != ""


def decide_joining(evidence: Evidence, company: Company) -> Joining:
    """The case to join with the reason, or none."""
    author = evidence.author
    if evidence.token and not _overtaken(evidence, company):
        case, made_for_author = evidence.token.case, evidence.token.made_for_author
        whose = "made for its sender" if made_for_author else "made for somebody else"
        verified = made_for_author or belongs(case, author, company)
        return _join(case, JoinReason.TOKEN, f"a signed token of {case.number}, {whose}", verified=verified)
    if evidence.reported_case:
        case = evidence.reported_case
        return _join(case, JoinReason.REPORT, f"a delivery report on mail of {case.number}", verified=True)
    if evidence.thread_case:
        case = evidence.thread_case
        verified = belongs(case, author, company)
        return _join(
            case, JoinReason.THREAD, f"{evidence.thread_reason}, part of {case.number}", verified=verified
        )
    if evidence.number_case:
        case = evidence.number_case
        verified = belongs(case, author, company)
        return _join(case, JoinReason.NUMBER, f"{case.number} stands in the subject", verified=verified)
    return _by_subject(evidence, company)


def _overtaken(evidence: Evidence, company: Company) -> bool:
    """True when what is answered stands in another case by now, to which the author belongs as well."""
    case = evidence.thread_case
    if case is None or evidence.token is None or case.id == evidence.token.case.id:
        return False
    return belongs(case, evidence.author, company)


def _by_subject(evidence: Evidence, company: Company) -> Joining:
    if evidence.is_reply:
        for case in evidence.subject_cases:
            if belongs(case, evidence.author, company):
                reason = f"a reply with the subject of {case.number}, from the same party, within 28 days"
                return _join(case, JoinReason.SUBJECT, reason, verified=True)
    return Joining(case_id=None, join=None, reason="nothing ties it to a case", verified=False)


def _join(case: Case, join: JoinReason, reason: str, *, verified: bool) -> Joining:
    told = reason if verified else f"{reason}; its sender does not belong to the case"
    return Joining(case_id=case.id, join=join, reason=told, verified=verified)
