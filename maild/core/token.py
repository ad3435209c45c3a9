"""Signed tokens that lead an answer back to its case, in Reply-To and in our own Message-IDs.

A token names the case by its serial, the purpose, whom it was made for and when it ends, and carries a
keyed MAC (RFC 2104, truncated to 64 bits), so that nobody can write into a case by guessing. It is base32
in small letters, since hosts fold the case of a local part, and 32 characters long, since a local part has
at most 64 octets (RFC 5321 §4.5.3.1.1).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

LIFETIME = timedelta(days=730)  # after it, threads and numbers still lead to the case
_EPOCH = date(2020, 1, 1)
_SERIAL_OCTETS, _RECIPIENT_OCTETS, _MAC_OCTETS = 5, 3, 8
_BODY_OCTETS = 1 + 1 + 2 + _SERIAL_OCTETS + _RECIPIENT_OCTETS
_TOKEN = re.compile(r"(?<![a-z2-7])[a-z2-7]{32}(?![a-z2-7])")


class Purpose(IntEnum):
    """Where a token stands."""

    REPLY_TO = 1
    MESSAGE_ID = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a token that verified says. `recipient_digest` tells whom it was made for, not who uses it."""

    serial: int
    purpose: Purpose
    recipient_digest: bytes
    expires_on: date

    def is_for(self, address: str) -> bool:
        """True when the token was made for that address (any case)."""
        return self.recipient_digest == _digest(address)


def sign(serial: int, recipient: str, purpose: Purpose, *, keys: Mapping[int, bytes], now: datetime) -> str:
    """A token of 32 characters for case `serial`, under the newest key (the largest id, 0 to 255)."""
    key_id = max(keys)
    expires = (now.astimezone(UTC) + LIFETIME).date()
    body = (
        bytes((key_id, purpose))
        + (expires - _EPOCH).days.to_bytes(2, "big")
        + serial.to_bytes(_SERIAL_OCTETS, "big")
        + _digest(recipient)
    )
    return base64.b32encode(body + _mac(body, keys[key_id])).decode("ascii").lower()


def verify(text: str, purpose: Purpose, *, keys: Mapping[int, bytes], now: datetime) -> Claim | None:
    """The claim of the first genuine, unexpired token of that purpose in `text`, else None."""
    for candidate in _TOKEN.findall(text.casefold()):
        claim = _read(candidate, keys)
        if claim and claim.purpose is purpose and now.astimezone(UTC).date() <= claim.expires_on:
            return claim
    return None


def _read(candidate: str, keys: Mapping[int, bytes]) -> Claim | None:
    octets = base64.b32decode(candidate.upper())
    body, mac = octets[:_BODY_OCTETS], octets[_BODY_OCTETS:]
    key = keys.get(body[0])
    if key is None or not hmac.compare_digest(mac, _mac(body, key)):
        return None
    days = int.from_bytes(body[2:4], "big")
    return Claim(
        purpose=Purpose(body[1]),
        expires_on=_EPOCH + timedelta(days=days),
        serial=int.from_bytes(body[4 : 4 + _SERIAL_OCTETS], "big"),
        recipient_digest=body[4 + _SERIAL_OCTETS :],
    )


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"maild token\0" + body, hashlib.sha256)[:_MAC_OCTETS]


def _digest(address: str) -> bytes:
    return hashlib.sha256(address.casefold().encode()).digest()[:_RECIPIENT_OCTETS]
