"""Every message of the corpus, each showing one trait, reads as its golden file says."""

import json
from pathlib import Path

import pytest

from maild.parsers import message, record

MAIL = sorted((Path(__file__).parent / "mail").glob("*.eml"))


def test_the_corpus_is_there() -> None:
    assert len(MAIL) > 30


@pytest.mark.parametrize("path", MAIL, ids=lambda path: path.stem)
def test_reads_as_its_golden_file_says(path: Path, request: pytest.FixtureRequest) -> None:
    actual = record.to_record(message.read(path.read_bytes()), path.name)
    golden, saved = path.with_suffix(".json"), path.with_suffix(".actual.json")
    if request.config.getoption("--update-golden", default=False):
        golden.write_text(_dumped(actual), "utf-8")
    expected = json.loads(golden.read_text("utf-8"))
    if actual != expected:
        saved.write_text(_dumped(actual), "utf-8")  # to look at, and to compare with
    else:
        saved.unlink(missing_ok=True)
    assert actual == expected


@pytest.mark.parametrize("path", MAIL, ids=lambda path: path.stem)
def test_reads_the_same_with_the_bulk_left_in(path: Path) -> None:
    raw = path.read_bytes()
    whole, cut = message.read(raw, cut=False), message.read(raw)
    assert whole == cut
    assert [each.content for each in whole.attachments] == [each.content for each in cut.attachments]


def _dumped(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
