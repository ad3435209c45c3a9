"""Scenarios as the model knows them, made from what pydantic has checked."""

import json

from maild.mistakes import Document
from maild.model.rehearsal import (
    AnswerMail,
    ExpectCase,
    ExpectDeadline,
    ExpectMail,
    MakeCall,
    PassTime,
    Scenario,
    Step,
    WriteMail,
)
from maild.rules.rehearsal_schema import (
    DeadlineExpectation,
    ExpectCaseStep,
    ExpectStep,
    MailStep,
    ReplyStep,
    ScenarioFile,
    StepEntry,
    read_time,
    read_time_or_span,
    read_wait,
)


def scenario_of(file: ScenarioFile, document: Document) -> Scenario:
    """The scenario of a file; places name the file as it was given."""
    return Scenario(
        file=document.file,
        title=file.title or "",
        start=read_time(file.start),
        people=json.dumps(document.data["people"]) if file.people else "",  # JSON is YAML
        seed=file.seed,
        steps=tuple(_step(entry, _place(document, at)) for at, entry in enumerate(file.steps)),
    )


def _place(document: Document, at: int) -> str:
    line, column = document.place(("steps", at))
    return f"{document.file}:{line}:{column}"


def _step(entry: StepEntry, place: str) -> Step:
    if entry.mail:
        return _mail(entry.mail, place)
    if entry.reply:
        return _reply(entry.reply, place)
    if entry.call:
        call = entry.call
        return MakeCall(place=place, from_=call.from_, text=call.text, case=call.case)
    return _expectation(entry, place) or _pause(entry, place)


def _expectation(entry: StepEntry, place: str) -> ExpectMail | ExpectCase | None:
    if entry.expect:
        return _mails(entry.expect, place)
    return _case(entry.expect_case, place) if entry.expect_case else None


def _pause(entry: StepEntry, place: str) -> PassTime:
    return PassTime(place=place, to=read_wait(entry.wait) if entry.wait else read_time(str(entry.until)))


def _mail(mail: MailStep, place: str) -> WriteMail:
    return WriteMail(
        place=place,
        from_=mail.from_,
        to=tuple(mail.to),
        cc=tuple(mail.cc),
        subject=mail.subject,
        body=mail.body,
        attach=tuple(mail.attach),
        in_reply_to=mail.in_reply_to or "",
        message_id=mail.message_id or "",
        headers=tuple(mail.headers.items()),
        charset=mail.charset,
        genuine=mail.authentication == "pass",
    )


def _reply(reply: ReplyStep, place: str) -> AnswerMail:
    return AnswerMail(
        place=place,
        from_=reply.from_,
        got_by="" if reply.to == "last-to-me" else reply.to,
        body=reply.body,
        attach=tuple(reply.attach),
        charset=reply.charset,
        genuine=reply.authentication == "pass",
    )


def _mails(expected: ExpectStep, place: str) -> ExpectMail:
    return ExpectMail(
        place=place,
        to=expected.to or "",
        template=expected.template or "",
        subject_contains=expected.subject_contains or "",
        text_contains=expected.text_contains or "",
        count=expected.count,
        by=read_time_or_span(expected.by) if expected.by else None,
    )


def _case(expected: ExpectCaseStep, place: str) -> ExpectCase:
    return ExpectCase(
        place=place,
        case=expected.case,
        case_kind=expected.kind or "",
        stage=expected.stage or "",
        owner=expected.owner or "",
        deadline=_deadline(expected.deadline) if expected.deadline else None,
    )


def _deadline(expected: DeadlineExpectation) -> ExpectDeadline:
    due_at = read_time(expected.due) if expected.due else None
    return ExpectDeadline(name=expected.name, standing=expected.state, due_at=due_at)
