from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.data.datasets import Datasets
from app.network import Descent
from app.runs import trainer
from app.runs.checkpoint import read_checkpoint, write_checkpoint
from app.runs.local_jobs import LocalJobs
from app.runs.processes import Processes
from app.runs.recipe import RunSettings
from app.runs.snapshots import SnapshotWriter, read_snapshot, snapshot_steps
from app.settings import Settings
from app.store.sqlite import SqliteRunStore
from tests.conftest import MNIST


def test_checkpoints_are_forgotten_so_many_days_after_the_end_of_their_run(tmp_path: Path) -> None:
    store = SqliteRunStore(tmp_path / "store.sqlite3")
    jobs = LocalJobs(store, Datasets(MNIST), Processes(Settings()), tmp_path / "training.lock")
    recipe = RunSettings()
    runs = [store.create_run(recipe.model_dump(), 9) for _ in range(2)]
    for days, run in zip((29, 31), runs, strict=True):
        descent = _with_checkpoints(store, run.id, recipe)
        store.end(run.id, "stopped")
        ended_at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        with store._database.transaction() as db:
            db.execute("UPDATE runs SET ended_at = ? WHERE id = ?", (ended_at, run.id))

    jobs.forget_checkpoints(30)

    assert [snapshot_steps(store.files_of(run)) for run in runs] == [[7], []]
    found = [trainer.start(recipe) for _ in runs]
    for run, resumed in zip(runs, found, strict=True):
        read_checkpoint(store.files_of(run), resumed)
    assert [resumed.step for resumed in found] == [7, 0]
    assert (read_snapshot(store.files_of(runs[1]), None).parameters == descent.network.parameters).all()
    assert [event.name for event in store.events(runs[1].id)] == ["end"]
    store.close()


def _with_checkpoints(store: SqliteRunStore, run_id: int, recipe: RunSettings) -> Descent:
    run = store.run(run_id)
    assert run is not None
    descent = trainer.start(recipe)
    descent.step = 7
    writer = SnapshotWriter(store.files_of(run), descent, 9)
    writer.write_if_due(last=True)
    write_checkpoint(store.files_of(run), descent)
    return descent
