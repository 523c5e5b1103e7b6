"""One connection to the SQLite file: how it is opened, its transactions, and what is said when it can't be used.

The file is in WAL mode, with turns (see `turns`). A rollback journal would need none, but each commit would wait for
the disk several times, and for all readers: a quick run of 8 epochs took 20 s with it where it takes 13.
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
from app.store.schema import bring_up_to_date
from app.store.write_lock import TurnError, Turns

_BUSY_SECONDS = 5.0


class Connection:
    """A connection to the SQLite file at `path`, which is made when it is missing; safe from any thread.

    Raises StoreError when the file can't be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._turns = Turns(path.with_suffix(".lock"))
            try:
                with self._turns.take(_BUSY_SECONDS):
                    self._sqlite = _open(path)
            except BaseException:
                self._turns.close()
                raise
        except (OSError, TurnError, sqlite3.Error) as error:
            raise StoreError(
                f"{path} can't be used ({error}). Make its folder writable, or point DESCENT_STATE_DIR to another."
            ) from error

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """Whole or not at all, and on the disk before it returns when `durable`. Raises StoreError.

        A power cut may take the last transactions of the others, never the file's integrity.
        """
        with self._lock, _telling_what_is_wrong(), self._turns.take(_BUSY_SECONDS):
            self._sqlite.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._sqlite.execute("BEGIN IMMEDIATE")
            try:
                yield self._sqlite
                self._sqlite.execute("COMMIT")
            except BaseException:
                # A disk that is full may have ended it already. Left open, it would refuse all that come after it.
                if self._sqlite.in_transaction:
                    self._sqlite.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds. Raises StoreError."""
        with self._lock, _telling_what_is_wrong():
            return self._sqlite.execute(query, values).fetchall()

    def close(self) -> None:
        """Lets go of the file; the last one to do so brings the WAL into it."""
        with self._lock:
            # Whoever gets no turn leaves that to the next one who opens the file.
            with suppress(TurnError), self._turns.take(_BUSY_SECONDS):
                self._sqlite.close()
            self._turns.close()


def _open(path: Path) -> sqlite3.Connection:
    sqlite = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        sqlite.row_factory = sqlite3.Row
        # First of all, so that whoever finds the file locked waits, whatever it asks for.
        sqlite.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")
        sqlite.execute("PRAGMA journal_mode = WAL")
        sqlite.execute("PRAGMA foreign_keys = ON")
        bring_up_to_date(sqlite)
        # SQLite would read such a file, and say so in the middle of a run only.
        if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "it is read-only")
    except BaseException:
        sqlite.close()
        raise
    return sqlite


@contextmanager
def _telling_what_is_wrong() -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, TurnError) as error:
        raise StoreBusyError(f"The store can't be used now ({error}). Try again; is the disk full?") from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
            raise
        raise StoreError(
            f"The file of runs is damaged ({error}). Stop the server, and put the state folder's last back-up back."
        ) from error
