"""The whole reader under a coverage-guided fuzzer: no input raises, hangs or fills the memory."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
MAIL = ROOT / "tests" / "corpus" / "mail"
DURATION_S = int(os.environ.get("MAILD_FUZZ_S", "600"))
MAX_INPUT_BYTES = 16_384
MAX_MEMORY_MIB = 1_024
# Of one input, read with the fuzzer's counters in each line: some thirty times slower than without.
MAX_INPUT_S = 20
START_AND_END_S = 120

# What mail is made of, so that the fuzzer need not guess it byte by byte (libFuzzer's dictionary format).
WORDS = (
    "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    "Content-Type: message/rfc822",
    "Content-Type: message/delivery-status",
    "Content-Type: application/ms-tnef; name=winmail.dat",
    "Content-Type: text/html; charset=gb2312",
    "Content-Type: text/plain; format=flowed; delsp=yes",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "Content-Disposition: attachment; filename*0*=utf-8''%e4",
    "=?gb2312?B?xOO6?=",
    "=?utf-8?Q?=E4?=",
    "\\x0a--b\\x0a",
    "\\x0a--b--\\x0a",
    "\\x0a\\x0a",
    "\\x0d\\x0a",
    "Final-Recipient: rfc822; a@b.example",
    "Status: 5.1.1",
    "Subject: Undelivered mail",
    "From: MAILER-DAEMON",
    "begin 644 a",
    "<blockquote>",
    "<div style='display:none'>",
    "-----Original Message-----",
    "\\xe5\\x9b\\x9e\\xe5\\xa4\\x8d\\xef\\xbc\\x9a",
    "\\x1b$B",
    "\\xff\\xfe",
)


def test_no_input_breaks_the_reader(tmp_path: Path) -> None:
    found = tmp_path / "found"
    found.mkdir()
    seeds = tmp_path / "seeds"
    shutil.copytree(MAIL, seeds, ignore=shutil.ignore_patterns("*.json"))
    words = tmp_path / "words.dict"
    words.write_text("".join(f'"{word}"\n' for word in WORDS), "ascii")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.soak.fuzz_reader",
            str(seeds),
            f"-dict={words}",
            f"-artifact_prefix={found}/",
            f"-max_total_time={DURATION_S}",
            f"-max_len={MAX_INPUT_BYTES}",
            f"-timeout={MAX_INPUT_S}",
            f"-rss_limit_mb={MAX_MEMORY_MIB}",
            "-print_final_stats=1",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=DURATION_S + MAX_INPUT_S + START_AND_END_S,
        check=False,
    )
    sys.stdout.write("\n" + "\n".join(run.stdout.splitlines()[-12:]) + "\n")
    assert run.returncode == 0, f"kept in {found}: {sorted(each.name for each in found.iterdir())}"
    assert "stat::number_of_executed_units" in run.stdout
