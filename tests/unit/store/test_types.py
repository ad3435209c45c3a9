"""What columns take and give."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import sqlite

from maild.model.mail import AutomaticKind
from maild.store.types import CleanText, EnumText, IdText, UtcDateTime, stored_id

DIALECT: Dialect = sqlite.dialect()
CHINA = timezone(timedelta(hours=8))


def test_an_instant_goes_in_as_utc() -> None:
    instant = datetime(2026, 10, 8, 9, tzinfo=CHINA)
    bound = UtcDateTime().process_bind_param(instant, DIALECT)
    assert (bound, bound and bound.tzinfo) == (instant, UTC)


def test_an_instant_comes_out_as_utc() -> None:
    naive = datetime(2026, 10, 8, 1)  # noqa: DTZ001 -- as SQLite gives it
    for found in (naive, datetime(2026, 10, 8, 9, tzinfo=CHINA)):
        loaded = UtcDateTime().process_result_value(found, DIALECT)
        assert (loaded, loaded and loaded.tzinfo) == (datetime(2026, 10, 8, 1, tzinfo=UTC), UTC)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(datetime(2026, 10, 8), DIALECT)  # noqa: DTZ001 -- the point of it


@pytest.mark.parametrize("column", [UtcDateTime(), CleanText(), IdText(), EnumText(AutomaticKind)])
def test_null_stays_null(column: UtcDateTime | CleanText | IdText | EnumText[AutomaticKind]) -> None:
    assert column.process_bind_param(None, DIALECT) is None


def test_null_comes_out_as_null() -> None:
    assert UtcDateTime().process_result_value(None, DIALECT) is None
    assert EnumText(AutomaticKind).process_result_value(None, DIALECT) is None


def test_a_word_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        EnumText(AutomaticKind).process_result_value("nonsense", DIALECT)


@pytest.mark.parametrize(
    ("message_id", "stored"),
    [
        pytest.param("a@x", "a@x", id="as it is"),
        pytest.param("a" * 998, "a" * 998, id="a line"),
        pytest.param("a\x00\udc80@x", "a\ufffd\ufffd@x", id="unstorable"),
    ],
)
def test_a_message_id_as_it_is_stored(message_id: str, stored: str) -> None:
    assert stored_id(message_id) == stored


def test_a_long_message_id_is_shortened_and_stays_itself() -> None:
    long = ["长" * 333 + tail for tail in ("a", "b")]
    short = [stored_id(each) for each in long]
    assert len({*short}) == 2
    assert max(len(each.encode()) for each in short) < 998
    assert [stored_id(each) for each in short] == short
