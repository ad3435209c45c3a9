"""The one tree of errors.

    MaildError
    ├── ConfigError            a file that an admin edits is wrong            exit 2
    ├── UsageError             a command was called wrongly                   exit 2
    ├── TemporaryError         the same call may succeed later: retry
    │   ├── ConnectionLost     a server could not be reached, or went away
    │   └── StoreBusy          the database asked to run the transaction again
    └── PermanentError         the same call will fail again: tell a person
        ├── LoginRefused       wrong user or password
        ├── CertificateRefused the server's certificate is not trusted
        ├── ProtocolError      a server answered against its RFC
        ├── RenderError        a template cannot be filled in
        ├── NeverOpen          a calendar has no working day where one is needed
        └── NotFound           no such case, message, mailbox

An adapter translates its library's errors at its border (`raise X from exc`); whether something is
retried is decided by Temporary or Permanent alone. Bad mail is never an error: it is a defect.
"""

from dataclasses import dataclass


class MaildError(Exception):
    """The root: every error that maild raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a file: where, what is wrong, what would be right."""

    file: str
    line: int | None = None
    column: int | None = None
    what: str
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.what}" + (f" ({self.hint})" if self.hint else "")


class ConfigError(MaildError):
    """Files under config/ that cannot be used; carries every problem found, not just the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class UsageError(MaildError):
    """A command that was called in a way that cannot work."""


class TemporaryError(MaildError):
    """Worth another try later."""


class ConnectionLost(TemporaryError):
    """A server could not be reached, or the connection ended in the middle."""


class StoreBusy(TemporaryError):
    """The database could not serialise this transaction; running it again is safe."""


class PermanentError(MaildError):
    """Not worth another try until a person changes something."""


class LoginRefused(PermanentError):
    """The server does not accept this user or password."""


class CertificateRefused(PermanentError):
    """The server's certificate is not trusted, expired, or for another name."""


class ProtocolError(PermanentError):
    """A server answered something that its RFC does not allow."""


class RenderError(PermanentError):
    """A template that cannot be filled in."""


class NeverOpen(PermanentError):
    """A calendar that has no working day for so long that nothing can be due by it."""


class NotFound(PermanentError):
    """Nothing by that name."""
