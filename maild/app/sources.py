"""Raw messages out of files and folders: .eml files, mbox files (RFC 4155, mboxrd), Maildirs."""

import mailbox
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_MBOX_START = b"From "
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMessage:
    """The bytes of one message, and where they stand."""

    file: str
    raw: bytes = field(repr=False)


def source_messages(paths: Sequence[Path]) -> Iterator[SourceMessage]:
    """Every message under `paths`, in the order given, folders sorted.

    A folder gives every file ending in .eml or .mbox at any depth, and the entries of Maildirs in it. A file
    is one message, or an mbox when it begins so, whose messages are named FILE:1, FILE:2 and so on.

    Raises:
        OSError: a file cannot be read.
    """
    for path in paths:
        for file in _files(path):
            raw = _single(file)
            yield from _mbox(file) if raw is None else [SourceMessage(file=str(file), raw=raw)]


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(each for each in path.rglob("*") if _is_mail(each))
    else:
        yield path


def _is_mail(path: Path) -> bool:
    """A regular file named as mail, or standing where a Maildir keeps its mail."""
    if path.suffix.lower() not in {".eml", ".mbox"} and path.parent.name not in {"cur", "new"}:
        return False
    return path.is_file()


def _single(file: Path) -> bytes | None:
    """The message that a file is; None when it is an mbox, which may be too large to be read at once."""
    with file.open("rb") as opened:
        return None if _is_mbox(file, opened) else opened.read()


def _is_mbox(file: Path, opened: BinaryIO) -> bool:
    """Whether a file, opened at its beginning and left there, begins as an mbox."""
    if file.suffix.lower() == ".eml":
        return False
    start = opened.read(len(_MBOX_START))
    opened.seek(0)
    return start == _MBOX_START


def _mbox(file: Path) -> Iterator[SourceMessage]:
    box = mailbox.mbox(file, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), 1):
            yield SourceMessage(file=f"{file}:{number}", raw=_QUOTED_FROM.sub(rb"\1", box.get_bytes(key)))
    finally:
        box.close()


def count_messages(paths: Sequence[Path]) -> int:
    """How many messages `source_messages` will give, as fast as that can be told.

    Raises:
        OSError: a file cannot be read.
    """
    return sum(_count(file) for path in paths for file in _files(path))


def _count(file: Path) -> int:
    with file.open("rb") as opened:
        return sum(line.startswith(_MBOX_START) for line in opened) if _is_mbox(file, opened) else 1
