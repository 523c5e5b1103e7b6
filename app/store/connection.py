"""A connection to the SQLite file: opening it, its transactions, and its errors as StoreError.

The file is in WAL mode, with a lock around writes (see `write_lock`). A rollback journal would not need the lock, but
every commit would wait for the disk several times and for all readers: a quick run of 8 epochs took 20 s, not 13.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.store.records import StoreBusyError, StoreError
from app.store.schema import migrate
from app.store.write_lock import WriteLock, WriteLockError

_BUSY_SECONDS = 5.0


class Connection:
    """A connection to the SQLite file at `path`, created if missing. Thread-safe.

    Raises StoreError when the file can't be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write_lock = WriteLock(path.with_suffix(".lock"))
            try:
                with self._write_lock.hold(_BUSY_SECONDS):
                    self._sqlite = _open(path)
            except BaseException:
                self._write_lock.close()
                raise
        except (OSError, WriteLockError, sqlite3.Error) as error:
            raise StoreError(
                f"{path} can't be used ({error}). Make its folder writable, or point DESCENT_STATE_DIR to another."
            ) from error

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """Commits the block, or rolls it back if it raises. Raises StoreError.

        A `durable` transaction is on the disk before this returns. A power cut may undo the last of the others, but
        never damages the file.
        """
        with self._lock, _store_errors(), self._write_lock.hold(_BUSY_SECONDS):
            self._sqlite.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._sqlite.execute("BEGIN IMMEDIATE")
            try:
                yield self._sqlite
                self._sqlite.execute("COMMIT")
            except BaseException:
                # On a full disk SQLite may have rolled back already. An open transaction would block every later one.
                if self._sqlite.in_transaction:
                    self._sqlite.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a query. Raises StoreError."""
        with self._lock, _store_errors():
            return self._sqlite.execute(query, values).fetchall()

    def truncate_wal(self) -> None:
        """Empties the WAL, in which deleted rows can still be read. Raises StoreError.

        Does nothing while a back-up reads the file.
        """
        with self._lock, _store_errors(), self._write_lock.hold(_BUSY_SECONDS):
            self._sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        """Closes the file. The last connection to close checkpoints the WAL."""
        with self._lock:
            # Without the lock, the checkpoint is left to the next process that opens the file.
            with suppress(WriteLockError), self._write_lock.hold(_BUSY_SECONDS):
                self._sqlite.close()
            self._write_lock.close()


def _open(path: Path) -> sqlite3.Connection:
    sqlite = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        sqlite.row_factory = sqlite3.Row
        # First, so that every later statement waits while the file is locked.
        sqlite.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")
        sqlite.execute("PRAGMA journal_mode = WAL")
        sqlite.execute("PRAGMA foreign_keys = ON")
        # Zeros replace what is deleted: a class's drawings must not stay in the file.
        sqlite.execute("PRAGMA secure_delete = ON")
        migrate(sqlite)
        # SQLite opens a read-only file without an error, and would fail only in the middle of a run.
        if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "it is read-only")
    except BaseException:
        sqlite.close()
        raise
    return sqlite


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, WriteLockError) as error:
        raise StoreBusyError(f"The store can't be used now ({error}). Try again; is the disk full?") from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
            raise
        raise StoreError(
            f"The file of runs is damaged ({error}). Stop the server, and restore the last backup of the state folder."
        ) from error
