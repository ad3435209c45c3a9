"""The servers as pytest fixtures: started once per run (and worker), stopped at its end."""

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import DovecotServer


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotServer]:
    """A Dovecot without accounts; a test makes accounts of its own, by names of its own."""
    server = DovecotServer.start()
    yield server
    server.stop()
