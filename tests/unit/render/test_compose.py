"""The whole message: read back by the standard library, byte for byte the same each time."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import RenderError
from maild.model.mail import Address, Attachment, MessageId
from maild.model.rendering import RenderedText
from maild.render.compose import AutoSubmitted, Heading, compose

RENDERED = RenderedText(
    template="note",
    template_version="1",
    language="zh",
    subject="[KF-2026-00042] 已收到您的来信：轴承异响",
    text="尊敬的王强：\n\n.点在行首\nFrom 行首\n" + "长" * 2000 + "\n",
    html="<!DOCTYPE html>\n<html><body><p>尊敬的王强：</p>" + "x" * 2000 + "</body></html>\n",
)
HEADING = Heading(
    from_=Address(name="客户服务中心", address="service@example.test"),
    to=(Address(name="王强", address="wang@example.com"),),
    reply_to="service+k1.token@example.test",
    message_id=MessageId("m1.abc@example.test"),
    in_reply_to=MessageId("parent@example.com"),
    references=(MessageId("root@example.com"),),
    date=datetime(2026, 9, 30, 16, 40, 5, tzinfo=ZoneInfo("Asia/Shanghai")),
    auto_submitted="auto-replied",
)


def read(raw: bytes) -> EmailMessage:
    """As a mail program reads it; without a defect anywhere."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk()] == [[] for _ in message.walk()]
    return message


def test_every_field_reads_back() -> None:
    message = read(compose(RENDERED, HEADING))
    assert [(name, str(value)) for name, value in message.items()][:-1] == [
        ("Date", "Wed, 30 Sep 2026 16:40:05 +0800"),
        ("From", "客户服务中心 <service@example.test>"),
        ("To", "王强 <wang@example.com>"),
        ("Reply-To", "service+k1.token@example.test"),
        ("Subject", "[KF-2026-00042] 已收到您的来信：轴承异响"),
        ("Message-ID", "<m1.abc@example.test>"),
        ("In-Reply-To", "<parent@example.com>"),
        ("References", "<root@example.com> <parent@example.com>"),
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),
        ("MIME-Version", "1.0"),
    ]


def test_both_parts_read_back_plain_first() -> None:
    message = read(compose(RENDERED, HEADING))
    assert message.get_content_type() == "multipart/alternative"
    parts = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content().replace("\r\n", "\n") for part in parts] == [RENDERED.text, RENDERED.html]
    assert [part["MIME-Version"] for part in parts] == [None, None]


def test_pure_ascii_with_crlf_and_short_lines() -> None:
    raw = compose(RENDERED, HEADING)
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_the_same_bytes_for_the_same_input_and_others_for_another_message_id() -> None:
    other = replace(HEADING, message_id=MessageId("m2.abc@example.test"))
    boundaries = {read(compose(RENDERED, each)).get_boundary() for each in (HEADING, HEADING, other)}
    assert compose(RENDERED, HEADING) == compose(RENDERED, HEADING)
    assert len(boundaries) == 2


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        pytest.param("no", {}, id="a person wrote it"),
        pytest.param(
            "auto-generated",
            {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply"},
            id="of our own accord",
        ),
    ],
)
def test_what_keeps_machines_from_answering(kind: AutoSubmitted, fields: dict[str, str]) -> None:
    message = read(compose(RENDERED, replace(HEADING, auto_submitted=kind)))
    names = ("Auto-Submitted", "X-Auto-Response-Suppress")
    assert {name: str(message[name]) for name in names if name in message} == fields


def test_a_mail_that_answers_nothing_has_no_fields_for_it() -> None:
    alone = replace(HEADING, reply_to=None, in_reply_to=None, references=())
    message = read(compose(RENDERED, alone))
    assert not {"Reply-To", "In-Reply-To", "References"} & set(message.keys())


def test_a_parent_whose_id_cannot_be_written_is_left_out() -> None:
    message = read(compose(RENDERED, replace(HEADING, in_reply_to=MessageId("made up > id"))))
    assert "In-Reply-To" not in message
    assert message["References"] == "<root@example.com>"


def test_the_date_shows_the_zone_that_was_given() -> None:
    message = read(compose(RENDERED, replace(HEADING, date=datetime(2026, 9, 30, 8, 40, 5, tzinfo=UTC))))
    assert message["Date"] == "Wed, 30 Sep 2026 08:40:05 +0000"


