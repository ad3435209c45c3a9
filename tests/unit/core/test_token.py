"""Nobody writes into a case by guessing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.token import LIFETIME, Purpose, sign, verify
from tests.unit.core.builders import NOW

KEYS = {1: b"old key" * 5, 2: b"new key" * 5}


def signed(purpose: Purpose = Purpose.REPLY_TO) -> str:
    return sign(41, "Li@Customer.example", purpose, keys=KEYS, now=NOW)


def test_a_token_leads_back_to_its_case_and_recipient() -> None:
    claim = verify(f"kefu+{signed()}@example.com", Purpose.REPLY_TO, keys=KEYS, now=NOW)
    assert claim is not None
    assert claim.serial == 41
    assert claim.is_for("LI@customer.EXAMPLE")
    assert not claim.is_for("wang@customer.example")


def test_it_fits_a_local_part_and_survives_upper_case() -> None:
    assert len(signed()) == 32
    assert verify(f"KEFU+{signed().upper()}@EXAMPLE.COM", Purpose.REPLY_TO, keys=KEYS, now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("kefu@example.com", id="none"),
        pytest.param("a" * 32, id="made-up"),
        pytest.param(signed()[:-1] + ("a" if signed()[-1] != "a" else "b"), id="changed"),
        pytest.param(signed() + "a", id="longer"),
        pytest.param(signed(Purpose.MESSAGE_ID), id="other-purpose"),
    ],
)
def test_what_is_not_genuine_says_nothing(text: str) -> None:
    assert verify(text, Purpose.REPLY_TO, keys=KEYS, now=NOW) is None


def test_the_newest_key_signs_and_every_key_verifies() -> None:
    old = sign(5, "a@b", Purpose.MESSAGE_ID, keys={1: KEYS[1]}, now=NOW)
    assert verify(old, Purpose.MESSAGE_ID, keys=KEYS, now=NOW)
    assert verify(signed(), Purpose.REPLY_TO, keys={1: KEYS[1]}, now=NOW) is None


def test_a_token_ends() -> None:
    last_day = NOW + LIFETIME
    assert verify(signed(), Purpose.REPLY_TO, keys=KEYS, now=last_day)
    assert verify(signed(), Purpose.REPLY_TO, keys=KEYS, now=last_day + timedelta(days=1)) is None


def test_a_genuine_token_behind_a_false_one_is_found() -> None:
    assert verify(f"{'b' * 32}@x {signed()}", Purpose.REPLY_TO, keys=KEYS, now=NOW)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=32, max_size=32))
def test_no_guess_is_taken(guess: str) -> None:
    assert verify(guess, Purpose.REPLY_TO, keys=KEYS, now=NOW) is None
