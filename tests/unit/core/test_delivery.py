"""Keys and delays."""

from datetime import timedelta

import pytest

from maild.core.delivery import RetryPolicy, effect_key, next_attempt_at
from maild.model.case import CaseId
from tests.unit.core.builders import NOW

POLICY = RetryPolicy(first=timedelta(minutes=1), longest=timedelta(hours=4), give_up=timedelta(days=5))


@pytest.mark.parametrize(
    ("attempt", "delay"),
    [
        pytest.param(1, timedelta(minutes=1), id="first"),
        pytest.param(2, timedelta(minutes=2), id="second"),
        pytest.param(8, timedelta(minutes=128), id="eighth"),
        pytest.param(9, timedelta(hours=4), id="longest"),
        pytest.param(10_000, timedelta(hours=4), id="no-overflow"),
    ],
)
def test_the_delay_doubles(attempt: int, delay: timedelta) -> None:
    assert next_attempt_at(POLICY, NOW, attempt, NOW) == NOW + delay


def test_it_gives_up_after_five_days() -> None:
    assert next_attempt_at(POLICY, NOW, 30, NOW + timedelta(days=5, seconds=-1)) is not None
    assert next_attempt_at(POLICY, NOW, 30, NOW + timedelta(days=5)) is None


def test_an_effect_key_depends_on_all_that_makes_the_effect() -> None:
    keys = {
        effect_key(CaseId("a"), "b", "c", 0),
        effect_key(CaseId("x"), "b", "c", 0),
        effect_key(CaseId("a"), "x", "c", 0),
        effect_key(CaseId("a"), "b", "x", 0),
        effect_key(CaseId("a"), "b", "c", 1),
        effect_key(CaseId("ab"), "", "c", 0),
    }
    assert len(keys) == 6
    assert effect_key(CaseId("a"), "b", "c", 0) in keys
