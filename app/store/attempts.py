"""Wrong admin tokens: how many came of late, from each address and from all, and who has to wait for it.

The counts are in a SQLite file of their own, shared by all processes of a server: whoever guesses must not hold the
lock of the runs' store. Where that file can't be used, each process counts in its own memory.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

# People mistype and paste an old token: so many wrong ones cost an address nothing. After that it waits for 1 s, and
# with each more twice as long, up to a minute: 1,440 guesses a day, while a teacher whose pupils guess behind the same
# school's address needs patience, not the next day.
FREE = 5
LONGEST_WAIT = 60.0
# Guesses from many addresses: so many at once, and then one a second. That is more than a class mistypes. Of eight
# random letters and digits, half are guessed in 40,000 years; of a token of ours, none.
MOST_OVER_ALL = 60
SECONDS_OVER_ALL = 1.0
# An address with nothing wrong for an hour starts anew. Waiting for that gains nobody more than 5 guesses.
FORGOTTEN_SECONDS = 3600.0

_BUSY_MS = 250
# After a failure this long without the file, so that one which is stuck costs no caller more than that now and then.
_WITHOUT_FILE_SECONDS = 5.0
_ALL = "*"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS wrong (address TEXT PRIMARY KEY, count REAL NOT NULL, at REAL NOT NULL)"
    " STRICT, WITHOUT ROWID"
)


class Attempts:
    """Counts in the file at `path`, which is made when it is first needed. For any number of threads.

    `clock` tells the time in seconds since the epoch; processes have no other in common.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = path, clock
        self._lock = threading.Lock()
        self._memory = _open(":memory:")
        self._file: sqlite3.Connection | None = None
        self._without_file_until = 0.0

    def judge(self, address: str, is_right: bool) -> float:
        """The seconds for which `address` has to wait, or 0 when it may be told whether its token is right.

        A wrong token is counted, a right one clears what was counted of its address. Among tokens that come at once
        an order is held, across processes too: none is told more than it would be one after the other. While an
        address waits, a right token changes neither the answer nor the work for it.
        """
        with self._lock:
            now = self._clock()
            if waits := _wait(self._memory, address, now):
                return waits
            if time.monotonic() >= self._without_file_until:
                try:
                    if self._file is None:
                        self._file = _open(self._path)
                    waits = _judge(self._file, address, is_right, now)
                except sqlite3.Error as error:
                    self._leave_file(error)
                else:
                    self._without_file_until = 0.0
                    return waits
            return _judge(self._memory, address, is_right, now)

    def close(self) -> None:
        with self._lock:
            self._memory.close()
            if self._file is not None:
                self._file.close()

    def _leave_file(self, error: sqlite3.Error) -> None:
        if not self._without_file_until:
            log.warning(
                "Each process counts wrong tokens by itself, since %s can't be used (%s)."
                " Make room on the disk and its folder writable; delete the file if it is damaged.",
                *(self._path, error),
            )
        self._without_file_until = time.monotonic() + _WITHOUT_FILE_SECONDS
        if self._file is not None:
            # The next is a new one: the file may have been replaced.
            with contextlib.suppress(sqlite3.Error):
                self._file.close()
            self._file = None


def _open(path: Path | str) -> sqlite3.Connection:
    """Raises sqlite3.Error."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        # No write-ahead log: there are few writes, since whoever waits is not counted.
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute(_TABLE)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _judge(db: sqlite3.Connection, address: str, is_right: bool, now: float) -> float:
    # Whoever waits takes no lock that others want, and neither does a right token where nothing was wrong.
    if waits := _wait(db, address, now):
        return waits
    if is_right and _count(db, address, now) is None:
        return 0.0
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have counted meanwhile.
        waits = _wait(db, address, now)
        if not waits:
            if is_right:
                db.execute("DELETE FROM wrong WHERE address = ?", (address,))
            else:
                _add(db, address, now)
        db.execute("COMMIT")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return waits


def _add(db: sqlite3.Connection, address: str, now: float) -> None:
    # Since one a second is counted over all, what is kept of an hour is at most 3,660 addresses.
    db.execute("DELETE FROM wrong WHERE at NOT BETWEEN ? AND ?", (now - FORGOTTEN_SECONDS, now))
    count, _ = _count(db, address, now) or (0.0, now)
    for key, new in ((address, count + 1), (_ALL, _level(db, now) + 1)):
        db.execute("INSERT OR REPLACE INTO wrong VALUES (?, ?, ?)", (key, new, now))


def _wait(db: sqlite3.Connection, address: str, now: float) -> float:
    own = 0.0
    if (found := _count(db, address, now)) and found[0] >= FREE:
        count, at = found
        own = at + min(LONGEST_WAIT, 2.0 ** min(count - FREE, 16)) - now
    over_all = (_level(db, now) + 1 - MOST_OVER_ALL) * SECONDS_OVER_ALL
    return max(0.0, own, over_all)


def _level(db: sqlite3.Connection, now: float) -> float:
    """The wrong ones over all that are not made up for by the time since."""
    found = _count(db, _ALL, now)
    return max(0.0, found[0] - (now - found[1]) / SECONDS_OVER_ALL) if found else 0.0


def _count(db: sqlite3.Connection, key: str, now: float) -> tuple[float, float] | None:
    """How many, and when the last; None if it was never, too long ago, or later than now.

    What was counted later than now was counted before the clock was set back: nobody waits until it is so late again.
    """
    row: tuple[float, float] | None = db.execute(
        "SELECT count, at FROM wrong WHERE address = ? AND at BETWEEN ? AND ?", (key, now - FORGOTTEN_SECONDS, now)
    ).fetchone()
    return row
