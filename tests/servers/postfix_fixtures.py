"""Postfix and the sink behind it as pytest fixtures: one of each per run (and worker)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.servers.postfix import PostfixServer, PostfixSetup
from tests.servers.sink import Sink

SIZE_LIMIT_BYTES = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PostfixAndSink:
    """A Postfix, and where its mail ends up; several tests use it, each with addresses of its own."""

    server: PostfixServer
    sink: Sink


@pytest.fixture(scope="session")
def postfix() -> Iterator[PostfixAndSink]:
    """A Postfix that hands all mail to a sink; it takes at most 500,000 bytes a mail."""
    with Sink() as sink:
        next_hop = f"smtp:[{sink.host}]:{sink.port}"
        server = PostfixServer.start(PostfixSetup(next_hop=next_hop, size_limit_bytes=SIZE_LIMIT_BYTES))
        yield PostfixAndSink(server=server, sink=sink)
        server.stop()
