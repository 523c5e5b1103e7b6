"""Turns of the connections to one SQLite file: those that commit, and those that bring the WAL into the file.

SQLite before 3.51.3 (and 3.50.7, 3.44.6) can lose pages in WAL mode when one connection commits, and begins the WAL
anew, while another brings the WAL into the file for the second time: https://sqlite.org/wal.html#walresetbug. Whoever
opens, commits or closes does so in its turn here, so no commit ever meets the work of another connection, whatever
SQLite there is. Readers take no turn: they do neither. The kernel ends the turn of a process that is killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

_FIRST_WAIT, _LONGEST_WAIT = 0.0002, 0.02


class TurnError(Exception):
    """Another connection has had its turn for too long."""


class Turns:
    """The turns of one connection, taken by an advisory lock on the file at `path`. Raises OSError.

    A file of its own, since closing any other descriptor of SQLite's would drop the locks that SQLite holds there.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    @contextlib.contextmanager
    def take(self, seconds: float) -> Iterator[None]:
        """Waits for a turn, which lasts as long as the block. Raises TurnError after so many seconds."""
        until, wait = time.monotonic() + seconds, _FIRST_WAIT
        while not self._try():
            if time.monotonic() > until:
                raise TurnError("another process is writing")
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _try(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        os.close(self._descriptor)
