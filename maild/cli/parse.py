"""`maild parse`: what the reader makes of mail in files."""

from pathlib import Path
from typing import Annotated

import typer

from maild.app import reading
from maild.cli.options import AsJson
from maild.cli.printing import print_fields, print_json
from maild.errors import UsageError
from maild.model.mail import Address, Message


def parse(
    paths: Annotated[list[Path], typer.Argument(help="Files (.eml, mbox) and folders (Maildir too).")],
    as_json: AsJson = False,
) -> None:
    """Read mail from files and show all that was understood."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
    for file, message in reading.read_paths(paths):
        if as_json:
            print_json(reading.to_record(message, file))
        else:
            print_fields(_rows(message), title=file)


def _rows(message: Message) -> list[tuple[str, str]]:
    automatic = message.automatic
    return [
        ("From", _people(message.from_)),
        ("To", _people(message.to)),
        ("Cc", _people(message.cc)),
        ("Date", message.date.isoformat(sep=" ") if message.date else ""),
        ("Subject", message.subject),
        ("Automatic", f"{automatic.kind} ({automatic.reason})" if automatic.is_automatic else ""),
        (
            "Reports",
            "\n".join(
                f"{each.recipient}: {each.action} {each.status} {each.reason}"
                for each in message.delivery_report
            ),
        ),
        ("New text", message.new_text),
        ("Quoted", message.quoted_text),
        (
            "Attached",
            "\n".join(
                f"{each.filename or each.content_type}, {each.size_bytes} bytes"
                for each in message.attachments
            ),
        ),
        ("Defects", "\n".join(message.defects)),
    ]


def _people(people: tuple[Address, ...]) -> str:
    return ", ".join(f"{each.name} <{each.address}>" if each.name else each.address for each in people)
