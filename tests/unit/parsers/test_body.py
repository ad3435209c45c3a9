"""Which part is the body, and what it says."""

import hashlib

import pytest

from tests.unit.parsers.mails import read

ALTERNATIVE = "--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>page</p>\n--b--\n"


def _parts(*parts: str, kind: str = "mixed") -> tuple[str, str]:
    return f"Content-Type: multipart/{kind}; boundary=b", "".join(
        f"--b\n{part}\n" for part in parts
    ) + "--b--\n"


PLAIN = "Content-Type: text/plain\n\nplain"
PAGE = "Content-Type: text/html\n\n<p>page</p>"
PICTURE = "Content-Type: image/png; name=a.png\nContent-ID: <pic>\nContent-Transfer-Encoding: base64\n\nQUJD"


@pytest.mark.parametrize(
    ("kind", "parts", "text", "html", "attached"),
    [
        pytest.param("alternative", [PLAIN, PAGE], "plain", "<p>page</p>", [], id="alternative"),
        pytest.param("alternative", [PAGE], "page", "<p>page</p>", [], id="only a page"),
        pytest.param("alternative", [PLAIN], "plain", "", [], id="only plain"),
        pytest.param(
            "alternative",
            [PLAIN, "Content-Type: text/enriched\n\n<bold>x</bold>"],
            "plain",
            "",
            [],
            id="enriched",
        ),
        pytest.param("mixed", [PLAIN, PICTURE], "plain", "", ["a.png"], id="attachment"),
        pytest.param("mixed", [PLAIN, PAGE], "plain\npage", "<p>page</p>", [], id="text and page in a row"),
        pytest.param(
            "mixed",
            [PLAIN, "Content-Type: text/plain; name=log.txt\n\nlog"],
            "plain",
            "",
            ["log.txt"],
            id="a text with a name",
        ),
        pytest.param(
            "mixed",
            ["Content-Type: text/plain\nContent-Disposition: attachment\n\nx"],
            "",
            "",
            [""],
            id="attached text without a name",
        ),
        pytest.param(
            "mixed",
            ["Content-Type: text/html\nContent-Disposition: =?x?\n\n<p>a</p>"],
            "a",
            "<p>a</p>",
            [],
            id="odd",
        ),
        pytest.param(
            "alternative",
            [f"Content-Type: multipart/mixed; boundary=i\n\n--i\n{PLAIN}\n--i\n{PAGE}\n--i--"],
            "plain",
            "<p>page</p>",
            [],
            id="mixed inside alternative",
        ),
        pytest.param(
            "alternative",
            [
                PLAIN,
                "Content-Type: multipart/related; boundary=i\n\n--i\n"
                + PAGE
                + "\n--i\n"
                + PICTURE
                + "\n--i--",
            ],
            "plain",
            "<p>page</p>",
            ["a.png"],
            id="related inside alternative",
        ),
    ],
)
def test_body_and_attachments(kind: str, parts: list[str], text: str, html: str, attached: list[str]) -> None:
    message = read(*_parts(*parts, kind=kind))
    assert (message.text, message.html) == (text, html)
    assert [each.filename for each in message.attachments] == attached


def test_a_picture_shown_in_the_page_is_inline() -> None:
    page = 'Content-Type: text/html\n\n<img src="cid:pic">'
    (shown,) = read(*_parts(page, PICTURE)).attachments
    (loose,) = read(*_parts(PAGE, PICTURE)).attachments
    assert (shown.inline, loose.inline) == (True, False)
    assert (shown.content, shown.size_bytes) == (b"ABC", 3)
    assert shown.sha256 == hashlib.sha256(b"ABC").hexdigest()


def test_what_is_attached_to_an_attached_mail_is_listed() -> None:
    inner = (
        "Content-Type: message/rfc822; name=inner.eml\n\nSubject: i\nContent-Type: multipart/mixed;"
        " boundary=j\n\n"
    )
    message = read(*_parts(PLAIN, f"{inner}--j\n{PLAIN}\n--j\n{PICTURE}\n--j--"))
    assert [each.filename for each in message.attachments] == ["inner.eml", "a.png"]
    assert message.attachments[0].content.startswith(b"Subject: i\n")


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    message = read("", "See:\nbegin 644 a.txt\n#86)C\n`\nend\nbegin the day\n")
    assert "begin 644" not in message.text
    assert [(each.filename, each.content) for each in message.attachments] == [("a.txt", b"abc")]
    assert read("", "begin the day\n").text == "begin the day\n"


def test_a_page_may_name_its_charset_itself() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>镕'.encode("gb18030")
    assert read("Content-Type: text/html", page).text == "镕"


def test_flowed_text_and_a_byte_order_mark() -> None:
    assert read("Content-Type: text/plain; format=flowed", "\ufeffa \nb\r\nc").text == "a b\nc"


def test_the_text_of_attached_messages_is_there_to_be_searched() -> None:
    innermost = "Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?=E8=AE=A2=E5=8D=95?=\n\ndeep"
    inner = (
        "Content-Type: message/rfc822\n\nSubject: Order\nContent-Type: multipart/mixed; boundary=i\n\n"
        f"--i\n\nplease\n--i\n{innermost}\n--i--\n"
    )
    found = read(*_parts(PLAIN, inner))
    assert found.text == "plain"
    assert found.attached_text == "Order\nplease\n订单\ndeep"
