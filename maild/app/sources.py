"""Raw messages out of files and folders: .eml files, mbox files (RFC 4155, mboxrd), Maildirs."""

import mailbox
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

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
            yield from _mbox(file) if _is_mbox(file) else _single(file)


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


def _is_mbox(file: Path) -> bool:
    if file.suffix.lower() == ".eml":
        return False
    with file.open("rb") as opened:
        return opened.read(len(_MBOX_START)) == _MBOX_START


def _single(file: Path) -> Iterator[SourceMessage]:
    yield SourceMessage(file=str(file), raw=file.read_bytes())


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
    return sum(_mbox_count(file) if _is_mbox(file) else 1 for path in paths for file in _files(path))


def _mbox_count(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(line.startswith(_MBOX_START) for line in lines)
