"""How much is asked for at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.imap.batches import UIDS_PER_ANSWER, batches, chunks, uid_ranges
from maild.model.intake import Uid


def uids(*numbers: int) -> list[Uid]:
    return [Uid(number) for number in numbers]


@pytest.mark.parametrize(
    ("given_uids", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param(uids(5), [[5]], id="one"),
        pytest.param(uids(5, 3, 9), [[5, 3], [9]], id="order kept"),
    ],
)
def test_chunks(given_uids: list[Uid], expected: list[list[int]]) -> None:
    assert list(chunks(given_uids, 2)) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({1: 10, 2: 0, 3: 0}, [[1, 2, 3]], id="exactly full"),
        pytest.param({1: 6, 2: 5, 3: 5}, [[1], [2, 3]], id="one too many"),
        pytest.param({1: 3, 2: 900, 3: 3}, [[1], [2], [3]], id="a large one comes alone"),
        pytest.param({1: 900}, [[1]], id="only a large one"),
    ],
)
def test_batches(sizes: dict[Uid, int], expected: list[list[int]]) -> None:
    assert list(batches(sizes, 10)) == expected


@given(st.dictionaries(st.integers(1).map(Uid), st.integers(0, 30)), st.integers(1, 40))
def test_batches_lose_nothing_and_stay_small(sizes: dict[Uid, int], limit_bytes: int) -> None:
    made = list(batches(sizes, limit_bytes))
    assert [uid for batch in made for uid in batch] == list(sizes)
    assert all(sum(sizes[uid] for uid in batch) <= limit_bytes or len(batch) == 1 for batch in made)


@pytest.mark.parametrize(
    ("first", "uidnext", "message_count", "expected"),
    [
        pytest.param(1, 1, 0, ["1:*"], id="empty"),
        pytest.param(1, 0, 500_000, ["1:*"], id="uidnext not told"),
        pytest.param(7, 900_000, UIDS_PER_ANSWER, ["7:*"], id="all fit in one answer"),
        pytest.param(
            1, 200_001, 200_000, ["1:80000", "80001:160000", "160001:*"], id="more than one answer holds"
        ),
        pytest.param(199_990, 200_001, 200_000, ["199990:*"], id="few new ones in a large folder"),
    ],
)
def test_uid_ranges(first: int, uidnext: int, message_count: int, expected: list[str]) -> None:
    assert list(uid_ranges(first, uidnext, message_count)) == expected
