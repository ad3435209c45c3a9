"""The two READMEs say the same and show what happens; every relative link of a document leads somewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README, README_ZH = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]

LIMIT_S = 120
SHOWN = r"```console\n(.*?)^```"
NOT_RUN = {"apt-get", "make", "."}
"""What begins a line of a plain block that sets a machine up."""


def _blocks(page: str) -> list[tuple[str, str]]:
    """The language and the text of each code block."""
    return re.findall(r"^```(\w*)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def _headings(page: str) -> list[int]:
    """The level of each heading."""
    prose = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)]


def _targets(page: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", page)


def test_both_have_the_same_sections() -> None:
    assert _headings(README) == _headings(README_ZH)


def test_both_have_the_same_code_blocks() -> None:
    assert _blocks(README) == _blocks(README_ZH)


def test_both_link_to_the_same_pages_and_to_each_other() -> None:
    assert _targets(README)[0] == "README.zh-CN.md"
    assert _targets(README_ZH)[0] == "README.md"
    assert _targets(README)[1:] == _targets(README_ZH)[1:]


def _transcript() -> Iterator[tuple[str, str]]:
    """Each command that is shown after a `$`, with the output that is shown below it."""
    for shown in re.findall(SHOWN, README, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


TRANSCRIPT = list(_transcript())


def _environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILD_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return kept | {"PATH": path, "TZ": "UTC", "LANG": "C.UTF-8", "TERM": "dumb"}


def _run(commands: list[str], folder: Path) -> list[tuple[str, int]]:
    """The output and the exit code of each command, all in one shell, so that `export` and `$?` work."""
    mark = "--- end of a command ---"
    lines = [f"{command}\nstatus=$?; echo '{mark}' $status; (exit $status)" for command in commands]
    script = "exec 2>&1\n" + "\n".join(lines) + "\n"
    done = subprocess.run(
        ["/bin/bash", "-s"],
        input=script,
        cwd=folder,
        env=_environ(),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    parts = re.split(rf"^{mark} (\d+)\n", done.stdout, flags=re.MULTILINE)
    return [(output, int(code)) for output, code in zip(parts[::2], parts[1::2], strict=False)]


def _comparable(output: str) -> str:
    """Without the year of a number, hashes, due times, warnings that come late in a year, blanks around."""
    output = re.sub(r"\bC-\d{4}-", "C-YEAR-", output)
    output = re.sub(r"configuration [0-9a-f]{12}\b", "configuration HASH", output)
    output = re.sub(r"\bdue \d{4}-\d\d-\d\d \d\d:\d\d\b", "due TIME", output)
    output = re.sub(r"^warning: calendar .*\n", "", output, flags=re.MULTILINE)
    return re.sub(r"[ \t]+$", "", output, flags=re.MULTILINE).strip("\n")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int]]:
    """The commands that are shown, run one after the other in an empty folder."""
    return _run([command for command, _ in TRANSCRIPT], tmp_path_factory.mktemp("readme"))


def test_what_is_shown_is_what_happens(ran: list[tuple[str, int]]) -> None:
    happened = [_comparable(output) for output, _ in ran]
    assert happened == [_comparable(output) for _, output in TRANSCRIPT]


def test_each_command_ends_as_the_text_says(ran: list[tuple[str, int]]) -> None:
    assert [code for _, code in ran] == [_promised(place) for place in range(len(TRANSCRIPT))]


def _promised(place: int) -> int:
    """What `echo $?` shows after a command, else 0."""
    after = TRANSCRIPT[place + 1 : place + 2]
    return int(after[0][1]) if after and after[0][0] == "echo $?" else 0


def test_every_command_of_a_plain_block_exists() -> None:
    lines = [line for language, text in _blocks(README) if language == "sh" for line in text.splitlines()]
    ours = [line.split()[:2] for line in lines if line.split()[0] not in NOT_RUN]
    assert ours == [["maild", "run"]]
    assert [code for _, code in _run([f"{' '.join(words)} --help" for words in ours], ROOT)] == [0]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?<!install )make (\w+)", README))))
def test_every_target_of_make_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def _anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in _targets(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = page.parent / name if name else page
        if not linked.is_file() or (anchor and anchor not in _anchors(linked.read_text("utf-8"))):
            broken.append(target)
    assert broken == []
