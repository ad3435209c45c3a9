"""What a search finds a message by."""

from maild.app.archiving import search_text
from maild.model.archive import SearchText
from maild.parsers.message import read

FORWARDED = (
    b"From: =?utf-8?b?5p2O6Zu3?= <li@customer.example>\r\n"
    b"To: kefu@example.com\r\nCc: <han@customer.example>\r\n"
    b"Subject: see below\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nplease read\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: leaking pump\r\n\r\nit drips\r\n"
    b'--b\r\nContent-Type: application/pdf; name="plan.pdf"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n"
)


def test_people_texts_files_and_what_is_attached() -> None:
    text = search_text(read(FORWARDED))
    assert (text.subject, text.from_text) == (
        "see below",
        "李雷 li@customer.example",
    )
    assert text.to_text == "kefu@example.com, han@customer.example"
    assert "plan.pdf" in text.filenames
    assert "please read" in text.body
    assert "leaking pump" in text.body
    assert "it drips" in text.body


def test_an_empty_message_is_found_by_nothing() -> None:
    assert search_text(read(b"")) == SearchText()
