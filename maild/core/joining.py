"""Which case a message joins, strongest evidence first, and whether its sender belongs there.

The order: (1) a signed token, in Reply-To or in a Message-ID of ours, unless what is answered has been moved
to another case of the author's; (2) the case of the message that a delivery report is about, or of the
thread; (3) a case number in the subject; (4) the same base subject from the same party within 28 days, if it
is a reply. Somebody who does not belong joins unverified: the message is kept with the case and causes
nothing. Token and thread tell what is answered, not what it is about: under a subject of another matter they
count as the mailbox says.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from maild.model.case import Case, JoinReason
from maild.model.facts import Joining, Reuse
from maild.model.mail import Address
from maild.model.people import Company, ReusedMail

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
    new_matter: bool = False  # its subject goes on with no mail of the cases of token and thread
    matter_case: Case | None = None  # the case with mail of the same thread that it does go on with


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tie:
    """What ties a message to a case."""

    case: Case
    join: JoinReason
    reason: str
    verified: bool


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


def decide_joining(
    evidence: Evidence, company: Company, reused_mail: ReusedMail = ReusedMail.JOIN
) -> Joining:
    """The case to join with the reason, or none; `reused_mail` is for an answer that begins a new matter."""
    tie = _by_reference(evidence, company)
    if tie and evidence.new_matter:
        return _reused(evidence, company, tie, reused_mail)
    return _joining(tie or _by_words(evidence, company))


def _reused(evidence: Evidence, company: Company, tie: _Tie, handling: ReusedMail) -> Joining:
    """Joined all the same; or by what its own words name; or to no case."""
    reason = f"{tie.reason}, but under another subject: an old mail reused for a new matter"
    reuse = Reuse(case_number=tie.case.number, handling=handling)
    if handling is ReusedMail.JOIN:
        return replace(_joining(replace(tie, reason=reason)), reuse=reuse)
    named = _by_matter(evidence, company) or _by_words(evidence, company)
    return _joining(named) if named else replace(_joining(None), reason=reason, reuse=reuse)


def _by_reference(evidence: Evidence, company: Company) -> _Tie | None:
    author = evidence.author
    if evidence.token and not _overtaken(evidence, company):
        case, made_for_author = evidence.token.case, evidence.token.made_for_author
        whose = "made for its sender" if made_for_author else "made for somebody else"
        verified = made_for_author or belongs(case, author, company)
        reason = f"a signed token of {case.number}, {whose}"
        return _Tie(case=case, join=JoinReason.TOKEN, reason=reason, verified=verified)
    if evidence.reported_case:
        case = evidence.reported_case
        reason = f"a delivery report on mail of {case.number}"
        return _Tie(case=case, join=JoinReason.REPORT, reason=reason, verified=True)
    if evidence.thread_case:
        case = evidence.thread_case
        reason = f"{evidence.thread_reason}, part of {case.number}"
        return _Tie(case=case, join=JoinReason.THREAD, reason=reason, verified=belongs(case, author, company))
    return None


def _overtaken(evidence: Evidence, company: Company) -> bool:
    """True when what is answered stands in another case by now, to which the author belongs as well."""
    case = evidence.thread_case
    if case is None or evidence.token is None or case.id == evidence.token.case.id:
        return False
    return belongs(case, evidence.author, company)


def _by_matter(evidence: Evidence, company: Company) -> _Tie | None:
    case = evidence.matter_case
    if case is None:
        return None
    reason = f"{evidence.thread_reason}, and mail of {case.number} in this thread has its subject"
    verified = belongs(case, evidence.author, company)
    return _Tie(case=case, join=JoinReason.THREAD, reason=reason, verified=verified)


def _by_words(evidence: Evidence, company: Company) -> _Tie | None:
    """The case whose number stands in the subject, else that of a reply with the same subject."""
    if evidence.number_case:
        case = evidence.number_case
        reason = f"{case.number} stands in the subject"
        verified = belongs(case, evidence.author, company)
        return _Tie(case=case, join=JoinReason.NUMBER, reason=reason, verified=verified)
    for case in evidence.subject_cases if evidence.is_reply else ():
        if belongs(case, evidence.author, company):
            reason = f"a reply with the subject of {case.number}, from the same party, within 28 days"
            return _Tie(case=case, join=JoinReason.SUBJECT, reason=reason, verified=True)
    return None


def _joining(tie: _Tie | None) -> Joining:
    if tie is None:
        return Joining(case_id=None, join=None, reason="nothing ties it to a case", verified=False)
    told = tie.reason if tie.verified else f"{tie.reason}; its sender does not belong to the case"
    return Joining(case_id=tie.case.id, join=tie.join, reason=told, verified=tie.verified)
