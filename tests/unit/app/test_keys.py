"""Key files: made once, readable by their owner alone, wrong lines named."""

import stat
from pathlib import Path

import pytest

from maild.app.keys import create_keys, load_keys
from maild.errors import ConfigError

ONE, TWO = "01" * 32, "Ab" * 32


def test_a_new_key_file_holds_one_key_that_only_the_owner_reads(tmp_path: Path) -> None:
    create_keys(tmp_path / "new" / "keys")
    assert [(key_id, len(key)) for key_id, key in load_keys(tmp_path / "new" / "keys").items()] == [(1, 32)]
    assert stat.S_IMODE((tmp_path / "new" / "keys").stat().st_mode) == 0o600


def test_no_two_key_files_are_alike(tmp_path: Path) -> None:
    create_keys(tmp_path / "a")
    create_keys(tmp_path / "b")
    assert load_keys(tmp_path / "a") != load_keys(tmp_path / "b")


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys")
    before = load_keys(tmp_path / "keys")
    with pytest.raises(FileExistsError):
        create_keys(tmp_path / "keys")
    assert load_keys(tmp_path / "keys") == before


def test_keys_after_a_rotation(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"1 {ONE}\n\n 7\t{TWO} \n")
    assert list(load_keys(tmp_path / "keys").items()) == [(1, bytes.fromhex(ONE)), (7, bytes.fromhex(TWO))]


@pytest.mark.parametrize(
    ("content", "places", "words"),
    [
        pytest.param(f"{ONE}\n", [1], "a number from 1 to 255", id="no number"),
        pytest.param(f"1 {ONE}\n2 {ONE[1:]}\nx\n", [2, 3], "64 hexadecimal digits", id="too short"),
        pytest.param(f"256 {ONE}\n", [1], "a number from 1 to 255", id="number too large"),
        pytest.param(f"0 {ONE}\n", [1], "a number from 1 to 255", id="zero"),
        pytest.param(f"1 {ONE}\n1 {TWO}\n", [2], "newest last", id="number twice"),
        pytest.param("\n", [None], "`maild init` makes one", id="empty"),
        pytest.param("1 密钥\n", [None], "cannot be read as a key file", id="no ASCII"),
    ],
)
def test_wrong_key_files(tmp_path: Path, content: str, places: list[int | None], words: str) -> None:
    (tmp_path / "keys").write_text(content, "utf-8")
    with pytest.raises(ConfigError, match=words) as caught:
        load_keys(tmp_path / "keys")
    assert [problem.line for problem in caught.value.problems] == places
    assert ONE not in str(caught.value)


def test_a_missing_key_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`maild init` makes one"):
        load_keys(tmp_path / "keys")
