"""The lock that a connection to the SQLite file holds while it opens, commits or closes.

SQLite before 3.51.3 (and 3.50.7, 3.44.6) can lose pages in WAL mode when one connection commits and restarts the WAL
while another checkpoints it a second time: https://sqlite.org/wal.html#walresetbug. This lock keeps them apart,
whatever version of SQLite is installed. Readers need no lock. The kernel releases the lock of a process that is killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

_FIRST_WAIT, _MAX_WAIT = 0.0002, 0.02


class WriteLockError(Exception):
    """Another connection held the lock for too long."""


class WriteLock:
    """One connection's handle on the advisory lock file at `path`. Raises OSError.

    A separate file, because closing any descriptor of the database itself would drop SQLite's own locks on it.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    @contextlib.contextmanager
    def hold(self, seconds: float) -> Iterator[None]:
        """Holds the lock for the block. Waits up to `seconds` for it, then raises WriteLockError."""
        until, wait = time.monotonic() + seconds, _FIRST_WAIT
        while not self._try():
            if time.monotonic() > until:
                raise WriteLockError("another process is writing")
            time.sleep(wait)
            wait = min(2 * wait, _MAX_WAIT)
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
