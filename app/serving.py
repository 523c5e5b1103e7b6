"""The processes that serve, and the socket that they share."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from app import logs
from app.connection import Connection

# A client that is gone without a word, or has stopped to read, is cut off by the kernel.
_GONE_MS = 30_000
# What the kernel holds for a reader before this process notices that it does not read.
_MOST_UNSENT = 64 * 1024
# Not of every host: some allow a thousand million, and some programs count up to what is allowed.
_MOST_OPEN_FILES = 65_536
# What is being computed when the server is told to stop is waited for so long.
_GRACE_SECONDS = 3


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens from now on, so that whoever comes before the server is up waits for it. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.create_server((host, port), family=family, backlog=2048)
    # Each connection has these from the socket that it comes by.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _GONE_MS)
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MOST_UNSENT)
    return sock


def serve(sock: socket.socket, workers: int, log_config: dict[str, Any]) -> None:
    """Serves the app of `app.main` until a signal says to stop. `log_config` is for `logging.config.dictConfig`."""
    _allow_open_files()
    config = _Config(
        "app.main:create_app",
        factory=True,
        http=Connection,
        ws="none",
        workers=workers,
        server_header=False,
        log_config=log_config,
        # The app writes its own, without the query.
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    # Ctrl+C has done its work by then.
    with contextlib.suppress(KeyboardInterrupt):
        if workers > 1:
            _Workers(config, sockets=[sock]).run()
        else:
            uvicorn.Server(config).run(sockets=[sock])


class _Config(uvicorn.Config):
    """uvicorn's, which each process of a server calls to set its log up."""

    def configure_logging(self) -> None:
        super().configure_logging()
        logs.catch_the_rest()


class _Workers(Multiprocess):
    """uvicorn's, which looks only twice a second at the signals that came: too seldom to be gone in one."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._pass_on)

    def _pass_on(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a handler's signature
        for process in self.processes:
            if process.pid is not None and process.exitcode is None:
                os.kill(process.pid, signal.SIGTERM)
        self.signal_queue.append(number)


def _allow_open_files() -> None:
    """Each watcher is an open file, and many systems allow no more than 1,024 unless they are asked."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
