"""Messages out of files."""

from pathlib import Path

from maild.app.reading import read_paths, to_record

MAIL = b"From: Li <li@customer.example>\nSubject: %s\n\ntext\n"


def test_files_and_folders_in_order(tmp_path: Path) -> None:
    for name in ("b.eml", "a.eml", "deep/c.eml", "box/cur/1:2,S", "box/new/2", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(MAIL % path.name.encode())
    found = [(file, message.subject) for file, message in read_paths([tmp_path, tmp_path / "a.eml"])]
    assert sorted(subject for _, subject in found) == sorted(
        ["a.eml", "b.eml", "c.eml", "1:2,S", "2", "a.eml"]
    )
    assert found[-1] == (str(tmp_path / "a.eml"), "a.eml")
    assert found[:-1] == sorted(found[:-1])


def test_an_mbox_is_many_messages(tmp_path: Path) -> None:
    box = tmp_path / "mail.mbox"
    box.write_bytes(
        b"".join(b"From x Mon Mar  2 09:00:00 2026\n" + MAIL % name + b"\n" for name in (b"1", b"2"))
    )
    assert [message.subject for _, message in read_paths([box])] == ["1", "2"]


def test_the_record_of_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL % b"hello")
    ((file, message),) = read_paths([path])
    assert to_record(message, file)["file"] == str(path)
