"""A line between a client and a server that a test can cut, and mend."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from urllib.parse import urlsplit


class Line:
    """Passes bytes on, both ways. While cut, it drops what is connected and refuses, or answers, what comes."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "", parts.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connected: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._is_cut = False
        self._answer = b""
        user, at, _ = parts.netloc.rpartition("@")
        self.url = parts._replace(netloc=f"{user}{at}127.0.0.1:{self._listener.getsockname()[1]}").geturl()

    def cut(self, answer_with: bytes = b"") -> None:
        self._is_cut, self._answer = True, answer_with
        for end in self._connected:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._is_cut = False

    def __enter__(self) -> Line:
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for the next one
        self._threads.pop(0).join()
        self.cut()
        for thread in self._threads:
            thread.join()
        for end in (self._listener, *self._connected):
            end.close()

    def _start(self, target: Callable[..., None], *args: socket.socket) -> None:
        self._threads.append(threading.Thread(target=target, args=args, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                with near, contextlib.suppress(OSError):
                    if self._answer:
                        near.recv(65536)  # closing with the question unread would reset the line before the answer
                        near.sendall(self._answer)
                continue
            try:
                far = socket.create_connection(self._server)
            except OSError:  # the server is down
                near.close()
                continue
            self._connected += [near, far]
            for source, sink in ((near, far), (far, near)):
                self._start(self._pass_on, source, sink)

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