@given(
    hostile=st.sampled_from(["\r\n", "\n", "\r", "\x00", "\u2028", "\x0b", "\x85"]), place=st.integers(0, 3)
)
def test_nothing_can_put_a_header_in(hostile: str, place: int) -> None:
    bad = f"a{hostile}Bcc: thief@example.test{hostile}{hostile}body"
    names = [bad if place == index else "fine" for index in range(4)]
    heading = replace(
        HEADING,
        from_=Address(name=names[0], address="service@example.test"),
        to=(Address(name=names[1], address="wang@example.com"),),
        in_reply_to=MessageId(names[2]),
    )
    message = read(compose(replace(RENDERED, subject=names[3]), heading))
    assert "Bcc" not in message
    assert len(list(message.iter_parts())) == 2


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        pytest.param(replace(HEADING, date=datetime(2026, 9, 30)), "zone", id="no zone"),  # noqa: DTZ001 -- the mistake
        pytest.param(replace(HEADING, to=()), "no recipient", id="nobody"),
        pytest.param(replace(HEADING, message_id=MessageId("a\r\nb")), "no Message-ID", id="Message-ID"),
        pytest.param(replace(HEADING, reply_to="a\r\nBcc: b@x"), "is not an address", id="Reply-To"),
        pytest.param(replace(HEADING, from_=Address(address="a,b@x")), "is not an address", id="From"),
    ],
)
def test_what_cannot_be_written_is_an_error(heading: Heading, said: str) -> None:
    with pytest.raises(RenderError, match=said):
        compose(RENDERED, heading)


def attached(
    content_type: str = "application/pdf", filename: str = "报价.pdf", content: bytes = b"x"
) -> Attachment:
    return Attachment(
        content_type=content_type,
        filename=filename,
        content=content,
        size_bytes=len(content),
        sha256="",
        inline=False,
    )


@pytest.mark.parametrize(
    ("given", "content_type", "filename"),
    [
        pytest.param(attached(), "application/pdf", "报价.pdf", id="as it is"),
        pytest.param(attached("text/csv", "a.csv"), "text/csv", "a.csv", id="text"),
        pytest.param(
            attached("message/rfc822", "a.eml"), "application/octet-stream", "a.eml", id="a message"
        ),
        pytest.param(attached("multipart/mixed"), "application/octet-stream", "报价.pdf", id="parts"),
        pytest.param(attached("nonsense"), "application/octet-stream", "报价.pdf", id="no type"),
        pytest.param(attached("a/b; c=d"), "application/octet-stream", "报价.pdf", id="more than a type"),
        pytest.param(attached(filename=""), "application/pdf", None, id="no name"),
        pytest.param(
            attached(filename="a\r\nBcc: b@x"), "application/pdf", "a Bcc: b@x", id="a header in it"
        ),
        pytest.param(attached(filename='"a";\\b'), "application/pdf", '"a";\\b', id="quotes"),
        pytest.param(attached(filename="长" * 300), "application/pdf", "长" * 300, id="a long name"),
    ],
)
def test_an_attachment_reads_back(given: Attachment, content_type: str, filename: str | None) -> None:
    message = read(compose(RENDERED, HEADING, (given,)))
    assert message.get_content_type() == "multipart/mixed"
    (file,) = message.iter_attachments()
    assert (file.get_content_type(), file.get_filename(), file.get_content_disposition()) == (
        content_type,
        filename,
        "attachment",
    )
    assert file.get_payload(decode=True) == b"x"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == RENDERED.text


@given(
    st.lists(
        st.builds(
            attached,
            st.sampled_from(["application/pdf", "text/plain", "message/rfc822", "image/svg+xml", ""]),
            st.text(max_size=80),
            st.binary(max_size=300),
        ),
        max_size=4,
    )
)
def test_whatever_is_attached_is_ascii_in_short_lines_and_the_same_each_time(files: list[Attachment]) -> None:
    raw = compose(RENDERED, HEADING, files)
    assert raw == compose(RENDERED, HEADING, files)
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    found = [each.get_payload(decode=True) for each in read(raw).iter_attachments()] if files else []
    assert found == [each.content for each in files]
