from __future__ import annotations

import contextlib
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.server import serving
from tests.support.server import RunningServer, running_server


@contextlib.contextmanager
def _few_files(most: int) -> Iterator[int]:
    """This process, and those that it starts, ask for no more open files. The block has the number they may ask for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, hard), hard))
    try:
        yield hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_server_asks_for_all_open_files_that_it_may_have(tmp_path: Path) -> None:
    with _few_files(1024) as hard, running_server(tmp_path / "state") as server:
        limits = Path(f"/proc/{server.process.pid}/limits").read_text()

    (line,) = [line for line in limits.splitlines() if line.startswith("Max open files")]
    assert int(line.split()[3]) == min(hard, 65_536)


def test_a_connection_sends_at_once_and_inherits_the_kernels_limits() -> None:
    with (
        serving.listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == 64 * 1024


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this system has no IPv6")
def test_the_address_of_all_takes_ipv4_and_ipv6() -> None:
    with serving.listen("::", 0) as listening:
        port = listening.getsockname()[1]
        for host in ("127.0.0.1", "::1"):
            socket.create_connection((host, port)).close()


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this system has no IPv6")
def test_an_ipv6_address_may_stand_in_brackets() -> None:
    with serving.listen("[::1]", 0) as listening:
        assert listening.getsockname()[0] == "::1"


def test_a_head_without_end_is_refused_as_a_problem(server: RunningServer) -> None:
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port or 0), timeout=20) as asking:
        asking.sendall(b"GET /healthz HTTP/1.1\r\na: ")
        with contextlib.suppress(ConnectionError):
            for _ in range(20):
                asking.sendall(b"b" * 65_536)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while piece := asking.recv(65_536):
                answer += piece
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert httpx.get(f"{server.url}healthz").status_code == 200


def test_a_request_to_speak_another_protocol_is_answered_as_any_other(server: RunningServer) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "x", "Sec-WebSocket-Version": "13"}

    assert httpx.get(f"{server.url}healthz", headers=upgrade).json() == {"status": "alive"}
