"""Watchers as they are on bad days: cut off in the middle of an event, or connected and never reading."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from tests.faults.torture import SECONDS
from tests.support.server import Server

# No event holds a carriage return, so this can't be part of one.
_CHUNK = re.compile(rb"(?:^|\r\n)[0-9a-f]+\r\n")
_EVENT = re.compile(rb"event: (\w+)\ndata: \{.*\}\nid: (\d+)$")
_LAST_CHUNK = b"\r\n0\r\n\r\n"


T = TypeVar("T")


def run_bounded(scenario: Coroutine[Any, Any, T]) -> T:
    """What the scenario returns. Raises TimeoutError when it takes longer than any of them may."""

    async def bounded() -> T:
        return await asyncio.wait_for(scenario, SECONDS)

    return asyncio.run(bounded())


class Watcher:
    """Reads the stream of a run over a socket of its own.

    `ids` are those of the events that came whole, without that of the end.
    """

    def __init__(self, server: Server, run_id: int) -> None:
        parts = urlsplit(server.url)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._path = f"/runs/{run_id}/events"
        self.ids: list[int] = []
        self.status = 0
        self.has_end = False
        self.has_whole_answer = False

    async def watch(self, most_bytes: int | None = None) -> None:
        """From where it was to the end of the answer, or until it has read so many bytes and is cut off."""
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=1 << 20)
        last = f"Last-Event-ID: {self.ids[-1]}\r\n" if self.ids else ""
        writer.write(f"GET {self._path} HTTP/1.1\r\nHost: x\r\n{last}\r\n".encode())
        came, rest, self.has_whole_answer = 0, b"", False
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.status = int(head.split(b" ", 2)[1])
            while (left := (1 << 17) if most_bytes is None else most_bytes - came) > 0:
                piece = await reader.read(min(left, 1 << 17))
                came, rest = came + len(piece), rest + piece
                rest = self._read(rest)
                if not piece or self.has_whole_answer:
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.transport.abort()

    def _read(self, came: bytes) -> bytes:
        """Takes the whole events, and returns what follows them."""
        self.has_whole_answer = came.endswith(_LAST_CHUNK)
        # The last line may be cut, and the size of a piece within it.
        whole, end, rest = came.rpartition(b"\n\n")
        if not end:
            return came
        for event in _CHUNK.sub(b"", whole).split(b"\n\n"):
            if (found := _EVENT.search(event)) is None:
                continue
            if found[1] == b"end":
                self.has_end = True
            else:
                self.ids.append(int(found[2]))
        return rest


class Stalled:
    """Asks for the stream of what is at `path`, a run or a room, and reads nothing of it."""

    def __init__(self, server: Server, path: str) -> None:
        parts = urlsplit(server.url)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.connect((parts.hostname, parts.port))
        self._socket.sendall(f"GET /{path}/events HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    def close(self) -> None:
        self._socket.close()


class Process:
    """A process as the kernel shows it."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")

    @property
    def sockets(self) -> int:
        found = 0
        for file in (self._folder / "fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed since
                found += str(file.readlink()).startswith("socket:")
        return found

    @property
    def open_files(self) -> int:
        return len(list((self._folder / "fd").iterdir()))

    @property
    def memory(self) -> int:
        """Bytes that are its own."""
        found = re.search(r"Private_Dirty:\s+(\d+)", (self._folder / "smaps_rollup").read_text())
        assert found is not None
        return int(found[1]) * 1024


def watchers_of(server: Server) -> int:
    """How many streams are open, by the server's metrics."""
    found = re.search(r"^descent_watchers ([\d.]+)", httpx.get(f"{server.url}metrics").text, re.MULTILINE)
    assert found is not None
    return int(float(found[1]))
