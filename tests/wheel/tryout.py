"""Installs a wheel into a new environment, away from the source, and does the first things a person would.

    python -m tests.wheel.tryout dist/maild-*.whl

Exit 0 when `maild init` writes a config, `maild check` accepts it, a database is migrated and searched, a
shipped scenario is played.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

MAIL = "From: li@customer.example\nTo: kefu@example.com\nMessage-ID: <1@x>\nSubject: 投诉电池\n\n电池坏了\n"


def main(wheel: Path) -> None:
    """Raises: CalledProcessError when a step fails; its output is shown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        lock = Path("requirements.lock").absolute()
        _run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(lock)],
            folder,
        )
        _run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", str(wheel.absolute())], folder)
        maild = str(folder / "venv" / "bin" / "maild")
        (folder / "one.eml").write_text(MAIL, encoding="utf-8")
        for step in (
            [maild, "--version"],
            [maild, "init"],
            [maild, "check"],
            [maild, "import", "one.eml"],
            [maild, "search", "电池"],
            [maild, "rehearse", "config/rehearsals/complaint.yaml"],
        ):
            _run(step, folder)


def _run(command: list[str], folder: Path) -> None:
    sys.stdout.write(f"$ {' '.join(Path(word).name for word in command)}\n")
    sys.stdout.flush()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ |= {"MAILD_SERVICE_PASSWORD": "secret", "LANG": "C.UTF-8"}
    subprocess.run(command, cwd=folder, env=environ, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
