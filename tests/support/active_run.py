"""A run under way whose events a test writes, in place of a process that trains."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from app.runs.recipe import RunSettings
from app.store.sqlite import SqliteRunStore
from tests.support.trained import as_a_trainer


class ActiveRun:
    """`id` is the run's; `count` is how many events it has, without its end."""

    def __init__(self, store: SqliteRunStore, run_id: int) -> None:
        self._store, self.id, self.count = store, run_id, 0

    def add_costs(self, count: int) -> None:
        steps = range(self.count + 1, self.count + count + 1)
        self._store.append(self.id, [("cost", {"step": step, "epoch": 1, "cost": 0.5}) for step in steps])
        self.count += count

    def end_epoch(self, images_per_second: int = 50_000, **other: object) -> None:
        epoch = {"epoch": 1, "cost": 0.3, "accuracy": 0.9, "gradient_norm": 0.1, "seconds": 1.0}
        figures = {**epoch, "images_per_second": images_per_second, "by_class": [0.9] * 10, **other}
        self._store.append(self.id, [("epoch", figures)])
        self.count += 1

    def end(self) -> None:
        self._store.end(self.id, "stopped")


@contextlib.contextmanager
def active_run(state_dir: Path) -> Iterator[ActiveRun]:
    """A new run under way, until the block ends."""
    store = SqliteRunStore(state_dir / "descent.sqlite3")
    try:
        with as_a_trainer(state_dir, store):
            run = ActiveRun(store, store.create_run(RunSettings().model_dump(), 1_000_000).id)
            store.begin(run.id)
            yield run
            run.end()
    finally:
        store.close()
