"""The SQL for runs and their events, the same for every database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from app.store.database import Row, Table, Transaction, record_of
from app.store.records import ACTIVE, RESUMABLE, Event, Run, StaleAttemptError, Status, StoreError, now

# The largest number that both databases can hold.
MAX_ID = 2**63 - 1
_LAST_EVENT = "SELECT coalesce(max(id), 0) AS last FROM events WHERE run_id = ?"
_CANCELLED, _STOPPED = "It was cancelled before it started.", "It was stopped while it waited for a worker."


class RunTable(Table):
    """The calls of `RunStore` for runs and their events."""

    def create_run(
        self, settings: Mapping[str, Any], steps: int, status: Literal["starting", "queued"] = "starting"
    ) -> Run:
        with self._database.transaction() as db:
            return add_run(db, settings, steps, status, None)

    def run(self, run_id: int) -> Run | None:
        rows = self._database.rows("SELECT * FROM runs WHERE id = ?", run_id)
        return run_of(rows[0]) if rows else None

    def runs(self, limit: int = 100, before: int | None = None, sweep_id: int | None = None) -> list[Run]:
        older = before or MAX_ID
        if sweep_id is None:
            query = "SELECT * FROM runs WHERE deleted_at IS NULL AND id < ? ORDER BY id DESC LIMIT ?"
            rows = self._database.rows(query, older, limit)
        else:
            query = "SELECT * FROM runs WHERE sweep_id = ? AND deleted_at IS NULL AND id < ? ORDER BY id DESC LIMIT ?"
            rows = self._database.rows(query, sweep_id, older, limit)
        return [run_of(row) for row in rows]

    def active_runs(self) -> list[Run]:
        rows = self._database.rows("SELECT * FROM runs WHERE status IN (?, ?, ?, ?) ORDER BY id", *ACTIVE)
        return [run_of(row) for row in rows]

    def queue(self) -> list[int]:
        query = "SELECT id FROM runs WHERE status = 'queued' AND sweep_id IS NULL AND deleted_at IS NULL ORDER BY id"
        return [row["id"] for row in self._database.rows(query)]

    def queue_length(self) -> int:
        (row,) = self._database.rows(
            "SELECT count(*) AS count FROM runs WHERE status = 'queued' AND deleted_at IS NULL"
            " AND (sweep_id IS NULL OR sweep_id IN (SELECT id FROM sweeps WHERE status = 'running'))"
        )
        return int(row["count"])

    def cancel(self, run_id: int) -> bool:
        with self._database.transaction() as db:
            return _cancel(db, run_id)

    def requeue(self, run_id: int) -> None:
        self._changes(
            "UPDATE runs SET status = 'queued' WHERE id = ? AND status = 'starting' AND sweep_id IS NULL", run_id
        )

    def begin(self, run_id: int, attempt: int | None = None) -> bool:
        return self._changes(
            "UPDATE runs SET status = 'running', started_at = coalesce(started_at, ?)"
            " WHERE id = ? AND attempt = coalesce(?, attempt) AND status = 'starting'",
            *(now(), run_id, attempt),
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
        with self._database.transaction() as db:
            return reopen_run(db, run_id, "starting")

    def append(
        self,
        run_id: int,
        events: Sequence[tuple[str, Mapping[str, Any]]],
        attempt: int | None = None,
        after: int | None = None,
    ) -> int:
        cost = _last("cost", events)
        epoch = _last("epoch", events)
        with self._database.transaction(durable=any(name == "rate" for name, _ in events)) as db:
            # This locks the run's row, so that no two processes number its events at once.
            found = db.execute(
                "UPDATE runs SET step = coalesce(?, step), epoch = coalesce(?, epoch), cost = coalesce(?, cost),"
                " accuracy = coalesce(?, accuracy) WHERE id = ? AND attempt = coalesce(?, attempt)",
                (*map(cost.get, ("step", "epoch")), *map(epoch.get, ("cost", "accuracy")), run_id, attempt),
            )
            if found.rowcount == 0:
                raise StaleAttemptError(f"Run {run_id} is gone, or attempt {attempt} no longer trains it.")
            last = _last_event(db, run_id)
            if after is not None and last > after:
                return last
            for number, (name, data) in enumerate(events, start=1):
                _add_event(db, run_id, last + number, name, data)
        return last + len(events)

    def end(
        self,
        run_id: int,
        status: Status,
        reason: str | None = None,
        test_accuracy: float | None = None,
        attempt: int | None = None,
    ) -> bool:
        with self._database.transaction() as db:
            return end_run(db, run_id, status, reason, test_accuracy, attempt)

    def events(self, run_id: int, after: int = 0, name: str | None = None) -> list[Event]:
        rows = self._database.rows(
            "SELECT id, name, data FROM events WHERE run_id = ? AND id > ? AND name = coalesce(?, name) ORDER BY id",
            *(run_id, after, name),
        )
        return [Event(row["id"], row["name"], json.loads(row["data"])) for row in rows]

    def last_event(self, run_id: int) -> int:
        (row,) = self._database.rows(_LAST_EVENT, run_id)
        return int(row["last"])

    def label(self, run_id: int, name: str | None, note: str | None) -> Run:
        with self._database.transaction() as db:
            row = db.execute(
                "UPDATE runs SET name = ?, note = ? WHERE id = ? RETURNING *", (name, note, run_id)
            ).fetchone()
        if row is None:
            raise StoreError(f"There is no run {run_id}.")
        return run_of(row)

    def delete(self, run_id: int) -> None:
        query = "UPDATE runs SET deleted_at = coalesce(deleted_at, ?) WHERE id = ? AND status NOT IN (?, ?, ?, ?)"
        with self._database.transaction() as db:
            _cancel(db, run_id)
            if db.execute(query, (now(), run_id, *ACTIVE)).rowcount == 0:
                raise StoreError(f"Run {run_id} is being trained. Stop it first, then delete it.")

    def restore(self, run_id: int) -> bool:
        return self._changes("UPDATE runs SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL", run_id)

    def deleted_runs(self) -> list[Run]:
        query = "SELECT * FROM runs WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC"
        return [run_of(row) for row in self._database.rows(query)]

    def purge(self, before: str) -> list[int]:
        with self._database.transaction() as db:
            rows = db.execute(
                "DELETE FROM runs WHERE deleted_at < ? AND id NOT IN (SELECT run_id FROM publications) RETURNING id",
                (before,),
            )
            return [row["id"] for row in rows.fetchall()]


def add_run(db: Transaction, settings: Mapping[str, Any], steps: int, status: Status, sweep_id: int | None) -> Run:
    row = db.execute(
        "INSERT INTO runs (status, attempt, settings, steps, created_at, sweep_id) VALUES (?, ?, ?, ?, ?, ?)"
        " RETURNING *",
        (status, 1, json.dumps(dict(settings)), steps, now(), sweep_id),
    ).fetchone()
    return run_of(row)


def reopen_run(db: Transaction, run_id: int, status: Status) -> Run:
    """Moves a stopped or failed run to that status, "starting" or "queued". Its `end` event becomes `resume`.

    Raises StoreError for any other run.
    """
    row = db.execute(
        "UPDATE runs SET status = ?, attempt = attempt + 1, reason = NULL, ended_at = NULL, test_accuracy = NULL"
        " WHERE id = ? AND status IN (?, ?) RETURNING *",
        (status, run_id, *RESUMABLE),
    ).fetchone()
    if row is None:
        raise StoreError(f"Run {run_id} is neither stopped nor failed, so it can't be resumed. Start a new one.")
    db.execute(
        "UPDATE events SET name = 'resume', data = ? WHERE run_id = ? AND name = 'end'",
        (json.dumps({"step": row["step"]}), run_id),
    )
    return run_of(row)


def end_run(
    db: Transaction,
    run_id: int,
    status: Status,
    reason: str | None,
    test_accuracy: float | None = None,
    attempt: int | None = None,
) -> bool:
    """Ends an active run, if its attempt is the one given or none is given, and adds its `end` event."""
    ended = db.execute(
        "UPDATE runs SET status = ?, reason = ?, test_accuracy = ?, ended_at = ?"
        " WHERE id = ? AND attempt = coalesce(?, attempt) AND status IN (?, ?, ?, ?)",
        (status, reason, test_accuracy, now(), run_id, attempt, *ACTIVE),
    )
    if ended.rowcount == 1:
        append_event(db, run_id, "end", {"status": status, "reason": reason})
    return ended.rowcount == 1


def append_event(db: Transaction, run_id: int, name: str, data: Mapping[str, Any]) -> None:
    """Adds an event with the next id. The transaction must have changed the run's row before, which locks it."""
    _add_event(db, run_id, _last_event(db, run_id) + 1, name, data)


