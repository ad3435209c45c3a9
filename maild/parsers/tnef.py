"""The files inside Outlook's winmail.dat (MS-OXTNEF), by tnefparse."""

import logging
import struct

from tnefparse import TNEF

_SIGNATURE = b"\x78\x9f\x3e\x22"  # 0x223E9F78, little-endian (MS-OXTNEF §2.1.3.1)
_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MAX_FILES = 200

# The library tells of every odd property; what matters is in the defects.
for _name in ("tnefparse", "tnef-decode"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def is_tnef(content_type: str, filename: str, content: bytes) -> bool:
    """True when an attachment is a TNEF container, whatever it is called."""
    named = content_type in _TYPES or filename.casefold() == "winmail.dat"
    return named and content.startswith(_SIGNATURE)


def files(content: bytes) -> list[tuple[str, bytes]]:
    """(name, content) of each file inside, none when the container is broken."""
    try:
        attachments = TNEF(content).attachments
        return [
            (str(each.long_filename() or each.name), bytes(each.data)) for each in attachments[:_MAX_FILES]
        ]
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        struct.error,
        ArithmeticError,
        AssertionError,
    ):
        # The library has no error of its own and indexes into what a sender wrote.
        return []
