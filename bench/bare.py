"""The bare limit of an import: what the same work costs with nothing of maild in it.

It reads each file, parses it with the standard library, keeps the raw bytes compressed by SHA-256, one row
and one full-text entry, with maild's durability and maild's number of messages in a transaction.
No threads, no cases, no Chinese words, no defects, nothing checked twice; and nothing of maild is imported.
`python -m bench.bare MAILDIR DATABASE MESSAGES_PER_TRANSACTION READER`.
"""

import hashlib
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import zstandard

from bench.stdlib import READERS, Plain

_TABLES = """
CREATE TABLE blob (sha256 TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE message (
    id INTEGER PRIMARY KEY, message_id TEXT, author TEXT, recipients TEXT, subject TEXT, date TEXT,
    blob_sha256 TEXT NOT NULL REFERENCES blob (sha256)
);
CREATE INDEX message_by_id ON message (message_id);
CREATE VIRTUAL TABLE search USING fts5 (subject, people, body, content='');
"""


def load(messages: Sequence[Path], database: Path, *, batch: int, read: Callable[[bytes], Plain]) -> int:
    """How many messages were put into a new `database`, `batch` in a transaction."""
    compressor = zstandard.ZstdCompressor(level=3)
    conn = _open(database)
    for start in range(0, len(messages), batch):
        conn.execute("BEGIN IMMEDIATE")
        for number, file in enumerate(messages[start : start + batch], start + 1):
            raw = file.read_bytes()
            sha256 = hashlib.sha256(raw).hexdigest()
            conn.execute("INSERT OR IGNORE INTO blob VALUES (?, ?)", (sha256, compressor.compress(raw)))
            _insert(conn, number, read(raw), sha256)
        conn.execute("COMMIT")
    conn.close()
    return len(messages)


def _open(database: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16384", "temp_store=MEMORY"):
        conn.execute(f"PRAGMA {pragma}")
    conn.executescript(_TABLES)
    return conn


def _insert(conn: sqlite3.Connection, number: int, plain: Plain, sha256: str) -> None:
    row = (number, plain.message_id, plain.author, plain.recipients, plain.subject, plain.date, sha256)
    conn.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    people = f"{plain.author} {plain.recipients}"
    conn.execute(
        "INSERT INTO search (rowid, subject, people, body) VALUES (?, ?, ?, ?)",
        (number, plain.subject, people, plain.text),
    )


if __name__ == "__main__":
    maildir, made = Path(sys.argv[1]), Path(sys.argv[2])
    files = sorted((maildir / "cur").iterdir())
    print(load(files, made, batch=int(sys.argv[3]), read=READERS[sys.argv[4]]))