def _add_event(db: Transaction, run_id: int, event_id: int, name: str, data: Mapping[str, Any]) -> None:
    db.execute(
        "INSERT INTO events (run_id, id, name, data) VALUES (?, ?, ?, ?)",
        (run_id, event_id, name, json.dumps(dict(data))),
    )


def _last_event(db: Transaction, run_id: int) -> int:
    return int(db.execute(_LAST_EVENT, (run_id,)).fetchone()["last"])


def run_of(row: Row) -> Run:
    return record_of(Run, {**dict(row), "settings": json.loads(row["settings"])})


def _last(name: str, events: Sequence[tuple[str, Mapping[str, Any]]]) -> Mapping[str, Any]:
    return next((data for found, data in reversed(events) if found == name), {})


def _cancel(db: Transaction, run_id: int) -> bool:
    cancelled = db.execute(
        "UPDATE runs SET status = 'stopped', ended_at = ?, reason = CASE WHEN started_at IS NULL THEN ? ELSE ? END"
        " WHERE id = ? AND status = 'queued' AND sweep_id IS NULL RETURNING reason",
        (now(), _CANCELLED, _STOPPED, run_id),
    ).fetchone()
    if cancelled:
        append_event(db, run_id, "end", {"status": "stopped", "reason": cancelled["reason"]})
    return cancelled is not None
