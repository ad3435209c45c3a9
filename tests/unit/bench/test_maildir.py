"""Generated mail on the disk: made once, made anew when its generator changed."""

from pathlib import Path

from bench.maildir import corpus
from bench.traffic import Traffic


def test_files_sort_in_the_order_of_arrival(tmp_path: Path) -> None:
    made = corpus(count=25, data=tmp_path)
    raws = [file.read_bytes() for file in made.messages]
    assert raws == [each.raw for each in Traffic(count=25)]
    assert made.size_bytes == sum(map(len, raws))


def test_what_is_there_is_used_again(tmp_path: Path) -> None:
    kept = corpus(count=5, data=tmp_path).messages[0]
    kept.write_bytes(b"touched")
    assert corpus(count=5, data=tmp_path).messages[0].read_bytes() == b"touched"


def test_what_another_generator_made_is_made_anew(tmp_path: Path) -> None:
    stale = corpus(count=5, data=tmp_path).messages[0]
    stale.write_bytes(b"touched")
    (stamp,) = tmp_path.glob("*.made-by")
    stamp.write_text("an older version")
    assert corpus(count=5, data=tmp_path).messages[0].read_bytes() != b"touched"


def test_what_was_half_made_is_made_anew(tmp_path: Path) -> None:
    whole = corpus(count=5, data=tmp_path)
    (stamp,) = tmp_path.glob("*.made-by")
    stamp.unlink()
    whole.messages[0].unlink()
    assert len(corpus(count=5, data=tmp_path).messages) == 5
