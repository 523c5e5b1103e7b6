"""The SQL for sweeps, and for taking runs out of the queue, the same for every database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.store.database import Row, Table, record_of
from app.store.records import Run, Sweep, now
from app.store.run_table import add_run, run_of


class SweepTable(Table):
    """The calls of `RunStore` for sweeps, and `dequeue`."""

    def create_sweep(self, plan: Mapping[str, Any], runs: Sequence[tuple[Mapping[str, Any], int]]) -> Sweep:
        with self._database.transaction() as db:
            row = db.execute(
                "INSERT INTO sweeps (status, plan, created_at) VALUES ('running', ?, ?) RETURNING *",
                (json.dumps(dict(plan)), now()),
            ).fetchone()
            for settings, steps in runs:
                add_run(db, settings, steps, "queued", row["id"])
        return _sweep_of(row)

    def sweep(self, sweep_id: int) -> Sweep | None:
        rows = self._database.rows("SELECT * FROM sweeps WHERE id = ?", sweep_id)
        return _sweep_of(rows[0]) if rows else None

    def sweeps(self, limit: int = 100) -> list[Sweep]:
        rows = self._database.rows("SELECT * FROM sweeps ORDER BY id DESC LIMIT ?", limit)
        return [_sweep_of(row) for row in rows]

    def active_sweeps(self) -> list[Sweep]:
        query = "SELECT * FROM sweeps WHERE status IN ('running', 'stopping') ORDER BY id"
        return [_sweep_of(row) for row in self._database.rows(query)]

    def set_sweep(self, sweep_id: int, status: str, among: Sequence[str]) -> bool:
        query = "UPDATE sweeps SET status = ? WHERE id = ? AND status = ?"
        with self._database.transaction() as db:
            return any(db.execute(query, (status, sweep_id, before)).rowcount for before in among)

    def dequeue(self, sweep_id: int | None) -> Run | None:
        with self._database.transaction() as db:
            # The status is asked twice, since another process may take the run between the two.
            row = db.execute(
                "UPDATE runs SET status = 'starting'"
                " WHERE status = 'queued' AND deleted_at IS NULL AND id ="
                " (SELECT min(id) FROM runs WHERE status = 'queued' AND deleted_at IS NULL"
                " AND coalesce(sweep_id, 0) = ?"
                " AND (sweep_id IS NULL OR sweep_id IN (SELECT id FROM sweeps WHERE status = 'running')))"
                " RETURNING *",
                (sweep_id or 0,),
            ).fetchone()
        return run_of(row) if row else None


def _sweep_of(row: Row) -> Sweep:
    return record_of(Sweep, {**dict(row), "plan": json.loads(row["plan"])})
