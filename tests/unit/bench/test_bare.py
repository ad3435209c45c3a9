"""The bare limit does what it claims to: every message kept, compressed, in a row, and found."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from bench import bare
from bench.maildir import corpus
from bench.stdlib import Plain, legacy, modern

MAIL = (
    "Message-ID: <1@a.example>\nFrom: Ada <ada@a.example>\nTo: kefu@example.com\n"
    "Subject: =?gb18030?B?y66xww==?=\n"
    "Content-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: 8bit\n\nthe valve leaks 漏水\n"
)


@pytest.mark.parametrize("batch", [pytest.param(4, id="several"), pytest.param(100, id="one")])
def test_every_message_is_kept(tmp_path: Path, batch: int) -> None:
    files = corpus(count=10, data=tmp_path).messages
    assert bare.load(files, tmp_path / "bare.sqlite", batch=batch, read=modern) == 10
    with closing(sqlite3.connect(tmp_path / "bare.sqlite")) as conn:
        packed = conn.execute("SELECT content FROM message JOIN blob ON sha256 = blob_sha256 ORDER BY id")
        raws = [zstandard.ZstdDecompressor().decompress(content) for (content,) in packed]
    assert raws == [file.read_bytes() for file in files]


@pytest.mark.parametrize("read", [pytest.param(modern, id="modern"), pytest.param(legacy, id="legacy")])
def test_a_message_is_read_and_found(tmp_path: Path, read: Callable[[bytes], Plain]) -> None:
    file = tmp_path / "1"
    file.write_bytes(MAIL.encode("gb18030"))
    bare.load([file], tmp_path / "bare.sqlite", batch=1, read=read)
    with closing(sqlite3.connect(tmp_path / "bare.sqlite")) as conn:
        rows = conn.execute("SELECT message_id, author, subject FROM message").fetchall()
        found = conn.execute(
            "SELECT rowid FROM search WHERE search MATCH 'valve AND 漏水 AND 水泵'"
        ).fetchall()
    assert rows == [("<1@a.example>", "Ada <ada@a.example>", "水泵")]
    assert found == [(1,)]
