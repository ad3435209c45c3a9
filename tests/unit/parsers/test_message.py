"""A message from end to end, whatever the bytes."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maild.parsers import bounds, message
from tests.unit.parsers.mails import mail, read

BULK = base64.encodebytes(bytes(range(256)) * 30)


def test_fields() -> None:
    found = read(
        "Message-ID: <1@x>\nDate: Mon, 02 Mar 2026 09:30:00 +0800\nTo: a@b.example\nTo: c@d.example\nCc:"
        " e@f.example\n"
        "Reply-To: r@s.example\nSender: s@t.example\nSubject: Re: Order\nIn-Reply-To: <0@x>\nReferences:"
        " <a@x> <0@x>"
    )
    assert (found.message_id, found.in_reply_to, found.references) == ("1@x", ("0@x",), ("a@x", "0@x"))
    assert found.date == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert [each.address for each in found.to] == ["a@b.example", "c@d.example"]
    assert [each.address for each in (*found.cc, *found.reply_to, *found.sender)] == [
        "e@f.example",
        "r@s.example",
        "s@t.example",
    ]
    assert (found.subject, found.base_subject, found.language) == ("Re: Order", "Order", "en")
    assert found.header("cc") == "e@f.example"
    assert found.defects == ("to: repeated",)


@pytest.mark.parametrize(
    ("headers", "defect"),
    [
        pytest.param("Message-ID: <>", "message-id: names none", id="empty id"),
        pytest.param("Date: yesterday", "date: cannot be read", id="no date"),
        pytest.param("To: nobody", "to: address without a domain", id="address"),
        pytest.param("Content-Type: multipart/mixed", "multipart without a boundary", id="no boundary"),
        pytest.param("Content-Type: text/plain; charset=x-none", "", id="a charset that is not needed"),
    ],
)
def test_defects(headers: str, defect: str) -> None:
    assert defect in (*read(headers).defects, "")


def test_date_of_a_structure_that_mail_parser_cannot_read() -> None:
    found = read(
        "Date: Mon, 02 Mar 2026 09:30:00 +0800\nContent-Type: multipart/mixed; boundary=b", "no delimiter\n"
    )
    assert found.date == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert found.text == "no delimiter\n"


@pytest.mark.parametrize(
    ("headers", "arrived"),
    [
        pytest.param(
            b"Received: from a.example by b.example; Tue, 3 Mar 2026 10:00:00 +0800\n"
            b"Received: by a.example; Mon, 2 Mar 2026 10:00:00 +0800\nDate: Sun, 1 Mar 2026 10:00:00 +0800\n",
            datetime(2026, 3, 3, 2, tzinfo=UTC),
            id="the newest server's",
        ),
        pytest.param(
            b"Received: by b.example; some day\nDate: Sun, 1 Mar 2026 10:00:00 +0800\n",
            datetime(2026, 3, 1, 2, tzinfo=UTC),
            id="a server without a date",
        ),
        pytest.param(
            b"Date: Sun, 1 Mar 2026 10:00:00 +0800\n", datetime(2026, 3, 1, 2, tzinfo=UTC), id="no server"
        ),
        pytest.param(b"Received: \xff\n", None, id="no date at all"),
        pytest.param(b"", None, id="no header"),
    ],
)
def test_arrival(headers: bytes, arrived: datetime | None) -> None:
    assert message.arrived_at(headers + b"\ntext\n") == arrived


def test_copies_that_took_other_routes_are_the_same_message() -> None:
    raw = mail("Message-ID: <1@x>\nSubject: a\n b", "text\n")
    routed = (
        b"Received: by x\nDelivered-To: b@c\nX-Spam-Score: 1\n" + raw.replace(b"\n", b"\r\n") + b"\r\n\r\n"
    )
    assert message.read(raw).identity == message.read(routed).identity
    assert message.read(raw).identity != message.read(raw.replace(b"text", b"other")).identity
    assert message.read(raw).identity != message.read(raw.replace(b"Subject: a", b"Subject: c")).identity


def test_binary_parts_keep_their_bytes() -> None:
    body = (
        b"--b\r\nContent-Type: a/b; name=x\r\nContent-Transfer-Encoding:"
        b" binary\r\n\r\n\x00\r\n\r\x01\r\n--b--\r\n"
    )
    raw = b"From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + body
    (attached,) = message.read(raw).attachments
    assert attached.content == b"\x00\r\n\r\x01"


def test_old_macs_end_lines_with_cr() -> None:
    assert message.read(b"From: a@b.example\rSubject: x\r\rtext\r").text == "text\n"


def test_bounds() -> None:
    long = message.read(b"Subject: x\n\n" + b"a" * bounds.MAX_MESSAGE_BYTES)
    assert "message too long, its end is left out" in long.defects
    many = read("Content-Type: multipart/mixed; boundary=b", "--b\n\nx\n" * (bounds.MAX_PARTS + 5))
    assert "too many parts, the last are left out" in many.defects
    too_many = read("Content-Type: multipart/mixed; boundary=b", "--b\n\nx\n" * 11_000)
    assert "structure too large, its end is left out" in too_many.defects


def _nested(levels: int) -> bytes:
    return b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (level, level + 1)
        for level in range(levels)
    )


@pytest.mark.parametrize(
    ("body", "defect"),
    [
        pytest.param(
            _nested(60), "parts nested too deep, the inner ones are left out", id="beyond the bound"
        ),
        pytest.param(_nested(1_200), "parts nested too deep, read as one text", id="beyond the parser"),
    ],
)
def test_parts_nested_too_deep(body: bytes, defect: str) -> None:
    assert defect in read("Content-Type: multipart/mixed; boundary=b0", body).defects


def test_messages_nested_too_deep() -> None:
    found = message.read(b"Content-Type: message/rfc822\n\n" * 80 + b"x")
    assert "messages nested too deep, the inner ones are left out" in found.defects


def test_a_digest_holds_messages() -> None:
    found = read("Content-Type: multipart/digest; boundary=b", "--b\n\nSubject: i\n\nx\n--b--\n")
    assert [each.content_type for each in found.attachments] == ["message/rfc822"]


def test_a_mail_that_is_nothing_but_an_attached_mail() -> None:
    found = message.read(b"From: a@b.example\nContent-Type: message/rfc822\n\nSubject: inner\n\ntext\n")
    assert [each.content_type for each in found.attachments] == ["message/rfc822"]


PIECES = st.sampled_from(
    [
        *(
            b"\n",
            b"\r\n",
            b"\r",
            b"--b\n",
            b"--b--\n",
            b"--c\n",
            b"text\n",
            b"> quoted\n",
            b" folded\n",
            BULK,
        ),
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"Content-Type: multipart/alternative; boundary=c\n",
        b"Content-Type: text/html; charset=gb2312\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Type: message/delivery-status\n",
        b"Content-Type: \xff;\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: binary\n",
        b"Content-Disposition: attachment; filename*0*=x''%ff\n",
        b"From: MAILER-DAEMON\n",
        b"From: =?gb2312?B?xOO6?= <a@b>\n",
        b"Subject: =?utf-8?Q?=ff?=\n",
        b"Subject: failure\n",
        *(b"Date: x\n", b"To: (((\n", b"Message-ID: <\n", b"Status: 5.1.1\n"),
        b"Final-Recipient: rfc822; a@b\n",
        b"Authentication-Results: x; spf=pass\n",
        b"X-Failed-Recipients: a@b.example\n",
        *(b"\xe4\xbd\xa0\n", b"\x00", b"On 1 May a@b wrote:\n", b"begin 644 a\n", b"From: a@b\nSent: c\n"),
        *(b"<blockquote>", b"\x1b$B-!\n"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14).map(b"".join))
@example(b"Content-Type: multipart/mixed\n\n\n--b\n")
def test_reading_never_raises_and_the_cut_changes_nothing(raw: bytes) -> None:
    whole, cut = message.read(raw, cut=False), message.read(raw)
    assert whole == cut
    assert [each.content for each in whole.attachments] == [each.content for each in cut.attachments]
    cut.text.encode("utf-8")  # no lone surrogate in it


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_reading_never_raises_on_noise(raw: bytes) -> None:
    assert message.read(raw).size_bytes == len(raw)


def test_attachments_are_hashed_as_decoded() -> None:
    raw = mail("Content-Type: a/b; name=x\nContent-Transfer-Encoding: base64", BULK)
    (attached,) = message.read(raw).attachments
    assert attached.sha256 == hashlib.sha256(bytes(range(256)) * 30).hexdigest()
