"""The config folder that comes with maild, and that `maild init` copies.

In a source tree config/ stands beside the package; a wheel carries it as maild/_data/config.
"""

from pathlib import Path
from shutil import copyfile

import maild
from maild.app.keys import create_keys
from maild.errors import UsageError

KEYS_FILE = "keys"  # as the shipped maild.toml names it

_PACKAGE = Path(maild.__file__).parent


def shipped_config() -> Path:
    """The folder with the shipped configuration."""
    packed = _PACKAGE / "_data" / "config"
    return packed if packed.is_dir() else _PACKAGE.parent / "config"


def lay_out_config(folder: Path) -> tuple[Path, ...]:
    """Copy the shipped configuration to `folder` and make its keys; the files written, sorted.

    Raises: UsageError, naming them, when one of the files is there already; then nothing is written.
    """
    source = shipped_config()
    files = sorted(path.relative_to(source) for path in source.rglob("*") if _belongs(path))
    written = (*(folder / file for file in files), folder / KEYS_FILE)
    there = [str(path) for path in written if path.exists()]
    if there:
        raise UsageError(f"these files are there already and are left alone: {', '.join(there)}")
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        copyfile(source / file, folder / file)
    create_keys(folder / KEYS_FILE)
    return tuple(sorted(written))


def _belongs(path: Path) -> bool:
    return path.is_file() and path.name != KEYS_FILE and not path.name.startswith(".")
