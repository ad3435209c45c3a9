"""Small mails for the tests of the parsers."""

from maild.model.mail import Message
from maild.parsers import message


def mail(headers: str = "", body: bytes | str = "text\n") -> bytes:
    """A mail with these header lines besides From, and that body."""
    content = body.encode() if isinstance(body, str) else body
    return f"From: Li <li@customer.example>\n{headers}\n\n".replace("\n\n\n", "\n\n").encode() + content


def read(headers: str = "", body: bytes | str = "text\n") -> Message:
    """That mail, read."""
    return message.read(mail(headers, body))


def report(*blocks: str, prose: str = "It failed.\n", rest: str = "") -> Message:
    """A delivery report with these groups of fields."""
    status = "\n\n".join(("Reporting-MTA: dns; mail.company.example", *blocks))
    body = f"--r\n\n{prose}\n--r\nContent-Type: message/delivery-status\n\n{status}\n\n{rest}--r--\n"
    return read("Content-Type: multipart/report; report-type=delivery-status; boundary=r", body)


def bounce(prose: str, headers: str = "") -> Message:
    """A report in prose from a mail system."""
    fields = f"From: MAILER-DAEMON@relay.example\nTo: us@company.example\nSubject: failure notice\n{headers}"
    return message.read(f"{fields}\n{prose}".encode())
