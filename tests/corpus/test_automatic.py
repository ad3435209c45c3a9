"""Out-of-office mail in each mailer's style is a machine's, mail about being out of office a person's.

Only what is taken for a machine's stays without an answer, whatever the playbook says.
"""

from pathlib import Path

import pytest

from maild.model.mail import AutomaticKind
from maild.parsers import message

MAIL = Path(__file__).parent / "mail"
REPLIES = sorted(MAIL.glob("auto-reply-*.eml"))
PEOPLE = sorted(MAIL.glob("person-*.eml"))


def test_there_are_ten_and_more_of_each() -> None:
    assert min(len(REPLIES), len(PEOPLE)) >= 10


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_an_automatic_reply_is_a_machine_s(path: Path) -> None:
    automatic = message.read(path.read_bytes()).automatic
    assert automatic.kind is AutomaticKind.AUTO_REPLY
    assert automatic.is_automatic


@pytest.mark.parametrize("path", PEOPLE, ids=lambda path: path.stem)
def test_talk_of_holidays_is_a_person_s(path: Path) -> None:
    assert message.read(path.read_bytes()).automatic.kind is AutomaticKind.NONE
