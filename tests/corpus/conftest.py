"""`--update-golden` accepts what the reader now says of each message as right."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option; it is there when the corpus is named on the command line."""
    parser.addoption("--update-golden", action="store_true", help="accept the reader's output as right")
