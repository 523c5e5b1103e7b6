"""Starts, stops and resumes sweeps (see `sweep_plan`): what is the same wherever their runs are trained."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from app.runs.sweep_plan import MAX_RUNS, SweepPlan
from app.store.records import RESUMABLE, Run, RunStore, Sweep

if TYPE_CHECKING:
    from app.runs.jobs import Jobs


class SweepNotFoundError(Exception):
    """There is no such sweep."""


def remaining_runs(store: RunStore, sweep_id: int) -> list[Run]:
    """The runs with which the sweep can be resumed, oldest first."""
    runs = store.runs(limit=MAX_RUNS, sweep_id=sweep_id)
    return [run for run in reversed(runs) if run.status in ("queued", *RESUMABLE)]


class Sweeps(ABC):
    """The sweeps of one store, for one server process.

    `max_parallel` is how many runs at once a plan may ask for; None if they spread over all workers.
    """

    max_parallel: int | None

    def __init__(self, store: RunStore, jobs: Jobs) -> None:
        self._store, self._jobs = store, jobs

    @abstractmethod
    async def start(self, plan: SweepPlan) -> Sweep:
        """Starts a sweep, whose runs are trained one after another, or several at once.

        Raises PlanError, RecipeError if its data is missing, and RunActiveError if it can't start now.
        """

    @abstractmethod
    async def resume(self, sweep_id: int) -> Sweep:
        """Resumes the stopped and failed runs of a sweep, and starts the queued ones.

        Raises RunActiveError, SweepNotFoundError, and StoreError if no run is left.
        """

    def stop(self, sweep_id: int) -> Sweep:
        """Asks the active runs of a sweep to stop and save their networks; the queued ones stay queued.

        Raises SweepNotFoundError.
        """
        self._store.set_sweep(sweep_id, "stopping", ["running"])
        sweep = self._existing(sweep_id)
        if sweep.status == "stopping":
            for run in self._store.runs(limit=MAX_RUNS, sweep_id=sweep_id):
                self._store.ask_to_stop(run.id)
        return sweep

    def _existing(self, sweep_id: int) -> Sweep:
        sweep = self._store.sweep(sweep_id)
        if sweep is None:
            raise SweepNotFoundError(f"There is no sweep {sweep_id}.")
        return sweep

    def _runs_of(self, plan: SweepPlan) -> list[tuple[dict[str, Any], int]]:
        # One snapshot for all: somebody may draw meanwhile.
        kept = {"collection_sha256": self._jobs.with_snapshot(plan.base).collection_sha256}
        return [self._jobs.prepared(recipe.model_copy(update=kept)) for recipe in plan.recipes()]
