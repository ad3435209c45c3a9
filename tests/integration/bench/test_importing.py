"""Both imports as whole processes: each keeps everything that the Maildir holds."""

from pathlib import Path

import pytest

from bench.importing import TAKES, Take
from bench.maildir import corpus


@pytest.mark.parametrize("take", [pytest.param(take, id=name) for name, take in TAKES.items()])
def test_everything_is_kept(tmp_path: Path, take: Take) -> None:
    mail = corpus(count=20, data=tmp_path / "data")
    folder = tmp_path / "run"
    folder.mkdir()
    sample = take(mail, folder)
    assert sample.cost.cpu_s > 0
    assert sample.stored_bytes > mail.size_bytes / 2
