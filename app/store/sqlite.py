"""The RunStore in an SQLite file, shared by the server processes and the workers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from app.store.connection import Connection
from app.store.records import ACTIVE, RESUMABLE, Event, Publication, Run, Status, StoreError, Sweep

_CURRENT = "SELECT * FROM publications WHERE rolled_back_at IS NULL"
_CANCELLED = "It was cancelled before it started."


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class SqliteRunStore:
    """A `RunStore` in the SQLite file at `path`, created if missing.

    Raises StoreError when the file can't be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self._connection = Connection(path)

    def _changes(self, query: str, *values: object) -> bool:
        with self._connection.transaction() as db:
            return db.execute(query, values).rowcount > 0

    def create_run(
        self, settings: Mapping[str, Any], steps: int, status: Literal["starting", "queued"] = "starting"
    ) -> Run:
        with self._connection.transaction() as db:
            return _run(_create_run(db, settings, steps, status, None))

    def run(self, run_id: int) -> Run | None:
        rows = self._connection.rows("SELECT * FROM runs WHERE id = ?", run_id)
        return _run(rows[0]) if rows else None

    def runs(self, limit: int = 100, before: int | None = None, sweep_id: int | None = None) -> list[Run]:
        rows = self._connection.rows(
            "SELECT * FROM runs WHERE deleted_at IS NULL AND (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR sweep_id = ?2)"
            " ORDER BY id DESC LIMIT ?3",
            *(before, sweep_id, limit),
        )
        return [_run(row) for row in rows]

    def active_run(self) -> Run | None:
        rows = self._connection.rows("SELECT * FROM runs WHERE status IN (?, ?, ?, ?) ORDER BY id LIMIT 1", *ACTIVE)
        return _run(rows[0]) if rows else None

    def queue(self) -> list[int]:
        query = "SELECT id FROM runs WHERE status = 'queued' AND sweep_id IS NULL AND deleted_at IS NULL ORDER BY id"
        return [row["id"] for row in self._connection.rows(query)]

    def cancel(self, run_id: int) -> bool:
        with self._connection.transaction() as db:
            return _cancel(db, run_id)

    def requeue(self, run_id: int) -> None:
        self._changes(
            "UPDATE runs SET status = 'queued' WHERE id = ? AND status = 'starting' AND sweep_id IS NULL", run_id
        )

    def begin(self, run_id: int) -> bool:
        return self._changes(
            "UPDATE runs SET status = 'running', started_at = coalesce(started_at, ?)"
            " WHERE id = ? AND status = 'starting'",
            *(_now(), run_id),
        )

    def pause(self, run_id: int) -> bool:
        return self._changes("UPDATE runs SET status = 'paused' WHERE id = ? AND status = 'running'", run_id)

    def go_on(self, run_id: int) -> bool:
        return self._changes("UPDATE runs SET status = 'running' WHERE id = ? AND status = 'paused'", run_id)

    def ask_for_rate(self, run_id: int, learning_rate: float) -> bool:
        return self._changes(
            "UPDATE runs SET learning_rate = ? WHERE id = ? AND status IN (?, ?, ?, ?)",
            *(learning_rate, run_id, *ACTIVE),
        )

    def ask_to_stop(self, run_id: int) -> bool:
        return self._changes(
            "UPDATE runs SET status = 'stopping' WHERE id = ? AND status IN (?, ?, ?, ?)", run_id, *ACTIVE
        )

    def reopen(self, run_id: int) -> Run:
        with self._connection.transaction() as db:
            row = db.execute(
                "UPDATE runs SET status = 'starting', reason = NULL, ended_at = NULL, test_accuracy = NULL"
                " WHERE id = ? AND status IN (?, ?) RETURNING *",
                (run_id, *RESUMABLE),
            ).fetchone()
            if row is None:
                raise StoreError(
                    f"Run {run_id} is neither stopped nor failed, so it can't be resumed. Start a new one."
                )
            db.execute(
                "UPDATE events SET name = 'resume', data = ? WHERE run_id = ? AND name = 'end'",
                (json.dumps({"step": row["step"]}), run_id),
            )
        return _run(row)

    def append(self, run_id: int, events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        with self._connection.transaction(durable=any(name == "rate" for name, _ in events)) as db:
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
        with self._connection.transaction() as db:
            ended = db.execute(
                "UPDATE runs SET status = ?, reason = ?, test_accuracy = ?, ended_at = ?"
                " WHERE id = ? AND status IN (?, ?, ?, ?)",
                (status, reason, test_accuracy, _now(), run_id, *ACTIVE),
            )
            if ended.rowcount == 1:
                _append(db, run_id, "end", {"status": status, "reason": reason})
        return ended.rowcount == 1

    def events(self, run_id: int, after: int = 0, name: str | None = None) -> list[Event]:
        rows = self._connection.rows(
            "SELECT id, name, data FROM events WHERE run_id = ?1 AND id > ?2 AND (?3 IS NULL OR name = ?3) ORDER BY id",
            *(run_id, after, name),
        )
        return [Event(row["id"], row["name"], json.loads(row["data"])) for row in rows]

    def label(self, run_id: int, name: str | None, note: str | None) -> Run:
        with self._connection.transaction() as db:
            row = db.execute(
                "UPDATE runs SET name = ?, note = ? WHERE id = ? RETURNING *", (name, note, run_id)
            ).fetchone()
        if row is None:
            raise StoreError(f"There is no run {run_id}.")
        return _run(row)

    def delete(self, run_id: int) -> None:
        query = "UPDATE runs SET deleted_at = coalesce(deleted_at, ?) WHERE id = ? AND status NOT IN (?, ?, ?, ?)"
        with self._connection.transaction() as db:
            _cancel(db, run_id)
            if db.execute(query, (_now(), run_id, *ACTIVE)).rowcount == 0:
                raise StoreError(f"Run {run_id} is being trained. Stop it first, then delete it.")

    def restore(self, run_id: int) -> bool:
        return self._changes("UPDATE runs SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL", run_id)

    def purge(self, before: str) -> list[int]:
        with self._connection.transaction() as db:
            rows = db.execute(
                "DELETE FROM runs WHERE deleted_at < ? AND id NOT IN (SELECT run_id FROM publications) RETURNING id",
                (before,),
            )
            return [row["id"] for row in rows]

    def create_sweep(self, plan: Mapping[str, Any], runs: Sequence[tuple[Mapping[str, Any], int]]) -> Sweep:
        with self._connection.transaction() as db:
            row = db.execute(
                "INSERT INTO sweeps (status, plan, created_at) VALUES ('running', ?, ?) RETURNING *",
                (json.dumps(dict(plan)), _now()),
            ).fetchone()
            for settings, steps in runs:
                _create_run(db, settings, steps, "queued", row["id"])
        return _sweep(row)

    def sweep(self, sweep_id: int) -> Sweep | None:
        rows = self._connection.rows("SELECT * FROM sweeps WHERE id = ?", sweep_id)
        return _sweep(rows[0]) if rows else None

    def sweeps(self, limit: int = 100) -> list[Sweep]:
        return [_sweep(row) for row in self._connection.rows("SELECT * FROM sweeps ORDER BY id DESC LIMIT ?", limit)]

    def active_sweep(self) -> Sweep | None:
        rows = self._connection.rows("SELECT * FROM sweeps WHERE status IN ('running', 'stopping') ORDER BY id LIMIT 1")
        return _sweep(rows[0]) if rows else None

    def set_sweep(self, sweep_id: int, status: str, among: Sequence[str]) -> bool:
        query = "UPDATE sweeps SET status = ? WHERE id = ? AND status IN (SELECT value FROM json_each(?))"
        return self._changes(query, status, sweep_id, json.dumps(list(among)))

    def dequeue(self, sweep_id: int | None) -> Run | None:
        with self._connection.transaction() as db:
            row = db.execute(
                "UPDATE runs SET status = 'starting' WHERE id = (SELECT min(id) FROM runs WHERE status = 'queued'"
                " AND deleted_at IS NULL AND sweep_id IS ?1"
                " AND (?1 IS NULL OR (SELECT status FROM sweeps WHERE id = ?1) = 'running')) RETURNING *",
                (sweep_id,),
            ).fetchone()
        return _run(row) if row else None

    def publish(
        self, name: str, version: str, run_id: int, who: str = "", why: str = "", sha256: str = ""
    ) -> Publication:
        with self._connection.transaction(durable=True) as db:
            row = db.execute(
                "INSERT INTO publications (name, version, run_id, published_at, who, why, sha256)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (name, version, run_id, _now(), who, why, sha256),
            ).fetchone()
        return Publication(**row)

    def roll_back(self, name: str, publication_id: int | None = None) -> Publication | None:
        with self._connection.transaction(durable=True) as db:
            standing = [row["id"] for row in db.execute(f"{_CURRENT} AND name = ? ORDER BY id", (name,))]
            if not standing:
                raise StoreError(f"Nothing is published as {name!r}, so there is nothing to roll back.")
            # 0 stands for the network that came with the program.
            below = [0, *standing][-2] if publication_id is None else publication_id
            if below not in (0, *standing):
                raise StoreError(f"{name!r} has no publication {below} to roll back to: it was rolled back itself.")
            db.execute(
                "UPDATE publications SET rolled_back_at = ? WHERE name = ? AND id > ? AND rolled_back_at IS NULL",
                (_now(), name, below),
            )
        return self.publications().get(name)

    def publications(self) -> dict[str, Publication]:
        return {row["name"]: Publication(**row) for row in self._connection.rows(f"{_CURRENT} ORDER BY id")}

    def publication_history(self, name: str) -> list[Publication]:
        rows = self._connection.rows("SELECT * FROM publications WHERE name = ? ORDER BY id DESC", name)
        return [Publication(**row) for row in rows]

    def close(self) -> None:
        self._connection.close()


def _append(db: sqlite3.Connection, run_id: int, name: str, data: Mapping[str, Any]) -> None:
    db.execute(
        "INSERT INTO events (run_id, id, name, data)"
        " SELECT ?1, coalesce(max(id), 0) + 1, ?2, ?3 FROM events WHERE run_id = ?1",
        (run_id, name, json.dumps(dict(data))),
    )


def _cancel(db: sqlite3.Connection, run_id: int) -> bool:
    cancelled = db.execute(
        "UPDATE runs SET status = 'stopped', reason = ?, ended_at = ?"
        " WHERE id = ? AND status = 'queued' AND sweep_id IS NULL",
        (_CANCELLED, _now(), run_id),
    )
    if cancelled.rowcount == 1:
        _append(db, run_id, "end", {"status": "stopped", "reason": _CANCELLED})
    return cancelled.rowcount == 1


def _create_run(
    db: sqlite3.Connection, settings: Mapping[str, Any], steps: int, status: Status, sweep_id: int | None
) -> sqlite3.Row:
    row: sqlite3.Row = db.execute(
        "INSERT INTO runs (status, settings, steps, created_at, sweep_id) VALUES (?, ?, ?, ?, ?) RETURNING *",
        (status, json.dumps(dict(settings)), steps, _now(), sweep_id),
    ).fetchone()
    return row


def _run(row: sqlite3.Row) -> Run:
    return Run(**{**dict(row), "settings": json.loads(row["settings"])})


def _sweep(row: sqlite3.Row) -> Sweep:
    return Sweep(**{**dict(row), "plan": json.loads(row["plan"])})
