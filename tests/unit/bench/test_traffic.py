"""The generated mail: the same for the same arguments, readable, and of the shape that a help desk sees."""

from collections import Counter
from itertools import pairwise

import pytest

from bench.plan import Kind, plan
from bench.prose import Language
from bench.traffic import Generated, Traffic
from maild.model.mail import AutomaticKind, Message
from maild.parsers.message import read

COUNT = 400


@pytest.fixture(scope="module")
def generated() -> list[Generated]:
    return list(Traffic(count=COUNT))


@pytest.fixture(scope="module")
def messages(generated: list[Generated]) -> list[Message]:
    return [read(made.raw) for made in generated]


def test_the_same_arguments_give_the_same_bytes(generated: list[Generated]) -> None:
    assert [made.raw for made in Traffic(count=COUNT)] == [made.raw for made in generated]


def test_traffic_can_be_gone_through_twice() -> None:
    traffic = Traffic(count=30)
    assert list(traffic) == list(traffic)


def test_another_seed_gives_other_bytes(generated: list[Generated]) -> None:
    other = Traffic(count=COUNT, seed=2)
    assert not {made.raw for made in other} & {made.raw for made in generated}


def test_no_message_comes_twice(messages: list[Message]) -> None:
    assert len({message.message_id for message in messages}) == COUNT
    assert len({message.identity for message in messages}) == COUNT


def test_everything_is_read_without_a_defect(messages: list[Message]) -> None:
    assert [message.defects for message in messages if message.defects] == []
    assert not any("\ufffd" in message.text + message.subject for message in messages)
    assert all(message.text.strip() for message in messages)


def test_machines_are_told_from_people(generated: list[Generated], messages: list[Message]) -> None:
    told = Counter(
        (made.kind, message.automatic.kind) for made, message in zip(generated, messages, strict=True)
    )
    assert told == {
        (Kind.LETTER, AutomaticKind.NONE): 360,
        (Kind.NEWSLETTER, AutomaticKind.LIST): 16,
        (Kind.OUT_OF_OFFICE, AutomaticKind.AUTO_REPLY): 8,
        (Kind.RECEIPT, AutomaticKind.OTHER): 8,
        (Kind.BOUNCE, AutomaticKind.BOUNCE): 8,
    }


def test_bounces_name_who_was_not_reached(messages: list[Message]) -> None:
    bounces = [message for message in messages if message.automatic.kind is AutomaticKind.BOUNCE]
    reports = [report for message in bounces for report in message.delivery_report]
    assert [report.status for report in reports] == ["5.1.1"] * len(bounces)


@pytest.mark.parametrize(
    ("fragment", "at_least"),
    [
        pytest.param(b"charset=gb18030\nContent-Transfer-Encoding: base64", 20, id="gb18030-base64"),
        pytest.param(b"charset=gb18030\nContent-Transfer-Encoding: 8bit", 8, id="gb18030-8bit"),
        pytest.param(b"charset=utf-8\nContent-Transfer-Encoding: base64", 30, id="utf8-base64"),
        pytest.param(b"Content-Transfer-Encoding: quoted-printable", 40, id="quoted-printable"),
        pytest.param(b"multipart/alternative", 60, id="html"),
        pytest.param(b"filename*=UTF-8''", 1, id="chinese-file-name"),
    ],
)
def test_every_way_of_writing_occurs(generated: list[Generated], fragment: bytes, at_least: int) -> None:
    assert sum(fragment in made.raw for made in generated) >= at_least


def test_the_mix_is_that_of_a_help_desk(messages: list[Message]) -> None:
    chinese = sum(message.language == Language.CHINESE for message in messages) / COUNT
    with_files = sum(bool(message.attachments) for message in messages) / COUNT
    mean_bytes = sum(message.size_bytes for message in messages) / COUNT
    assert 0.3 < chinese < 0.5
    assert 0.1 < with_files < 0.2
    assert 40_000 < mean_bytes < 90_000


def test_files_are_of_the_sizes_that_people_send(messages: list[Message]) -> None:
    sizes = [file.size_bytes for message in messages for file in message.attachments]
    assert 20_000 <= min(sizes) < max(sizes) <= 1_000_000


def test_replies_name_their_line_and_a_few_have_lost_it(
    generated: list[Generated], messages: list[Message]
) -> None:
    known = {message.message_id for message in messages}
    letters = [message for made, message in zip(generated, messages, strict=True) if made.kind is Kind.LETTER]
    replies = [message for message in letters if message.subject != message.base_subject]
    lost = [message for message in replies if not message.references and not message.in_reply_to]
    parent_only = [message for message in replies if message.in_reply_to and not message.references]
    assert {each for message in replies for each in message.references} <= known
    assert 0 < len(lost) < 0.1 * len(replies)
    assert 0 < len(parent_only) < 0.15 * len(replies)


def test_some_come_before_what_was_sent_earlier() -> None:
    slots = plan(COUNT, 1)
    swapped = sum(early.at_s > late.at_s for early, late in pairwise(slots))
    assert 0 < swapped < 0.03 * COUNT


@pytest.mark.parametrize("count", [pytest.param(1, id="one"), pytest.param(47, id="few")])
def test_as_many_as_were_asked_for(count: int) -> None:
    assert len(list(Traffic(count=count))) == count
