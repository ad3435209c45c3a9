"""Messages out of files, read, for commands that need no mailbox."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from maild.app.sources import source_messages
from maild.model.mail import Message
from maild.parsers import message
from maild.parsers.record import to_record

__all__ = ["read_paths", "to_record"]


def read_paths(paths: Sequence[Path]) -> Iterator[tuple[str, Message]]:
    """(where it stands, message) of every message under `paths`, in the order of `source_messages`.

    Raises:
        OSError: a file cannot be read.
    """
    for source in source_messages(paths):
        yield source.file, message.read(source.raw)
