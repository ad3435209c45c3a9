"""Messages out of files and folders."""

from pathlib import Path

import pytest

from maild.app.sources import count_messages, source_messages

ONE = b"Subject: one\n\nfirst\n"
TWO = b"Subject: two\n\n>From here on it is quoted\n>>From twice\n"


def write(path: Path, raw: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def read(*paths: Path) -> list[tuple[str, bytes]]:
    return [(Path(one.file).name, one.raw) for one in source_messages(paths)]


def test_a_folder_gives_its_mail_at_any_depth_sorted(tmp_path: Path) -> None:
    write(tmp_path / "b.eml", TWO)
    write(tmp_path / "deep" / "a.EML", ONE)
    write(tmp_path / "notes.txt", b"not mail")
    write(tmp_path / "box" / "cur" / "1:2,S", ONE)
    write(tmp_path / "box" / "tmp" / "2", ONE)
    (tmp_path / "box" / "new").mkdir()
    assert read(tmp_path) == [("b.eml", TWO), ("1:2,S", ONE), ("a.EML", ONE)]
    assert count_messages([tmp_path]) == 3


def test_an_mbox_is_taken_apart_and_unquoted(tmp_path: Path) -> None:
    box = write(
        tmp_path / "old.mbox",
        b"From a@x Mon Jan  1 00:00:00 2026\n" + ONE + b"\nFrom b@x Mon Jan  1 00:00:00 2026\n" + TWO + b"\n",
    )
    unquoted = b"Subject: two\n\nFrom here on it is quoted\n>From twice\n"
    assert read(box) == [("old.mbox:1", ONE), ("old.mbox:2", unquoted)]
    assert count_messages([box]) == 2


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("looks-like-mbox.eml", b"From a@x\nSubject: x\n\n", id="eml"),
        pytest.param("saved.msg", ONE, id="any-name"),
        pytest.param("empty", b"", id="empty"),
    ],
)
def test_any_other_file_is_one_message(tmp_path: Path, name: str, raw: bytes) -> None:
    assert read(write(tmp_path / name, raw)) == [(name, raw)]


def test_links_that_lead_nowhere_and_folders_named_like_mail_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "folder.eml").mkdir()
    (tmp_path / "gone.eml").symlink_to(tmp_path / "nowhere")
    write(tmp_path / "a.eml", ONE)
    assert read(tmp_path) == [("a.eml", ONE)]
