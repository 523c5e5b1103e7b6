"""The server processes and their shared socket."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import tempfile
from types import FrameType
from typing import Any

import uvicorn
from prometheus_client import multiprocess
from uvicorn.supervisors import Multiprocess

from app.server import logs
from app.server.protocol import Connection

# The kernel closes a connection whose client vanished. Without this, small events would wait in the kernel's buffer
# for a quarter of an hour before the process noticed.
_GONE_MS = 30_000
# Unsent bytes in the kernel before this process notices that the client does not read.
_MAX_UNSENT = 64 * 1024
# Some hosts allow a billion, and some programs loop over all that are allowed.
_MAX_OPEN_FILES = 65_536
# A server process that does not answer the supervisor for this long is replaced. On a busy machine it may be late for
# seconds, and replacing it cuts off all who watch.
_HUNG_SECONDS = 60
# How long a stopping server waits for answers that are being computed.
GRACE_SECONDS = 3


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens from now on, so that early clients wait until the server is up. Raises OSError.

    An IPv6 address may stand in brackets, as in a URL. `::` takes IPv4 too, where the system can.
    """
    host = host.removeprefix("[").removesuffix("]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    takes_both = host == "::" and socket.has_dualstack_ipv6()
    sock = socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=takes_both)
    # Accepted connections inherit these options. uvicorn has no setting for them.
    # Otherwise the body of an answer may wait in the kernel until the client has acknowledged its head: 40 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _GONE_MS)
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MAX_UNSENT)
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
        # The app writes its own access log, without the query.
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=_HUNG_SECONDS,
    )
    # uvicorn raises it again after it has stopped because of Ctrl+C.
    with contextlib.suppress(KeyboardInterrupt):
        if workers > 1:
            with tempfile.TemporaryDirectory(prefix="descent-metrics-") as folder:
                # The server processes share their metrics here. prometheus_client looks for it when it is imported.
                os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
                _Workers(config, sockets=[sock]).run()
        else:
            uvicorn.Server(config).run(sockets=[sock])


class _Config(uvicorn.Config):
    """uvicorn's configuration. Each server process calls `configure_logging`."""

    def configure_logging(self) -> None:
        super().configure_logging()
        logs.log_uncaught()


class _Workers(Multiprocess):
    """uvicorn's supervisor, which passes signals on at once and notices at once that a process has ended.

    uvicorn's own supervisor polls twice a second, so its processes could not end within one.
    """

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._known: set[int | None] = set()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._pass_on)

    def keep_subprocess_alive(self) -> None:
        for process in self.processes:
            # This is the process's end of a pipe. While it is open here too, a process that ends just as it is asked
            # whether it works would be waited for until it counts as hung.
            process.child_conn.close()
        super().keep_subprocess_alive()
        present = {process.pid for process in self.processes}
        for pid in self._known - present:
            multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
        self._known = present

    def _pass_on(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a handler's signature
        for process in self.processes:
            if process.pid is not None and process.exitcode is None:
                os.kill(process.pid, signal.SIGTERM)
        self.signal_queue.append(number)


def _allow_open_files() -> None:
    """Each watcher is an open file, and many systems allow no more than 1,024 of them by default."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = _MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _MAX_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
