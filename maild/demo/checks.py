"""After the scenario: did each correspondent get what he should and no more, and has the archive all of it?

The mailboxes are read with a separate IMAP client; what they should hold follows from the scenario alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maild.app.queries import count_archive, list_cases, search_messages, show_case
from maild.demo.cast import (
    ALIASES,
    BROWN,
    CHEN,
    DAEMON,
    LI,
    NEWS,
    SMITH,
    SUN,
    US,
    WANG,
    YOU,
    ZHANG,
    ZHAO,
    Person,
)
from maild.demo.mailboxes import Received, read_mailbox
from maild.demo.play import Stage
from maild.demo.scenario import SCENARIO, Letter
from maild.model.archive import CaseMessage
from maild.model.case import Case, JoinReason
from maild.model.people import SHELL

_ANY_NUMBER = 1_000
_LANGUAGES = {"zh": "Chinese", "en": "English"}
_SEARCHES = (("投诉", LI), ("划痕 停工", LI), ("filename:合同", ZHANG), ('"lead time"', SMITH))
_ANSWERED = tuple(letter for letter in SCENARIO if letter.language)
_UNREACHABLE = (SUN, ZHAO)

Numbers = Mapping[str, str]
"""The case number of each contact, by address."""

_Joined = tuple[str, CaseMessage]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that should be so, and how it is."""

    what: str
    expected: str
    got: str

    @property
    def ok(self) -> bool:
        """True when it is as it should be."""
        return self.expected == self.got


def check_all(stage: Stage) -> tuple[Check, ...]:
    """Every check, in the order to be shown. Blocks; the servers must be up."""
    cases = list_cases(stage.context, SHELL, kind=None, stage=None, limit=_ANY_NUMBER)
    numbers = {case.contact.address: case.number for case in cases}
    joined = [
        (case.number, one) for case in cases for one in show_case(stage.context, SHELL, case.number).messages
    ]
    return (
        *(
            _mailbox(stage, numbers, person)
            for person in (WANG, LI, ZHANG, SMITH, BROWN, CHEN, NEWS, DAEMON, YOU)
        ),
        *(_letter(letter, numbers, joined) for letter in SCENARIO),
        *(_trouble(case) for case in sorted(cases, key=lambda case: case.number)),
        _archive(stage, len(cases)),
        *(_search(stage, query, numbers.get(person.address, "a case")) for query, person in _SEARCHES),
    )


def _mailbox(stage: Stage, numbers: Numbers, person: Person) -> Check:
    """All mail in one account against the acknowledgements that its letters should have brought."""
    aliases = [alias for alias, account in ALIASES.items() if account == person.address]
    letters = [letter for letter in _ANSWERED if letter.author.address in {person.address, *aliases}]
    expected = [_expected_mail(letter, numbers) for letter in letters]
    got = [_found_mail(mail) for mail in read_mailbox(stage.imap_port, person.address)]
    what = "".join(f", which takes mail for {alias}" for alias in aliases)
    return Check(what=f"mailbox of {person.address}{what}", expected=_listed(expected), got=_listed(got))


def _expected_mail(letter: Letter, numbers: Numbers) -> str:
    number = numbers.get(letter.author.address, "a case number")
    answers = f"<{letter.message_id}>" if letter.message_id else ""
    return _mail(f"[{number}]", letter.language, answers, "auto-replied") + f", on {letter.subject}"


def _found_mail(mail: Received) -> str:
    described = _mail(f"[{mail.case_number}]", mail.language, mail.in_reply_to, mail.auto_submitted)
    subject = next(
        (letter.subject for letter in SCENARIO if mail.subject.endswith(letter.subject)), mail.subject
    )
    author = "" if US.address in mail.author else f", from {mail.author}"
    return f"{described}, on {subject}{author}"


def _mail(number: str, language: str, answers: str, auto_submitted: str) -> str:
    return (
        f"{number} in {_LANGUAGES.get(language, 'two languages')}, "
        f"{f'answers {answers}' if answers else 'names no message'}, {auto_submitted or 'as if by a person'}"
    )


def _listed(mails: list[str]) -> str:
    return "\n".join(mails) or "nothing"


def _letter(letter: Letter, numbers: Numbers, joined: Sequence[_Joined]) -> Check:
    """One letter against the case that it should be in, once, and what should have led it there."""
    contact = SUN if letter.author is DAEMON else letter.author
    expected = _ways(letter.join, numbers.get(contact.address, "a case")) if letter.join else "no case"
    got = [
        _ways(one.join, number)
        for number, one in joined
        if one.message.author
        and one.message.author.address == letter.author.address
        and letter.message_id in {one.message.message_id, ""}
    ]
    return Check(
        what=f"{letter.author.name}: {letter.subject.format(subject='…', number='…')}",
        expected=expected,
        got=", ".join(got) or "no case",
    )


def _ways(join: JoinReason, number: str) -> str:
    return f"opened {number}" if join is JoinReason.OPENED else f"joined {number} by {join}"


def _trouble(case: Case) -> Check:
    """What a case shows of its mail: trouble where nobody can be reached, none elsewhere."""
    unreachable = case.contact.address in {person.address for person in _UNREACHABLE}
    refused = f"{case.contact.address}: refused" in case.trouble and "5.1.1" in case.trouble
    got = "refused, 5.1.1" if refused else case.trouble or "none"
    return Check(
        what=f"trouble with mail to {case.contact.address}",
        expected="refused, 5.1.1" if unreachable else "none",
        got=got,
    )


def _archive(stage: Stage, cases: int) -> Check:
    """Each letter and each acknowledgement once, and nothing on the server that is not here."""
    counts = count_archive(stage.context, SHELL)
    acknowledgements = len(_ANSWERED)
    on_server = len(read_mailbox(stage.imap_port, US.address))
    return Check(
        what="archive",
        expected=_amounts(len(SCENARIO), len(SCENARIO), len(SCENARIO) + acknowledgements, acknowledgements),
        got=_amounts(on_server, counts.deliveries, counts.messages, cases),
    )


def _amounts(on_server: int, deliveries: int, messages: int, cases: int) -> str:
    return f"{on_server} on the server, {deliveries} fetched, {messages} messages in {cases} cases"


def _search(stage: Stage, query: str, number: str) -> Check:
    """A search against the one case whose messages it should find."""
    found = search_messages(stage.context, SHELL, query, limit=_ANY_NUMBER)
    got = sorted({one.hit.case_number or "no case" for one in found})
    return Check(
        what=f"search {query}",
        expected=f"messages of {number}",
        got=f"messages of {', '.join(got)}" if got else "nothing",
    )
