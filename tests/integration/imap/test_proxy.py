"""The proxy that breaks lines for other tests, itself tested."""

import socket
from collections.abc import Iterator

import pytest

from tests.servers.program import wait_until
from tests.servers.proxy import Side, TcpProxy, Trap
from tests.servers.scripted import ScriptedServer


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(b"hello\n", lambda words: b"echo " + words) as running:
        yield running


@pytest.fixture
def proxy(server: ScriptedServer) -> Iterator[TcpProxy]:
    with TcpProxy(server.port) as running:
        yield running


@pytest.fixture
def line(proxy: TcpProxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as connected:
        assert connected.recv(100) == b"hello\n"
        yield connected


def ended(line: socket.socket) -> bool:
    try:
        return line.recv(100) == b""
    except ConnectionResetError:
        return True


def test_bytes_go_both_ways(proxy: TcpProxy, line: socket.socket) -> None:
    line.sendall(b"one\n")
    assert line.recv(100) == b"echo one\n"
    assert proxy.connections == 1


def test_a_cut_ends_the_line_and_lets_the_next_in(
    proxy: TcpProxy, line: socket.socket, server: ScriptedServer
) -> None:
    proxy.cut()
    assert ended(line)
    assert proxy.connections == 0
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as anew:
        assert anew.recv(100) == b"hello\n"


def test_a_stall_holds_bytes_back_until_it_is_over(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.stall()
    line.sendall(b"one\n")
    line.settimeout(0.2)
    with pytest.raises(TimeoutError):
        line.recv(100)
    proxy.resume()
    line.settimeout(5)
    assert line.recv(100) == b"echo one\n"


def test_refusing_ends_each_line_at_once(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.refuse()
    assert ended(line)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as refused:
        assert ended(refused)
    proxy.accept()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as anew:
        assert anew.recv(100) == b"hello\n"


@pytest.mark.parametrize("forward", [True, False])
def test_a_trap_cuts_before_the_answer(
    proxy: TcpProxy, line: socket.socket, server: ScriptedServer, forward: bool
) -> None:
    proxy.set_trap(Trap(side=Side.CLIENT, needle=b"\n.\n", forward=forward))
    line.sendall(b"one\n")
    assert line.recv(100) == b"echo one\n"
    line.sendall(b".\n")  # the needle comes in two pieces
    assert ended(line)
    if forward:
        wait_until(lambda: server.lines == [b"one\n", b".\n"], "the final dot")
    else:
        assert server.lines == [b"one\n"]


def test_a_trap_springs_once_and_by_count_of_bytes(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.set_trap(Trap(side=Side.SERVER, after_bytes=10, forward=False))
    line.sendall(b"one\n")
    assert ended(line)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as anew:
        assert anew.recv(100) == b"hello\n"
        anew.sendall(b"two\n")
        assert anew.recv(100) == b"echo two\n"
