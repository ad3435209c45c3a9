"""maild: shared mailboxes in, answered and archived cases out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("maild")
except PackageNotFoundError:  # a bare source tree, never installed
    __version__ = "0+source"
