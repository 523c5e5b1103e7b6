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
from typing import NamedTuple

log = logging.getLogger(__name__)

# Tells the time in seconds since the epoch: processes have no other in common.
Clock = Callable[[], float]

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

_BUSY_MS = 1000
# After a failure this long without the file, so that one which is stuck costs no caller more than that now and then.
_WITHOUT_FILE_SECONDS = 5.0
_ALL = "*"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS wrong (address TEXT PRIMARY KEY, count REAL NOT NULL, at REAL NOT NULL)"
    " STRICT, WITHOUT ROWID"
)


class Attempts:
    """Counts in the file at `path`, which is made when it is first needed. For any number of threads."""

    def __init__(self, path: Path, clock: Clock = time.time) -> None:
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
            if waits := _look(self._memory, address, self._clock).waits:
                return waits
            if time.monotonic() >= self._without_file_until:
                try:
                    if self._file is None:
                        self._file = _open(self._path)
                    waits = _judge(self._file, address, is_right, self._clock)
                except sqlite3.Error as error:
                    self._leave_file(error)
                else:
                    self._without_file_until = 0.0
                    return waits
            return _judge(self._memory, address, is_right, self._clock)

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
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'wrong'").fetchone():
            # Processes that make the table at once wait for each other only if they ask for the lock at the start.
            db.executescript(f"BEGIN IMMEDIATE; {_TABLE}; COMMIT")
    except sqlite3.Error:
        db.close()
        raise
    return db


class _Seen(NamedTuple):
    """What counts at `now`: the address's wrong ones, and those over all that the time since has not made up for."""

    now: float
    wrong: float
    level: float
    waits: float


def _judge(db: sqlite3.Connection, address: str, is_right: bool, clock: Clock) -> float:
    # Whoever waits takes no lock that others want, and neither does a right token where nothing was wrong.
    seen = _look(db, address, clock)
    if seen.waits or (is_right and not seen.wrong):
        return seen.waits
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have counted meanwhile.
        seen = _look(db, address, clock)
        if not seen.waits and is_right:
            db.execute("DELETE FROM wrong WHERE address = ?", (address,))
        elif not seen.waits:
            # Since one a second is counted over all, what is kept of an hour is at most 3,660 addresses.
            db.execute("DELETE FROM wrong WHERE at NOT BETWEEN ? AND ?", (seen.now - FORGOTTEN_SECONDS, seen.now))
            for key, new in ((address, seen.wrong + 1), (_ALL, seen.level + 1)):
                db.execute("INSERT OR REPLACE INTO wrong VALUES (?, ?, ?)", (key, new, seen.now))
        db.execute("COMMIT")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return seen.waits


def _look(db: sqlite3.Connection, address: str, clock: Clock) -> _Seen:
    rows = db.execute("SELECT address, count, at FROM wrong WHERE address IN (?, ?)", (address, _ALL)).fetchall()
    # Only now, so that nothing that another process has just counted is later. What still is was counted before the
    # clock was set back, and counts no more: nobody waits until it is so late again.
    now = clock()
    found = {key: (count, now - at) for key, count, at in rows if 0 <= now - at <= FORGOTTEN_SECONDS}
    count, since = found.get(address, (0.0, 0.0))
    own = min(LONGEST_WAIT, 2.0 ** min(count - FREE, 16)) - since if count >= FREE else 0.0
    all_together, since = found.get(_ALL, (0.0, 0.0))
    level = max(0.0, all_together - since / SECONDS_OVER_ALL)
    return _Seen(now, count, level, max(0.0, own, (level + 1 - MOST_OVER_ALL) * SECONDS_OVER_ALL))
