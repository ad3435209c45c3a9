"""The only way a case changes: one event after another. Folding a journal gives the row."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from maild.core.progressing import progressed
from maild.model.case import Case, CaseTraits
from maild.model.delivery import RecipientState
from maild.model.events import (
    CaseChange,
    CaseCorrected,
    CaseOpened,
    CaseSettled,
    CorrectedField,
    DeadlineChange,
    Event,
    Happened,
    MailDecided,
    MailHeld,
    MailSettled,
    MergeUndone,
    MessageJoined,
    MessagesCame,
    MessagesLeft,
    Record,
    StageMoved,
)


def evolve(case: Case | None, event: Event, at: datetime) -> Case:
    """The case after `event`, which happened `at`.

    Raises:
        ValueError: the journal does not begin with CaseOpened, or opens twice.
    """
    if isinstance(event, CaseOpened):
        if case is not None:
            raise ValueError(f"case {case.number} is opened twice")
        return _opened(event, at)
    if case is None:
        raise ValueError(f"a journal begins with case_opened, not {event.kind}")
    changed = case if isinstance(event, Happened | DeadlineChange | Record) else _changed(case, event, at)
    progress = progressed(case.progress, event, case.stage)
    return replace(changed, progress=progress, version=case.version + 1, updated_at=at)


def fold(entries: Iterable[tuple[Event, datetime]]) -> Case:
    """The case that a whole journal makes.

    Raises:
        ValueError: the journal is empty, or does not begin with CaseOpened.
    """
    case: Case | None = None
    for event, at in entries:
        case = evolve(case, event, at)
    if case is None:
        raise ValueError("an empty journal makes no case")
    return case


def _changed(case: Case, event: CaseChange, at: datetime) -> Case:
    match event:
        case MessageJoined() | MessagesLeft() | MessagesCame():
            return _messages_changed(case, event)
        case MailDecided() | MailSettled() | MailHeld():
            return replace(case, trouble=_trouble(case, event))
        case CaseSettled():
            priority = event.priority or case.priority
            return replace(case, priority=priority, traits=_with(case.traits, event.traits))
        case StageMoved():
            return replace(case, stage=event.stage, closed_at=at if event.closed else None)
        case MergeUndone():
            return replace(case, merged_into=None)
        case CaseCorrected():
            return _corrected(case, event)
        case _:
            assert_never(event)


def _with(traits: CaseTraits, more: CaseTraits) -> CaseTraits:
    """Labels and fields add up; what `more` names wins."""
    return CaseTraits(
        owner=more.owner or traits.owner,
        department=more.department or traits.department,
        labels=tuple(sorted({*traits.labels, *more.labels})),
        fields=tuple(sorted({**dict(traits.fields), **dict(more.fields)}.items())),
        confidential=more.confidential or traits.confidential,
    )


def _messages_changed(case: Case, event: MessageJoined | MessagesLeft | MessagesCame) -> Case:
    if isinstance(event, MessagesLeft):
        count = case.message_count - len(event.message_keys)
        return replace(case, message_count=count, merged_into=event.to_case if event.whole else None)
    participants = case.participants | frozenset(event.participants)
    added = len(event.message_keys) if isinstance(event, MessagesCame) else 1
    return replace(case, message_count=case.message_count + added, participants=participants)


def _corrected(case: Case, event: CaseCorrected) -> Case:
    match event.field:
        case CorrectedField.KIND:
            return replace(case, kind=event.new)
        case CorrectedField.PRIORITY:
            return replace(case, priority=event.new)
        case CorrectedField.OWNER:
            return replace(case, traits=replace(case.traits, owner=event.new))
        case CorrectedField.DEPARTMENT:
            return replace(case, traits=replace(case.traits, department=event.new))
        case CorrectedField.PARTY_KIND:
            return case
        case CorrectedField.PLAYBOOK:
            return replace(case, playbook=event.new)
        case _:
            assert_never(event.field)


def _trouble(case: Case, event: MailDecided | MailSettled | MailHeld) -> str:
    """Why a mail of the case did not get out; a mail that did ends it."""
    match event:
        case MailDecided():
            return case.trouble
        case MailHeld():
            return f"{event.template} is held: {event.error}"
        case MailSettled(state=RecipientState.SENT):
            return ""
        case MailSettled():
            return f"{event.recipient}: {event.state}: {event.detail}"
        case _:
            assert_never(event)


def _opened(event: CaseOpened, at: datetime) -> Case:
    return Case(
        id=event.case_id,
        serial=event.serial,
        number=event.number,
        kind=event.case_kind,
        stage=event.stage,
        priority=event.priority,
        subject=event.subject,
        base_subject=event.base_subject,
        contact=event.contact,
        participants=frozenset({event.contact.key}) if event.contact.address else frozenset(),
        mailbox=event.mailbox,
        language=event.language,
        playbook=event.playbook,
        config_hash=event.config_hash,
        opened_at=at,
        updated_at=at,
        closed_at=None,
        message_count=0,
        trouble="",
        merged_into=None,
        version=1,
        traits=event.traits,
        calendar=event.calendar,
    )
