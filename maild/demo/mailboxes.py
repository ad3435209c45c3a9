"""Mail as the cast has it: read with an IMAP client of its own and the standard library's parser.

Nothing of maild is asked, so that what is found here is what a correspondent would find.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from imapclient import IMAPClient

from maild.demo.accounts import HOST
from maild.demo.cast import PASSWORD, US
from maild.demo.letters import Answered

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")
_NUMBER = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What of a mail is looked at: ids with brackets, `case_number` as the subject has it in brackets."""

    author: str
    subject: str
    case_number: str
    language: str
    message_id: str
    in_reply_to: str
    references: str
    auto_submitted: str
    header: str

    def answered(self) -> Answered:
        """What an answer to it refers to."""
        return Answered(
            message_id=self.message_id,
            references=self.references,
            subject=self.subject,
            case_number=self.case_number,
            header=self.header,
        )


def read_mailbox(port: int, address: str) -> tuple[Received, ...]:
    """Every mail in the INBOX of that account, oldest first. Blocks."""
    with IMAPClient(HOST, port, ssl=False, timeout=10) as client:
        client.login(address, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        rows = client.fetch(client.search(), ["BODY.PEEK[]"])
        return tuple(_received(row[b"BODY[]"]) for _, row in sorted(rows.items()))


def mail_from_us(port: int, address: str) -> tuple[Received, ...]:
    """The mails that our mailbox sent to that account, oldest first. Blocks."""
    return tuple(mail for mail in read_mailbox(port, address) if US.address in mail.author)


def _received(raw: bytes) -> Received:
    message = message_from_bytes(raw, _class=EmailMessage, policy=default)
    subject = str(message["Subject"] or "")
    number = _NUMBER.search(subject)
    return Received(
        author=str(message["From"] or ""),
        subject=subject,
        case_number=number.group(1) if number else "",
        language=_language(message),
        message_id=str(message["Message-ID"] or ""),
        in_reply_to=str(message["In-Reply-To"] or ""),
        references=" ".join(str(message["References"] or "").split()),
        auto_submitted=str(message["Auto-Submitted"] or ""),
        header=raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("ascii", "replace"),
    )


def _language(message: EmailMessage) -> str:
    """zh or en, by which letters are more; only if the mail says the same in text and in HTML."""
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    texts = [part.get_content() for part in parts if part is not None]
    languages = {"zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "en" for text in texts}
    return languages.pop() if len(texts) == len(parts) and len(languages) == 1 else "?"
