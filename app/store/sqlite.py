"""The embedded store: one SQLite file in WAL mode, shared by the server's processes and the training process."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.store.base import ACTIVE, Event, Publication, Run, Status, StoreBusyError, StoreError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    status TEXT NOT NULL,
    reason TEXT,
    settings TEXT NOT NULL,
    steps INTEGER NOT NULL,
    step INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL DEFAULT 0,
    cost REAL,
    accuracy REAL,
    test_accuracy REAL,
    created_at TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS events (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (run_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS publications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    published_at TEXT NOT NULL,
    rolled_back_at TEXT
) STRICT;
"""
_CURRENT = "SELECT name, version, run_id, published_at FROM publications WHERE rolled_back_at IS NULL"
_BUSY_MS = 5000


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class SqliteRunStore:
    """A `RunStore` in the SQLite file at `path`, which is made when it is missing.

    Raises StoreError when the file can't be opened or written.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
            # First of all, so that two processes that open a new file at once wait for each other.
            self._connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{path} can't be used ({error}). Make its folder writable, or point DESCENT_STATE_DIR to another."
            ) from error
        self._lock = threading.Lock()

    @contextmanager
    def _transaction(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """Whole or not at all, and on the disk before it returns when `durable`.

        A power cut may take the last transactions of the others, never the file's integrity.
        """
        with self._lock, _telling_what_is_wrong():
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._lock, _telling_what_is_wrong():
            return self._connection.execute(query, values).fetchall()

    def create_run(self, settings: Mapping[str, Any], steps: int) -> Run:
        with self._transaction() as db:
            row = db.execute(
                "INSERT INTO runs (status, settings, steps, created_at) VALUES ('starting', ?, ?, ?) RETURNING *",
                (json.dumps(dict(settings)), steps, _now()),
            ).fetchone()
        return _run(row)

    def run(self, run_id: int) -> Run | None:
        rows = self._rows("SELECT * FROM runs WHERE id = ?", run_id)
        return _run(rows[0]) if rows else None

    def runs(self, limit: int = 100, before: int | None = None) -> list[Run]:
        rows = self._rows(
            "SELECT * FROM runs WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2",
            before,
            limit,
        )
        return [_run(row) for row in rows]

    def active_run(self) -> Run | None:
        rows = self._rows("SELECT * FROM runs WHERE status IN (?, ?, ?) ORDER BY id LIMIT 1", *ACTIVE)
        return _run(rows[0]) if rows else None

    def begin(self, run_id: int) -> bool:
        with self._transaction() as db:
            changed = db.execute(
                "UPDATE runs SET status = 'running', started_at = coalesce(started_at, ?)"
                " WHERE id = ? AND status = 'starting'",
                (_now(), run_id),
            )
        return changed.rowcount == 1

    def ask_to_stop(self, run_id: int) -> bool:
        with self._transaction() as db:
            changed = db.execute(
                "UPDATE runs SET status = 'stopping' WHERE id = ? AND status IN (?, ?, ?)", (run_id, *ACTIVE)
            )
        return changed.rowcount == 1

    def reopen(self, run_id: int) -> Run:
        with self._transaction() as db:
            row = db.execute(
                "UPDATE runs SET status = 'starting', reason = NULL, ended_at = NULL, test_accuracy = NULL"
                " WHERE id = ? AND status IN ('stopped', 'failed') RETURNING *",
                (run_id,),
            ).fetchone()
            if row is None:
                raise StoreError(f"Run {run_id} is neither stopped nor failed, so it can't go on. Start a new one.")
            db.execute(
                "UPDATE events SET name = 'resume', data = ? WHERE run_id = ? AND name = 'end'",
                (json.dumps({"step": row["step"]}), run_id),
            )
        return _run(row)

    def append(self, run_id: int, events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        with self._transaction() as db:
            for name, data in events:
                _append(db, run_id, name, data)
                if name == "cost":
                    db.execute(
                        "UPDATE runs SET step = ?, epoch = ? WHERE id = ?", (data["step"], data["epoch"], run_id)
                    )
                elif name == "epoch":
                    db.execute(
                        "UPDATE runs SET cost = ?, accuracy = ? WHERE id = ?", (data["cost"], data["accuracy"], run_id)
                    )

    def end(self, run_id: int, status: Status, reason: str | None = None, test_accuracy: float | None = None) -> bool:
        with self._transaction() as db:
            ended = db.execute(
                "UPDATE runs SET status = ?, reason = ?, test_accuracy = ?, ended_at = ?"
                " WHERE id = ? AND status IN (?, ?, ?)",
                (status, reason, test_accuracy, _now(), run_id, *ACTIVE),
            )
            if ended.rowcount == 1:
                _append(db, run_id, "end", {"status": status, "reason": reason})
        return ended.rowcount == 1

    def events(self, run_id: int, after: int = 0) -> list[Event]:
        rows = self._rows(
            "SELECT id, name, data FROM events WHERE run_id = ? AND id > ? ORDER BY id",
            run_id,
            after,
        )
        return [Event(row["id"], row["name"], json.loads(row["data"])) for row in rows]

    def publish(self, name: str, version: str, run_id: int) -> Publication:
        published = Publication(name, version, run_id, _now())
        with self._transaction(durable=True) as db:
            db.execute(
                "INSERT INTO publications (name, version, run_id, published_at) VALUES (?, ?, ?, ?)",
                (published.name, published.version, published.run_id, published.published_at),
            )
        return published

    def roll_back(self, name: str) -> Publication | None:
        with self._transaction(durable=True) as db:
            rolled_back = db.execute(
                "UPDATE publications SET rolled_back_at = ? WHERE id ="
                " (SELECT max(id) FROM publications WHERE name = ? AND rolled_back_at IS NULL)",
                (_now(), name),
            )
            if rolled_back.rowcount == 0:
                raise StoreError(f"Nothing that was published is served as {name!r}, so there is nothing to roll back.")
        return self.publications().get(name)

    def publications(self) -> dict[str, Publication]:
        return {row["name"]: Publication(*row) for row in self._rows(f"{_CURRENT} ORDER BY id")}

    def close(self) -> None:
        with self._lock:
            self._connection.close()


@contextmanager
def _telling_what_is_wrong() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreBusyError(f"The store can't be used now ({error}). Try again; is the disk full?") from error


def _append(db: sqlite3.Connection, run_id: int, name: str, data: Mapping[str, Any]) -> None:
    db.execute(
        "INSERT INTO events (run_id, id, name, data)"
        " SELECT ?1, coalesce(max(id), 0) + 1, ?2, ?3 FROM events WHERE run_id = ?1",
        (run_id, name, json.dumps(dict(data))),
    )


def _run(row: sqlite3.Row) -> Run:
    return Run(**{**dict(row), "settings": json.loads(row["settings"])})
