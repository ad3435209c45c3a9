"""The demo's letters are what they pretend to be: as the reader of maild sees them."""

from datetime import UTC, datetime

import pytest

from maild.demo.cast import DAEMON, SUN, US
from maild.demo.letters import Answered, Heading
from maild.demo.scenario import SCENARIO, Letter
from maild.model.mail import AutomaticKind, Message
from maild.parsers.message import read

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OURS = Answered(
    message_id="<ours@example.com>",
    references="<first@lantian.example>",
    subject="[C-2026-00001] 已收到您的来信：询问",
    case_number="C-2026-00001",
    header="From: kefu@example.com\nMessage-ID: <ours@example.com>\nSubject: [C-2026-00001] received",
)
LETTERS = {letter.key: letter for letter in SCENARIO}


def written(letter: Letter) -> tuple[bytes, Message]:
    subject = letter.subject.format(subject=OURS.subject, number=OURS.case_number)
    heading = Heading(author=letter.author, subject=subject, message_id=letter.message_id, at=NOW)
    raw = letter.write(heading, OURS)
    return raw, read(raw)


@pytest.mark.parametrize("letter", SCENARIO, ids=lambda letter: letter.key)
def test_every_letter_is_read_as_it_was_meant(letter: Letter) -> None:
    raw, message = written(letter)
    assert message.author is not None
    assert (message.author.name, message.author.address) == (letter.author.name, letter.author.address)
    assert message.subject == letter.subject.format(subject=OURS.subject, number=OURS.case_number)
    assert message.message_id == (letter.message_id or None)
    assert [one.address for one in message.to] == [US.address]
    assert message.date == NOW
    assert message.text.strip()
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("letter", [one for one in SCENARIO if one.language], ids=lambda letter: letter.key)
def test_the_language_can_be_told(letter: Letter) -> None:
    assert written(letter)[1].language == letter.language


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        pytest.param("away", AutomaticKind.AUTO_REPLY, id="out of office"),
        pytest.param("weekly", AutomaticKind.LIST, id="newsletter"),
        pytest.param("undelivered", AutomaticKind.BOUNCE, id="delivery report"),
        pytest.param("detail", AutomaticKind.NONE, id="a person's answer"),
    ],
)
def test_machines_are_known_as_machines(key: str, kind: AutomaticKind) -> None:
    assert written(LETTERS[key])[1].automatic.kind is kind


def test_two_letters_are_in_gb18030_in_two_ways() -> None:
    raw, _ = written(LETTERS["complaint"])
    assert "投诉：三月批次".encode("gb18030") in raw
    raw, message = written(LETTERS["contract"])
    assert raw.isascii()
    assert b"=?gb18030?b?" in raw
    assert [one.filename for one in message.attachments] == ["采购合同（盖章扫描件）.pdf"]


def test_answers_keep_the_thread() -> None:
    _, message = written(LETTERS["detail"])
    assert message.in_reply_to == ("ours@example.com",)
    assert message.references == ("first@lantian.example", "ours@example.com")
    assert written(LETTERS["stem"])[1].references == ()


def test_the_report_names_our_mail_and_its_recipient() -> None:
    _, message = written(LETTERS["undelivered"])
    assert message.reported_id == "ours@example.com"
    assert [(one.recipient, one.action, one.status) for one in message.delivery_report] == [
        (SUN.address, "failed", "5.1.1")
    ]
    assert message.author is not None
    assert message.author.address == DAEMON.address
