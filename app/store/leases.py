"""Which worker trains which run, when workers on many machines may: the SQL for leases, in PostgreSQL.

A run that may start has a lease, which one worker claims and then renews. When it expires, because the worker, its
machine or the network between is gone, the run goes back to the queue for its next attempt, and what the worker of the
attempt before still writes is refused. A paused run needs no worker until it is resumed. The clock is the database's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from app.store.database import Row, Transaction
from app.store.publication_table import PublicationTable
from app.store.records import ACTIVE, RESUMABLE, Run, RunStore, StoreError
from app.store.run_table import RunTable, add_run, append_event, end_run, reopen_run, run_of
from app.store.sweep_table import SweepTable

# How long a worker may take to claim a run that was given to it.
_CLAIM_SECONDS = 20.0
# A run that loses its worker this often without a step in between is what ends them.
_MAX_LOST = 3
_LOST = (
    f"{_MAX_LOST} workers in a row were lost while they trained this run. Look at their logs; is there enough memory?"
    " Then resume the run."
)
_LOST_WHILE_STOPPING = (
    "Its worker was lost before it could save the network. To go on from the last checkpoint, resume the run."
)
# Any number that no other program takes as a lock of the same database.
_LOCK = 7_841_303


class LeasedRunStore(RunTable, SweepTable, PublicationTable, RunStore):
    """The part of a `RunStore` that starts runs under leases, at most `limit` at a time, from any number of servers."""

    # How long a lease lasts without being renewed.
    lease_seconds = 15.0

    def start_run(self, settings: Mapping[str, Any], steps: int, limit: int) -> Run | None:
        """Adds a run with a lease, as "starting". None if `limit` runs are active."""
        with self._one_at_a_time() as db:
            return _leased(db, add_run(db, settings, steps, "starting", None)) if _has_room(db, limit) else None

    def restart_run(self, run_id: int, limit: int) -> Run | None:
        """Reopens a stopped or failed run, with a lease. None if `limit` runs are active. Raises StoreError."""
        with self._one_at_a_time() as db:
            return _leased(db, reopen_run(db, run_id, "starting")) if _has_room(db, limit) else None

    def start_next_run(self, limit: int) -> Run | None:
        """Gives the oldest queued run a lease; sweeps that are asked to stop start none. None if there is no room."""
        with self._one_at_a_time() as db:
            if not _has_room(db, limit):
                return None
            row = db.execute(
                "UPDATE runs SET status = 'starting' WHERE status = 'queued' AND deleted_at IS NULL AND id ="
                " (SELECT min(id) FROM runs WHERE status = 'queued' AND deleted_at IS NULL"
                " AND (sweep_id IS NULL OR sweep_id IN (SELECT id FROM sweeps WHERE status = 'running'))) RETURNING *"
            ).fetchone()
            return _leased(db, run_of(row)) if row else None

    def requeue_lost_runs(self) -> list[Run]:
        """Puts the runs whose leases have expired back into the queue, to go on from their last checkpoints.

        Those that were asked to stop, or that were lost too often, end instead. Returns the runs as they are then.
        """
        with self._database.transaction() as db:
            lost = db.execute(
                "SELECT run_id, claimed, lost, leases.step FROM leases JOIN runs ON runs.id = run_id"
                " WHERE until < now() AND status IN ('starting', 'running', 'stopping') ORDER BY run_id"
                " FOR UPDATE SKIP LOCKED"
            ).fetchall()
            return [_requeue(db, lease, is_lost=lease["claimed"]) for lease in lost]

    def claim(self, run_id: int, attempt: int) -> bool:
        """Makes the caller the one worker of that attempt. False if another one is, or if it is over."""
        return self._changes(
            "UPDATE leases SET claimed = TRUE, until = now() + make_interval(secs => ?)"
            " WHERE run_id = ? AND attempt = ? AND NOT claimed",
            *(self.lease_seconds, run_id, attempt),
        )

    def renew(self, run_id: int, attempt: int) -> bool:
        """Renews the lease of that attempt. False if the run has passed to another one."""
        return self._changes(
            "UPDATE leases SET until = now() + make_interval(secs => ?) WHERE run_id = ? AND attempt = ?",
            *(self.lease_seconds, run_id, attempt),
        )

    def release(self, run_id: int, attempt: int) -> bool:
        """Puts the run of that attempt back into the queue at once. False if it has passed to another one."""
        with self._database.transaction() as db:
            lease = db.execute(
                "SELECT run_id, claimed, lost, leases.step FROM leases JOIN runs ON runs.id = run_id"
                " WHERE run_id = ? AND leases.attempt = ? AND status IN ('starting', 'running') FOR UPDATE",
                (run_id, attempt),
            ).fetchone()
            if lease:
                _requeue(db, lease, is_lost=False)
            return lease is not None

    def resume_sweep(self, sweep_id: int) -> None:
        """Puts the stopped and failed runs of an ended sweep back into its queue, and goes on with it.

        Raises StoreError if the sweep has not ended, or if all of its runs have finished.
        """
        with self._database.transaction() as db:
            ended = "UPDATE sweeps SET status = 'running' WHERE id = ? AND status IN ('stopped', 'finished')"
            if db.execute(ended, (sweep_id,)).rowcount == 0:
                raise StoreError(f"Sweep {sweep_id} is under way. Wait until its runs have stopped.")
            left = db.execute(
                "SELECT id, status FROM runs WHERE sweep_id = ? AND status IN ('queued', ?, ?) AND deleted_at IS NULL"
                " ORDER BY id FOR UPDATE",
                (sweep_id, *RESUMABLE),
            ).fetchall()
            if not left:
                raise StoreError(f"Every run of sweep {sweep_id} has finished. Plan another sweep.")
            for row in left:
                if row["status"] != "queued":
                    reopen_run(db, row["id"], "queued")

    def end_sweeps(self) -> None:
        """Ends the sweeps of which no run is active any more, and none will be.

        Active runs of a sweep that is asked to stop are asked too: another server may have started one meanwhile.
        """
        self._changes(
            "UPDATE runs SET status = 'stopping' WHERE status IN (?, ?, ?)"
            " AND sweep_id IN (SELECT id FROM sweeps WHERE status = 'stopping')",
            *(status for status in ACTIVE if status != "stopping"),
        )
        self._changes(
            "UPDATE sweeps SET status = CASE WHEN status = 'stopping' AND EXISTS (SELECT FROM runs"
            " WHERE sweep_id = sweeps.id AND deleted_at IS NULL AND status IN ('queued', ?, ?))"
            " THEN 'stopped' ELSE 'finished' END"
            " WHERE status IN ('running', 'stopping') AND NOT EXISTS (SELECT FROM runs WHERE sweep_id = sweeps.id AND"
            " (status IN (?, ?, ?, ?) OR (status = 'queued' AND deleted_at IS NULL AND sweeps.status = 'running')))",
            *(*RESUMABLE, *ACTIVE),
        )

    @contextmanager
    def _one_at_a_time(self) -> Iterator[Transaction]:
        """A transaction that no other server is in at the same time, so that the active runs can be counted."""
        with self._database.transaction() as db:
            db.execute("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
            yield db


def _has_room(db: Transaction, limit: int) -> bool:
    active = db.execute("SELECT count(*) AS count FROM runs WHERE status IN (?, ?, ?, ?)", ACTIVE).fetchone()
    return bool(active["count"] < limit)


def _leased(db: Transaction, run: Run) -> Run:
    """Gives the run a lease that a worker should claim soon."""
    db.execute(
        "INSERT INTO leases (run_id, attempt, claimed, step, lost, until)"
        " VALUES (?, ?, FALSE, ?, 0, now() + make_interval(secs => ?))"
        " ON CONFLICT (run_id) DO UPDATE SET attempt = excluded.attempt, claimed = FALSE, until = excluded.until",
        (run.id, run.attempt, run.step, _CLAIM_SECONDS),
    )
    return run


def _requeue(db: Transaction, lease: Row, *, is_lost: bool) -> Run:
    run_id = lease["run_id"]
    # With the next number, the worker that had the run can't write any more. An attempt that no worker has claimed
    # keeps its number, since Dask may still execute its task.
    row = db.execute("UPDATE runs SET attempt = attempt + ? WHERE id = ? RETURNING *", (int(lease["claimed"]), run_id))
    run = run_of(row.fetchone())
    times = (lease["lost"] if run.step == lease["step"] else 0) + int(is_lost)
    db.execute("UPDATE leases SET lost = ?, step = ? WHERE run_id = ?", (times, run.step, run_id))
    if run.status == "stopping":
        end_run(db, run_id, "stopped", _LOST_WHILE_STOPPING)
    elif times >= _MAX_LOST:
        end_run(db, run_id, "failed", _LOST)
    else:
        db.execute("UPDATE runs SET status = 'queued' WHERE id = ?", (run_id,))
        if lease["claimed"]:
            append_event(db, run_id, "resume", {"step": run.step})
        return replace(run, status="queued")
    db.execute("DELETE FROM leases WHERE run_id = ?", (run_id,))
    return replace(run, status="stopped" if run.status == "stopping" else "failed")
