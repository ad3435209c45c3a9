"""The sink as a process of its own: what it has taken is on disk when it says so, and after a kill."""

import smtplib
import subprocess
import sys
from pathlib import Path

from tests.servers.program import stop
from tests.servers.sink import Taken, read_folder


def test_what_it_took_outlives_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.servers.sink", "--folder", str(tmp_path / "mails")]
    root = Path(__file__).parents[3]
    for number in (1, 2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
            assert process.stdout is not None
            port = int(process.stdout.readline().rpartition(b":")[2])
            with smtplib.SMTP("127.0.0.1", port) as client:
                client.sendmail("a@example.test", ["b@example.test"], f"Subject: {number}\r\n\r\nx\r\n")
            process.kill()
    assert read_folder(tmp_path / "mails") == [
        Taken(
            sender="a@example.test",
            recipients=("b@example.test",),
            raw=f"Subject: {number}\r\n\r\nx\r\n".encode(),
        )
        for number in (1, 2)
    ]


def test_it_ends_when_asked(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.servers.sink", "--folder", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])
    assert process.stdout is not None
    with process.stdout as output:
        output.readline()
        stop(process)
    assert process.returncode == 0
