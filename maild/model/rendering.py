"""What a template is filled with, and what comes out. docs/templates.md has a row for each variable."""

from dataclasses import dataclass


class Lines(str):
    """A value of several lines, which stay lines in the mail; any other value goes on one."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailValues:
    """The variables of every mail template, by their names; all are text as a person reads it.

    `contact_name` is empty when we do not know it. `received_at` is local time, already in words. What the
    mail is not about is empty: `text` is what a colleague wrote for the contact, `mistake` why it could not
    go out, `message_...` the message that a colleague is told of, `deadline_...` the promise that he is
    reminded of. `plan` has a line for each step.
    """

    company_name: str
    mailbox_name: str
    mailbox_address: str
    contact_name: str
    case_number: str
    case_subject: str
    received_at: str
    text: str = ""
    mistake: str = ""
    message_from: str = ""
    message_subject: str = ""
    message_text: str = ""
    plan: str = ""
    deadline_title: str = ""
    deadline_due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedText:
    """A filled-in template: the subject on one line, and the same text as plain text and as HTML."""

    template: str
    template_version: str
    language: str  # of the variant that was used, which may not be the one asked for
    subject: str
    text: str
    html: str
