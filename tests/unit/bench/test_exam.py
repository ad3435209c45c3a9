"""The exam, held with a scorer that says what it is told."""

import json
import sys
from pathlib import Path

import pytest

from bench import exam

RESULT = {
    "groups": {"parsing": {"right": 9, "total": 10, "percent": 90.0}},
    "seen": {"right": 5, "total": 5},
    "threads": {
        "s": {"headers": {"pair_f1": 1.0, "b3_f1": 0.5, "exact_threads": 0.25, "wrongly_joined": 0.0}}
    },
}
SCORER = "import sys\nopen(sys.argv[sys.argv.index('--json') + 1], 'w').write({result!r})\nsys.exit({code})\n"


def _corpus(folder: Path, result: object, code: int = 0) -> Path:
    (folder / "score.py").write_text(SCORER.format(result=json.dumps(result), code=code))
    return folder


def _exit_code(monkeypatch: pytest.MonkeyPatch, folder: Path, floors: str) -> int:
    path = folder / "floors.toml"
    path.write_text(f"[floors]\n{floors}\n")
    monkeypatch.setattr(exam, "FLOORS", path)
    monkeypatch.setattr(sys, "argv", ["exam", "--corpus", str(folder), "--maild", "maild"])
    return exam.main()


@pytest.mark.parametrize(
    ("floors", "code", "said"),
    [
        pytest.param('"parsing" = 90.0', 0, "floor  90.00 %", id="held"),
        pytest.param('"parsing" = 90.01', 1, "BELOW", id="fell"),
        pytest.param("", 0, "no floor yet", id="no line drawn"),
    ],
)
def test_scores_against_their_floors(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    floors: str,
    code: int,
    said: str,
) -> None:
    assert _exit_code(monkeypatch, _corpus(tmp_path, RESULT), floors) == code
    shown = capsys.readouterr()
    assert said in shown.out
    assert ("parsing fell to 90.00 %" in shown.err) is bool(code)


def test_every_score_is_named() -> None:
    scores = {score.name: score.percent for score in exam.scored(RESULT, {})}
    assert scores == {
        "parsing": 90.0,
        "mails read at all": 100.0,
        "s (headers) pair_f1": 100.0,
        "s (headers) b3_f1": 50.0,
        "s (headers) exact_threads": 25.0,
        "s (headers) rightly joined": 100.0,
    }


@pytest.mark.parametrize(
    ("result", "code", "said"),
    [
        pytest.param(RESULT, 1, "failed with exit code 1", id="the scorer failed"),
        pytest.param(
            {"groups": {"parsing": {}}}, 0, "has no number 'percent'", id="a result of another form"
        ),
    ],
)
def test_a_scorer_that_cannot_be_used(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    result: object,
    code: int,
    said: str,
) -> None:
    assert _exit_code(monkeypatch, _corpus(tmp_path, result, code), "") == 2
    assert said in capsys.readouterr().err


def test_a_corpus_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _exit_code(monkeypatch, tmp_path, "") == 2
    assert "no score.py there" in capsys.readouterr().err


def test_the_floors_that_ship_can_be_read() -> None:
    assert exam.floors_of(Path(exam.__file__).with_name("exam.toml"))["mails read at all"] == 100.0
