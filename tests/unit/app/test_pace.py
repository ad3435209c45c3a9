"""How many messages are asked for at once on a line that breaks."""

from maild.app.pace import Pace
from maild.model.intake import Uid

UIDS = [Uid(number) for number in range(1, 8)]


def test_all_at_once_while_the_line_holds() -> None:
    pace = Pace()
    assert not pace.is_slow("INBOX")
    assert list(pace.shares("INBOX", UIDS)) == [UIDS]
    assert list(pace.shares("INBOX", [])) == []


def test_half_as_many_after_each_break_down_to_one() -> None:
    pace = Pace()
    assert [pace.broke("INBOX", 50) for _ in range(7)] == [25, 12, 6, 3, 1, 1, 1]
    assert [len(share) for share in pace.shares("INBOX", UIDS)] == [1] * 7


def test_each_folder_has_its_own_pace_until_it_is_read_to_its_end() -> None:
    pace = Pace()
    pace.broke("INBOX", 10)
    pace.held("Sent")
    assert (pace.is_slow("INBOX"), pace.is_slow("Sent")) == (True, False)
    assert list(pace.shares("INBOX", UIDS)) == [UIDS[:5], UIDS[5:]]
    pace.held("INBOX")
    assert list(pace.shares("INBOX", UIDS)) == [UIDS]
