"""Which case a message joins, and who belongs there."""

from dataclasses import replace

import pytest

from maild.core.joining import Evidence, TokenEvidence, belongs, case_numbers, decide_joining
from maild.model.case import JoinReason
from maild.model.facts import Reuse
from maild.model.mail import Address
from maild.model.people import ReusedMail
from tests.unit.core.builders import COMPANY, LI, a_case

STRANGER = Address(address="mallory@elsewhere.example")
CASE, OTHER = a_case(), a_case(id="case-2", number="C-2026-00008")


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        pytest.param("Re: [C-2026-00007] 询价", ("C-2026-00007",), id="bracketed"),
        pytest.param("回复：ｃ－２０２６－００００７", ("C-2026-00007",), id="full-width"),
        pytest.param("c-2026-00007 and QS2-2025-1234567", ("C-2026-00007", "QS2-2025-1234567"), id="two"),
        pytest.param("ABC-C-2026-00007", (), id="part-of-another"),
        pytest.param("C-2026-0007", (), id="too-short"),
        pytest.param("投诉C-2026-00007产品", ("C-2026-00007",), id="glued-to-chinese"),
    ],
)
def test_case_numbers(subject: str, numbers: tuple[str, ...]) -> None:
    assert case_numbers(subject) == numbers


@pytest.mark.parametrize(
    ("author", "contact", "expected"),
    [
        pytest.param(LI, LI, True, id="contact"),
        pytest.param(Address(address="wang@customer.example"), LI, True, id="colleague-of-contact"),
        pytest.param(Address(address="a@example.com"), LI, True, id="staff"),
        pytest.param(STRANGER, LI, False, id="stranger"),
        pytest.param(None, LI, False, id="nobody"),
        pytest.param(Address(address="1@qq.com"), Address(address="2@qq.com"), False, id="shared-domain"),
        pytest.param(Address(address="x"), Address(address="y"), False, id="no-domain"),
    ],
)
def test_who_belongs(author: Address | None, contact: Address, *, expected: bool) -> None:
    assert (
        belongs(a_case(contact=contact, participants=frozenset({contact.key})), author, COMPANY) is expected
    )


@pytest.mark.parametrize(
    ("evidence", "case_id", "join", "verified"),
    [
        pytest.param(
            Evidence(
                author=LI,
                is_reply=True,
                token=TokenEvidence(case=CASE, made_for_author=True),
                thread_case=CASE,
                number_case=OTHER,
            ),
            CASE.id,
            JoinReason.TOKEN,
            True,
            id="token-first",
        ),
        pytest.param(
            Evidence(author=STRANGER, is_reply=True, token=TokenEvidence(case=CASE, made_for_author=False)),
            CASE.id,
            JoinReason.TOKEN,
            False,
            id="token-forwarded-to-a-stranger",
        ),
        pytest.param(
            Evidence(author=STRANGER, is_reply=True, token=TokenEvidence(case=CASE, made_for_author=True)),
            CASE.id,
            JoinReason.TOKEN,
            True,
            id="token-made-for-a-new-address",
        ),
        pytest.param(
            Evidence(
                author=LI,
                is_reply=True,
                token=TokenEvidence(case=CASE, made_for_author=True),
                thread_case=OTHER,
                thread_reason="refers to <x>",
            ),
            OTHER.id,
            JoinReason.THREAD,
            True,
            id="moved-since-to-another-case-of-the-author",
        ),
        pytest.param(
            Evidence(
                author=STRANGER,
                is_reply=True,
                token=TokenEvidence(case=CASE, made_for_author=True),
                thread_case=OTHER,
                thread_reason="refers to <x>",
            ),
            CASE.id,
            JoinReason.TOKEN,
            True,
            id="a-token-opens-no-other-case",
        ),
        pytest.param(
            Evidence(author=None, is_reply=False, reported_case=CASE, thread_case=OTHER),
            CASE.id,
            JoinReason.REPORT,
            True,
            id="report-before-thread",
        ),
        pytest.param(
            Evidence(
                author=LI, is_reply=True, thread_case=CASE, thread_reason="refers to <x>", number_case=OTHER
            ),
            CASE.id,
            JoinReason.THREAD,
            True,
            id="thread-before-number",
        ),
        pytest.param(
            Evidence(author=STRANGER, is_reply=False, thread_case=CASE, thread_reason="refers to <x>"),
            CASE.id,
            JoinReason.THREAD,
            False,
            id="thread-by-a-stranger",
        ),
        pytest.param(
            Evidence(author=LI, is_reply=True, number_case=CASE, subject_cases=(OTHER,)),
            CASE.id,
            JoinReason.NUMBER,
            True,
            id="number-before-subject",
        ),
        pytest.param(
            Evidence(author=LI, is_reply=True, subject_cases=(CASE, OTHER)),
            CASE.id,
            JoinReason.SUBJECT,
            True,
            id="subject-newest-first",
        ),
        pytest.param(
            Evidence(author=STRANGER, is_reply=True, subject_cases=(CASE,)),
            None,
            None,
            False,
            id="other-party",
        ),
        pytest.param(
            Evidence(author=LI, is_reply=False, subject_cases=(CASE,)), None, None, False, id="no-reply"
        ),
    ],
)
def test_the_strongest_evidence_wins(
    evidence: Evidence, case_id: str | None, join: JoinReason | None, *, verified: bool
) -> None:
    joining = decide_joining(evidence, COMPANY)
    assert (joining.case_id, joining.join, joining.verified) == (case_id, join, verified)
    assert joining.reason
    assert ("does not belong" in joining.reason) == (case_id is not None and not verified)


