"""Message-IDs in the forms that occur."""

import pytest

from maild.parsers import bounds, msgid


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        pytest.param("<a@b> <c@d>", ("a@b", "c@d"), id="two"),
        pytest.param("<a@b><a@b>", ("a@b",), id="each once"),
        pytest.param("<a@\t b>", ("a@b",), id="folded in the middle"),
        pytest.param("a@b, c@d", ("a@b", "c@d"), id="no brackets"),
        pytest.param("Your message of Monday", (), id="words"),
        pytest.param("<>", (), id="empty brackets"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_message_ids(value: str, ids: tuple[str, ...]) -> None:
    assert msgid.message_ids(value) == ids


def test_the_last_of_very_many_count() -> None:
    ids = msgid.message_ids(" ".join(f"<{number}@x>" for number in range(bounds.MAX_REFERENCES + 1)))
    assert len(ids) == bounds.MAX_REFERENCES
    assert ids[-1] == f"{bounds.MAX_REFERENCES}@x"


@pytest.mark.parametrize(
    ("value", "own"),
    [
        pytest.param("<a@b>", "a@b", id="well-formed"),
        pytest.param("<a@b> <c@d>", "a@b", id="the first"),
        pytest.param("a b", "ab", id="anything is better than nothing"),
        pytest.param("<>", None, id="names none"),
        pytest.param("", None, id="missing"),
    ],
)
def test_own_id(value: str, own: str | None) -> None:
    assert msgid.own_id(value) == own
