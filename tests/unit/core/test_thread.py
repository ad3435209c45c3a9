"""Threads are what References say, whatever came first."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.thread import decide_thread, own_id, related_ids
from maild.model.mail import Message, MessageId
from tests.unit.core.builders import a_message

A, B, C, D = (MessageId(f"{letter}@x") for letter in "abcd")


def test_ids_come_nearest_first() -> None:
    message = a_message(message_id=D, references=(A, B, C), in_reply_to=(C,))
    assert related_ids(message) == (D, C, B, A)


def test_a_message_without_id_gets_the_same_one_everywhere() -> None:
    first, second = a_message(message_id=None), a_message(message_id=None, subject="other")
    assert own_id(first) == own_id(second) == MessageId("1" * 40 + "@derived.invalid")


@pytest.mark.parametrize(
    ("ids", "known", "thread", "merged", "reason"),
    [
        pytest.param((A,), {}, "new", (), "names no earlier message", id="first"),
        pytest.param((B, A), {}, "new", (), "the messages that it names are not here yet", id="orphan"),
        pytest.param((B, A), {A: "t1"}, "t1", (), "refers to <a@x>", id="reply"),
        pytest.param((A,), {A: "t1"}, "t1", (), "an earlier message names this one", id="late-parent"),
        pytest.param((C, B, A), {B: "t2", A: "t1"}, "t1", ("t2",), "refers to <b@x>", id="joins-two"),
    ],
)
def test_which_thread(
    ids: tuple[MessageId, ...],
    known: dict[MessageId, str],
    thread: str,
    merged: tuple[str, ...],
    reason: str,
) -> None:
    threading = decide_thread(ids, known, "new")
    assert (threading.thread_id, threading.merged, threading.reason) == (thread, merged, reason)
    assert threading.ids == ids


def grouped(messages: list[Message]) -> set[frozenset[MessageId]]:
    """The threads that a store would hold after these messages came in this order."""
    known: dict[MessageId, str] = {}
    for count, message in enumerate(messages):
        threading = decide_thread(related_ids(message), known, f"{count:03}")
        for one, thread in list(known.items()):
            if thread in threading.merged:
                known[one] = threading.thread_id
        known.update(dict.fromkeys(threading.ids, threading.thread_id))
    ours = {own_id(message) for message in messages}
    groups = {thread: frozenset(one for one in ours if known[one] == thread) for thread in known.values()}
    return {group for group in groups.values() if group}


@st.composite
def shapes(draw: st.DrawFn) -> list[Message]:
    """Up to five messages, each a reply to any others, seen or not."""
    ids = [MessageId(f"{letter}@x") for letter in "abcdefg"]
    count = draw(st.integers(1, 5))
    return [
        a_message(
            message_id=ids[number],
            references=tuple(draw(st.lists(st.sampled_from(ids), max_size=2, unique=True))),
        )
        for number in range(count)
    ]


@given(shapes())
def test_every_order_of_arrival_groups_alike(messages: list[Message]) -> None:
    expected = grouped(messages)
    for order in permutations(messages):
        assert grouped(list(order)) == expected
