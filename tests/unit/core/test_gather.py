"""Threads of a heap of messages: References, then Thread-Index, then a reply's subject."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.gather import Letter, gather
from maild.model.mail import MessageId

START = datetime(2026, 1, 1, tzinfo=UTC)
LI, HAN, LIST = "li@customer.example", "han@customer.example", "list@lists.example"


def letter(
    *ids: str,
    subject: str = "询价",
    reply: bool = False,
    people: frozenset[str] = frozenset({LI, LIST}),
    day: float | None = 0,
    conversation: str = "",
) -> Letter:
    return Letter(
        ids=tuple(MessageId(one) for one in ids),
        base_subject=subject,
        is_reply=reply,
        people=people,
        sent_at=None if day is None else START + timedelta(days=day),
        conversation=conversation,
    )


ROOT = letter("a")


@pytest.mark.parametrize(
    ("second", "together", "reason"),
    [
        pytest.param(letter("b", "a", subject="别的", day=1), True, "refers to <a>", id="references"),
        pytest.param(letter("b", "x", day=1), False, "refers to <x>, which is not here", id="ghost"),
        pytest.param(letter("b", reply=True, day=1), True, "a reply with the subject of <a>", id="subject"),
        pytest.param(letter("b", reply=True, day=29), True, "a reply with the subject", id="in-the-window"),
        pytest.param(letter("b", reply=True, day=31), False, "names no earlier", id="after-the-window"),
        pytest.param(letter("b", reply=True, day=-1), False, "names no earlier", id="before-the-question"),
        pytest.param(letter("b", reply=True, day=None), False, "names no earlier", id="undated"),
        pytest.param(letter("b", day=1), False, "names no earlier", id="same-words-no-reply"),
        pytest.param(
            letter("b", reply=True, day=1, people=frozenset({"x@y"})), False, "names no", id="other-people"
        ),
        pytest.param(
            letter("b", reply=True, day=1, subject="INVOICE"), False, "names no", id="other-subject"
        ),
        pytest.param(letter("b", reply=True, day=1, subject=""), False, "names no", id="no-subject"),
    ],
)
def test_what_ties_a_second_letter(second: Letter, *, together: bool, reason: str) -> None:
    first, other = gather([ROOT, second])
    assert (first.thread == other.thread) is together
    assert first.reason == "names no earlier message"
    assert other.reason.startswith(reason)


def test_the_latest_letter_with_the_same_people_is_joined() -> None:
    later = letter("b", day=5, people=frozenset({HAN}))
    reply = letter("c", reply=True, day=6, people=frozenset({LI}))
    assert [one.thread for one in gather([ROOT, later, reply])] == ["a", "b", "a"]


def test_an_undated_letter_does_not_hide_those_before_it() -> None:
    reply = letter("c", reply=True, day=2)
    assert [one.thread for one in gather([letter("z", day=None), ROOT, reply])] == ["z", "a", "a"]


def test_a_conversation_by_thread_index_unless_its_subject_changed() -> None:
    first = letter("a", conversation="01")
    same = letter("b", conversation="01", day=1)
    changed = letter("c", conversation="01", day=2, subject="别的事")
    referring = letter("d", "a", conversation="01", day=3)
    found = gather([first, same, changed, referring])
    assert [one.thread for one in found] == ["a", "a", "c", "a"]
    assert found[1].reason == "the conversation of <a> by Thread-Index"
    assert found[3].reason == "refers to <a>"


def test_a_ghost_ties_its_children_together() -> None:
    assert len({one.thread for one in gather([letter("b", "ghost"), letter("c", "ghost", day=1)])}) == 1


@st.composite
def heaps(draw: st.DrawFn) -> list[Letter]:
    """Up to five letters, with or without references, subjects from a small set."""
    names = "abcdefg"
    return [
        letter(
            names[number],
            *draw(st.lists(st.sampled_from(names), max_size=2, unique=True)),
            subject=draw(st.sampled_from(["询价", "投诉"])),
            reply=draw(st.booleans()),
            day=draw(st.integers(0, 60)),
            conversation=draw(st.sampled_from(["", "01"])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]


@settings(max_examples=60)
@given(heaps())
def test_every_order_groups_alike(letters: list[Letter]) -> None:
    expected = {one.message_id: one for one in gather(letters)}
    for order in permutations(letters):
        assert {one.message_id: one for one in gather(order)} == expected
