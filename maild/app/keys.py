"""The keys that sign tokens: a file with one key a line, `id`, a space, 64 hexadecimal digits.

The last line is the newest and signs; the others still verify. To rotate, add a line. Ids fit one octet.
"""

import os
import re
from pathlib import Path

from maild.errors import ConfigError, Problem
from maild.ids import new_secret

_LINE = re.compile(r"(\d{1,3})\s+([0-9a-fA-F]{64})")
_OLDEST, _NEWEST = 1, 255


def load_keys(path: Path) -> dict[int, bytes]:
    """Key by id, ids rising. Raises: ConfigError when a line is no key, or there is none."""
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(file=str(path), what="cannot be read as a key file", hint="`maild init` makes one")
        raise ConfigError((problem,)) from error
    keys: dict[int, bytes] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        key_id, key, mistake = _parsed(line.strip(), keys)
        if mistake:
            what, hint = mistake
            problems.append(Problem(file=str(path), line=number, what=what, hint=hint))
        else:
            keys[key_id] = key
    if not keys and not problems:
        problems.append(Problem(file=str(path), what="there is no key in it", hint="`maild init` makes one"))
    if problems:
        raise ConfigError(tuple(problems))
    return keys


def create_keys(path: Path) -> None:
    """Write a new key file that only its owner may read. Raises: FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"1 {new_secret()}\n")


def _parsed(line: str, before: dict[int, bytes]) -> tuple[int, bytes, tuple[str, str] | None]:
    """Id and key, or what is wrong with the line and how to mend it."""
    match = _LINE.fullmatch(line)
    key_id = int(match[1]) if match else 0
    if not match or not _OLDEST <= key_id <= _NEWEST:
        return 0, b"", ("not a key", "write a number from 1 to 255, a space, 64 hexadecimal digits")
    if key_id <= max(before, default=0):
        return (
            0,
            b"",
            (f"key {key_id} comes after a key with a number as large", "number keys upwards, newest last"),
        )
    return key_id, bytes.fromhex(match[2]), None
