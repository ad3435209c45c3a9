"""winmail.dat."""

import struct

import pytest

from maild.parsers import tnef
from tests.unit.parsers.mails import read


def _attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    """One attribute of MS-OXTNEF §2.1.3."""
    return struct.pack("<BHHL", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _winmail(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack("<LH", 0x223E9F78, 1)
        + _attribute(2, 0x9002, 6, b"\0" * 14)  # attAttachRenddata begins an attachment
        + _attribute(2, 0x8010, 1, name + b"\0")  # attAttachTitle
        + _attribute(2, 0x800F, 6, content)  # attAttachData
    )


def test_files() -> None:
    assert tnef.files(_winmail(b"plan.txt", b"the plan")) == [("plan.txt", b"the plan")]


@pytest.mark.parametrize("cut", [4, 7, 20, 40])
def test_a_broken_container_holds_nothing_or_less(cut: int) -> None:
    assert len(tnef.files(_winmail(b"plan.txt", b"the plan")[:cut])) <= 1


@pytest.mark.parametrize(
    ("content_type", "filename", "content", "expected"),
    [
        pytest.param("application/ms-tnef", "", _winmail(b"a", b"b"), True, id="by type"),
        pytest.param("application/octet-stream", "WinMail.dat", _winmail(b"a", b"b"), True, id="by name"),
        pytest.param("application/ms-tnef", "", b"PK", False, id="something else"),
        pytest.param("a/b", "a.bin", _winmail(b"a", b"b"), False, id="not said to be one"),
    ],
)
def test_is_tnef(content_type: str, filename: str, content: bytes, expected: bool) -> None:
    assert tnef.is_tnef(content_type, filename, content) is expected


def test_the_files_are_listed_beside_the_container() -> None:
    found = read("Content-Type: application/ms-tnef; name=winmail.dat", _winmail(b"plan.txt", b"the plan"))
    assert [(each.filename, each.content) for each in found.attachments][1:] == [("plan.txt", b"the plan")]
