"""What may stand in a scenario (config/rehearsals, or any file given to `maild rehearse`)."""

import codecs
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from maild.model.calendar import Span, SpanMode
from maild.model.rehearsal import DeadlineStanding, TimeOrSpan
from maild.rules.field_schema import Word, as_list
from maild.rules.list_schema import PeopleFile
from maild.rules.playbook_schema import SpanText
from maild.rules.shape import Shape
from maild.rules.span import parse_span


def read_time(text: str) -> datetime:
    """The instant that `text` names, naive where it names no zone. Raises: PydanticCustomError."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as exc:
        raise _no_time(text) from exc
    if ":" not in text:
        raise _no_time(text)
    return at


def read_wait(text: str) -> Span:
    """A span to be waited for: days end at the clock time at which they began. Raises: ValueError."""
    return parse_span(text, SpanMode.TO_HOUR)


def read_time_or_span(text: str) -> TimeOrSpan:
    """An instant where `text` looks like one, else a span. Raises: PydanticCustomError, ValueError."""
    return read_time(text) if text.strip()[:4].isdigit() and "-" in text else read_wait(text)


def _no_time(text: str) -> PydanticCustomError:
    hint = "write one such as 2026-10-08T18:00, or with a zone 2026-10-08T18:00+08:00"
    return PydanticCustomError("time", "{text} is no time", {"text": repr(text), "hint": hint})


def _time_text(text: str) -> str:
    read_time(text)
    return text


def _time_or_span_text(text: str) -> str:
    try:
        read_time_or_span(text)
    except PydanticCustomError:
        raise
    except ValueError as exc:
        hint = "or a time such as 2026-10-08T18:00"
        raise PydanticCustomError("time_or_span", "{what}", {"what": str(exc), "hint": hint}) from exc
    return text


def _known_charset(name: str) -> str:
    try:
        "文".encode(name)
    except LookupError as exc:
        hint = "such as utf-8, gb18030, gbk, big5"
        raise PydanticCustomError(
            "charset", "no charset is called {n}", {"n": repr(name), "hint": hint}
        ) from exc
    except UnicodeEncodeError:
        pass  # the mail may be in English
    return codecs.lookup(name).name


TimeText = Annotated[str, AfterValidator(_time_text)]
TimeOrSpanText = Annotated[str, AfterValidator(_time_or_span_text)]
Charset = Annotated[str, AfterValidator(_known_charset)]
OneOrMore = Annotated[
    list[Word],
    BeforeValidator(as_list),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Entry = TypeVar("Entry", bound=Shape)
Verdict = Literal["pass", "fail"]
_FROM = "who: an address, Name <address>, or the name of a colleague in people.yaml"
_VERDICT = "what our own server finds out about the sender, where the mailbox has an authserv_id"


def _named(entry: Entry, beside: set[str]) -> Entry:
    """The entry, when it names more than what only stands beside an expectation."""
    if entry.model_fields_set <= beside:
        known = [name for name in type(entry).model_fields if name not in beside]
        hint = f"write one of {', '.join(known)}"
        raise PydanticCustomError("nothing_expected", "it expects nothing", {"hint": hint})
    return entry


class MailStep(Shape):
    """Somebody writes a mail."""

    from_: Word = Field(
        alias="from", description=_FROM + "; one of our mailboxes: it lies in its Sent folder"
    )
    to: OneOrMore = Field([], description="to whom; the first mailbox if not named")
    cc: OneOrMore = Field([], description="who gets a copy")
    subject: str = Field("", description="its subject")
    body: str = Field("", description="its text")
    attach: OneOrMore = Field(
        [], description="names of files; each is made, small, of the type its name says"
    )
    in_reply_to: Word | None = Field(
        None, description="last or first: of the mails that the sender wrote or got; or a Message-ID"
    )
    message_id: Word | None = Field(None, description="its Message-ID; made if not named")
    headers: dict[Word, str] = Field({}, description="further headers, such as Auto-Submitted: auto-replied")
    charset: Charset = Field("utf-8", description="of its text, such as gb18030")
    authentication: Verdict = Field("pass", description=_VERDICT)


class ReplyStep(Shape):
    """Somebody answers the newest mail that he got."""

    from_: Word = Field(alias="from", description=_FROM)
    to: Word = Field("last-to-me", description="last-to-me, or somebody else, whose newest mail is answered")
    body: str = Field("", description="what stands above the quote")
    attach: OneOrMore = Field([], description="names of files, made as for mail")
    charset: Charset = Field("utf-8", description="of its text, such as gb18030")
    authentication: Verdict = Field("pass", description=_VERDICT)


CaseName = Annotated[Word, Field(description="last or first: by when it was opened; or a case number")]


class CallStep(Shape):
    """A telephone call, logged by hand."""

    case: CaseName = "last"
    from_: Word = Field(alias="from", description="who logs it, as in mail")
    text: Word = Field(description="what was said")


class ExpectStep(Shape):
    """What should have gone out."""

    to: Word | None = Field(None, description="to whom: an address, or the name of a colleague")
    template: Word | None = Field(None, description="from which template")
    subject_contains: Word | None = Field(None, description="what stands in its subject")
    text_contains: Word | None = Field(None, description="what stands in its text")
    count: Annotated[int, Field(ge=0)] | None = Field(
        None, description="exactly how many; at least one if not named; 0: none"
    )
    by: TimeOrSpanText | None = Field(None, description="until when the story goes on, a time or a span")

    @model_validator(mode="after")
    def _of_something(self) -> "ExpectStep":
        return _named(self, {"by"})


class DeadlineExpectation(Shape):
    """How a deadline should stand."""

    name: Word = Field(description="which deadline of the playbook; its newest run counts")
    state: DeadlineStanding | None = Field(None, description="how it stands")
    due: TimeText | None = Field(None, description="when it is due, to the minute")


class ExpectCaseStep(Shape):
    """How a case should stand."""

    case: CaseName = "last"
    kind: Word | None = Field(None, description="its kind")
    stage: Word | None = Field(None, description="its stage")
    owner: Word | None = Field(None, description="its owner: an address, or the name of a colleague")
    deadline: DeadlineExpectation | None = Field(None, description="how one of its deadlines stands")

    @model_validator(mode="after")
    def _of_something(self) -> "ExpectCaseStep":
        return _named(self, {"case"})


class StepEntry(Shape):
    """One step: one key."""

    mail: MailStep | None = Field(None, description="somebody writes a mail")
    reply: ReplyStep | None = Field(None, description="somebody answers the newest mail that he got")
    call: CallStep | None = Field(None, description="a telephone call is logged")
    wait: SpanText | None = Field(None, description="time goes by, such as 2 working days")
    until: TimeText | None = Field(None, description="time goes by, until then")
    expect: ExpectStep | None = Field(None, description="what should have gone out")
    expect_case: ExpectCaseStep | None = Field(None, description="how a case should stand")

    @model_validator(mode="after")
    def _one(self) -> "StepEntry":
        if len(self.model_fields_set) != 1:
            hint = f"write one of {', '.join(type(self).model_fields)}; each step begins with a dash"
            raise PydanticCustomError("one_step", "a step is one thing", {"hint": hint})
        return self


class ScenarioFile(Shape):
    """A scenario."""

    title: Word | None = Field(None, description="what it shows")
    start: TimeText = Field(description="when it begins")
    people: PeopleFile | None = Field(
        None, description="instead of people.yaml, in the same form; if not named, people.yaml holds"
    )
    seed: int = Field(1, description="of the ids that maild makes: the same seed gives the same journal")
    steps: Annotated[list[StepEntry], Field(min_length=1)] = Field(description="what happens, in this order")


SCENARIO_SCHEMA: dict[str, Any] = ScenarioFile.model_json_schema()
