"""Who is meant by what a scenario says: an address, `Name <address>`, or the name of a colleague."""

from collections.abc import Iterable, Iterator

from maild.errors import ConfigError, Problem
from maild.mistakes import in_order, nearest
from maild.model.mail import Address
from maild.model.people import MailboxProfile, Staff
from maild.model.rehearsal import (
    AnswerMail,
    ExpectCase,
    ExpectMail,
    MakeCall,
    PassTime,
    Scenario,
    Step,
    WriteMail,
)
from maild.rehearsal.letters import address_of


class Cast:
    """The colleagues by name, and our mailboxes."""

    def __init__(self, staff: Staff, mailboxes: Iterable[MailboxProfile]) -> None:
        self._colleagues = {person.name: person for person in staff.people}
        self._mailboxes = tuple(mailboxes)

    def who(self, text: str) -> Address:
        """Whom `text` means; the name is that of people.yaml where it has the address. Raises: KeyError."""
        meant = address_of(text)
        if meant.address:
            return meant
        colleague = self._colleagues[meant.name]
        return Address(name=colleague.name, address=colleague.address)

    @property
    def desk(self) -> MailboxProfile:
        """The first mailbox."""
        return self._mailboxes[0]

    def is_ours(self, address: str) -> bool:
        """True for an address of one of our mailboxes."""
        return any(address.casefold() in mailbox.keys for mailbox in self._mailboxes)

    def check(self, scenario: Scenario) -> None:
        """Nothing, when everybody in the scenario is known. Raises: ConfigError, naming those who are not."""
        named = ((step, text) for step in scenario.steps for text in _named_in(step))
        problems = [problem for step, text in named for problem in self._wrong(step, text)]
        if problems:
            raise ConfigError(in_order(problems))

    def _wrong(self, step: Step, text: str) -> Iterator[Problem]:
        try:
            self.who(text)
        except KeyError:
            hint = nearest(text, self._colleagues) or "write an address, or name him in people.yaml"
            yield problem_in(step, f"nobody is called {text!r}", hint)


def problem_in(step: Step, what: str, hint: str = "") -> Problem:
    """A problem at the place of a step."""
    file, line, column = step.place.rsplit(":", 2)
    return Problem(file=file, line=int(line), column=int(column), what=what, hint=hint)


def _named_in(step: Step) -> tuple[str, ...]:
    """Everybody whom a step names."""
    match step:
        case WriteMail():
            named = (step.from_, *step.to, *step.cc)
        case AnswerMail():
            named = (step.from_, step.got_by)
        case MakeCall():
            named = (step.from_,)
        case ExpectMail():
            named = (step.to,)
        case ExpectCase():
            named = (step.owner,)
        case PassTime():
            named = ()
    return tuple(each for each in named if each)