THIRD = a_case(id="case-3", number="C-2026-00009")
REUSED = Evidence(author=LI, is_reply=True, thread_case=CASE, thread_reason="refers to <x>", new_matter=True)
TOLD = "refers to <x>, part of C-2026-00007, but under another subject: an old mail reused for a new matter"


@pytest.mark.parametrize("handling", list(ReusedMail))
def test_an_old_mail_reused_for_a_new_matter_goes_where_the_mailbox_says(handling: ReusedMail) -> None:
    joining = decide_joining(REUSED, COMPANY, handling)
    joins = handling is ReusedMail.JOIN
    assert (joining.case_id, joining.verified) == (CASE.id if joins else None, joins)
    assert joining.join is (JoinReason.THREAD if joins else None)
    assert joining.reason == TOLD
    assert joining.reuse == Reuse(case_number="C-2026-00007", handling=handling)


@pytest.mark.parametrize(
    ("changes", "case_id", "join"),
    [
        pytest.param({"matter_case": OTHER, "number_case": THIRD}, OTHER.id, JoinReason.THREAD, id="matter"),
        pytest.param(
            {"number_case": OTHER, "subject_cases": (THIRD,)}, OTHER.id, JoinReason.NUMBER, id="number"
        ),
        pytest.param({"subject_cases": (OTHER,)}, OTHER.id, JoinReason.SUBJECT, id="subject"),
        pytest.param({"token": TokenEvidence(case=CASE, made_for_author=True)}, None, None, id="token"),
        pytest.param({"reported_case": OTHER, "new_matter": False}, OTHER.id, JoinReason.REPORT, id="report"),
    ],
)
def test_what_is_left_when_references_fall_silent(
    changes: dict[str, object], case_id: str | None, join: JoinReason | None
) -> None:
    evidence = replace(REUSED, **changes)  # type: ignore[arg-type]  # fields by name
    joining = decide_joining(evidence, COMPANY, ReusedMail.SPLIT)
    assert (joining.case_id, joining.join) == (case_id, join)
    assert (joining.reuse is None) == (case_id is not None)


def test_a_new_matter_that_answers_nothing_is_nothing_new() -> None:
    evidence = Evidence(author=LI, is_reply=False, new_matter=True)
    assert decide_joining(evidence, COMPANY, ReusedMail.REVIEW).reuse is None
