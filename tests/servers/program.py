"""What every server under test needs: its program, a free port, a start that is waited for, an end."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from maild.clock import monotonic_s

START_S = 20.0
STOP_S = 10.0
POLL_S = 0.02


class ServerMissing(RuntimeError):
    """A program that the tests need is not installed."""


def program(name: str, package: str, folders: str = "/usr/sbin:/usr/bin:/sbin:/bin") -> Path:
    """Where program `name` is. Raises: ServerMissing, naming the Debian package that has it."""
    found = shutil.which(name, path=folders)
    if found is None:
        raise ServerMissing(
            f"{name} is missing: install the Debian package {package} (tests/servers/install.sh)"
        )
    return Path(found)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listened on just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], what: str, limit_s: float = START_S) -> None:
    """Return once `condition()` holds. Raises: TimeoutError with `what` after `limit_s`."""
    ends_s = monotonic_s() + limit_s
    pause = threading.Event()
    while not condition():
        if monotonic_s() > ends_s:
            raise TimeoutError(f"waited {limit_s:g} s in vain: {what}")
        pause.wait(POLL_S)


def greets(port: int, start: bytes) -> bool:
    """Whether whoever listens on `port` greets with `start`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            return line.recv(len(start)) == start
    except OSError:
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End `process`, kindly first; returns once it is gone."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
