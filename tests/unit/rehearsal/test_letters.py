"""Mail as people of a story write it: maild reads what they wrote and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from zipfile import ZipFile

import pytest

from maild.model.mail import Address
from maild.parsers.message import read
from maild.rehearsal.files import file_named
from maild.rehearsal.letters import Heading, Letter, address_of, answer_subject, with_quote, written
from maild.rehearsal.post import Post

AT = datetime(2026, 10, 8, 9, 30, tzinfo=timezone(timedelta(hours=8)))
LI = Address(name="李雷, 采购", address="li@customer.example")


HEADING = Heading(author=LI, to=("kefu@example.com",), subject="投诉", message_id="1@x", at=AT)


def _letter(heading: Heading = HEADING) -> Letter:
    made = written(heading, "第一行。\n\n第二行。", "gb18030", ["图 纸.pdf"])
    return Letter(made, AT.astimezone(UTC))


def test_what_is_written_is_read() -> None:
    heading = replace(HEADING, cc=("b@c.example",), headers=(("Auto-Submitted", "auto-replied"),))
    message = read(_letter(heading).raw)
    assert (message.subject, message.message_id, message.new_text) == ("投诉", "1@x", "第一行。\n\n第二行。")
    assert message.author == LI
    assert [each.address for each in (*message.to, *message.cc)] == ["kefu@example.com", "b@c.example"]
    assert message.automatic.is_automatic
    (attached,) = message.attachments
    assert (attached.filename, attached.content_type) == ("图 纸.pdf", "application/pdf")


@pytest.mark.parametrize("body", ["好的，明天到。", "Tomorrow."])
def test_a_quote_is_told_from_what_is_new(body: str) -> None:
    letter = _letter()
    heading = replace(HEADING, subject=answer_subject("投诉"), message_id="2@x", answered=letter)
    answer = Letter(written(heading, with_quote(body, letter, AT), "utf-8", ()), AT)
    message = read(answer.raw)
    assert (message.new_text, message.in_reply_to, message.references) == (body, ("1@x",), ("1@x",))
    assert answer.subject == "Re: 投诉"
    assert answer.references == ("<1@x>", "<2@x>")


def test_an_english_quote() -> None:
    heading = replace(HEADING, author=Address(address="a@b.example"))
    letter = Letter(written(heading, "When?", "utf-8", ()), AT)
    assert with_quote("Now.", letter, AT) == "Now.\n\nOn 2026-10-08 09:30, a@b.example wrote:\n> When?\n"


def test_an_answer_is_marked_once() -> None:
    assert [answer_subject(each) for each in ("x", "RE: x", "回复：x")] == ["Re: x", "RE: x", "回复：x"]


def test_a_header_that_breaks_the_line_is_refused() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        _letter(replace(HEADING, subject="a\nBcc: all@example.com"))


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("李雷 <li@customer.example>", "李雷", "li@customer.example"),
        ("li@customer.example", "", "li@customer.example"),
        (" 王芳 ", "王芳", ""),
    ],
)
def test_who_is_meant(text: str, name: str, address: str) -> None:
    assert address_of(text) == Address(name=name, address=address)


def test_a_letter_without_text_has_none() -> None:
    assert Letter(b"Subject: x\nContent-Type: text/html\n\n<p>x</p>", AT).text == ""


@pytest.mark.parametrize(
    ("name", "kind", "start"),
    [
        ("a.pdf", "application/pdf", b"%PDF-"),
        ("照片.PNG", "image/png", b"\x89PNG"),
        ("a.txt", "text/plain", b"a.txt"),
        ("a", "application/octet-stream", b"a"),
    ],
)
def test_files_are_of_the_type_that_they_say(name: str, kind: str, start: bytes) -> None:
    made = file_named(name)
    assert f"{made.main}/{made.sub}" == kind
    assert made.content.startswith(start)


def test_a_word_file_can_be_opened() -> None:
    with ZipFile(BytesIO(file_named("需求<1>.docx").content)) as archive:
        assert "需求&lt;1>" in archive.read("word/document.xml").decode()


def test_the_post_knows_who_wrote_and_who_got() -> None:
    post, first, second = Post(), _letter(), _letter(replace(HEADING, message_id="2@x"))
    post.add(first, by="a", to=["b"])
    post.add(second, by="b", to=["a", "c"])
    assert [post.newest_got_by(each) for each in "abcd"] == [second, first, second, None]
    names = ("first", "last", "<1@x>", "9@x")
    assert [post.named(name, "a") for name in names] == [first, second, first, None]
    assert post.named("last", "d") is None
