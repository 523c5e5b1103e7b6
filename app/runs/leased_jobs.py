"""Trains runs on any number of machines, under the leases of a store that they share.

The store has the queue and the leases, and workers get only what can start. Any server starts what is queued, and
passes a run whose worker is lost to the next attempt.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

from app.data.dataset import MNIST, is_collection
from app.data.datasets import Datasets
from app.runs.jobs import Jobs, RunActiveError
from app.runs.processes import Processes
from app.runs.recipe import RunSettings
from app.runs.sweep_plan import SweepPlan
from app.runs.sweeps import Sweeps
from app.store.leases import LeasedRunStore
from app.store.records import Run, Sweep

log = logging.getLogger(__name__)


class NoWorkersError(Exception):
    """No worker can be reached now."""


class Workers(Protocol):
    """What trains the runs that have a lease."""

    async def count(self) -> int:
        """How many runs can be trained at once; 0 if none can be reached now."""

    async def start(self, run: Run) -> None:
        """Gives the run to a worker. If that fails, its lease expires and another attempt is made."""

    def stop_all(self) -> None:
        """Stops those that would end with this process. They leave their runs to the next attempt."""

    async def close(self) -> None:
        """Waits briefly for those that were stopped."""


class LeasedJobs(Jobs):
    """The runs of one database, for one of the servers that share it."""

    def __init__(self, store: LeasedRunStore, datasets: Datasets, workers: Workers) -> None:
        super().__init__(store, datasets)
        self._leases, self._workers, self._is_leaving = store, workers, False
        self._at_once = 0
        self.sweeps = _LeasedSweeps(store, self)

    @property
    def at_once(self) -> int:
        return self._at_once

    async def open(self) -> None:
        self._at_once = await self._workers.count()

    def settings_of(self, recipe: RunSettings) -> dict[str, Any]:
        settings = super().settings_of(recipe)
        if recipe.dataset != MNIST and not is_collection(recipe.dataset):
            # The worker's files are its machine's own.
            settings["data_sha256"] = self._datasets.get(recipe.dataset).sha256()
        return settings

    async def start(self, recipe: RunSettings) -> Run:
        settings, steps = await asyncio.to_thread(self.prepared, recipe)
        limit = await self._limit()
        run = await asyncio.to_thread(self._leases.start_run, settings, steps, limit)
        return await self._started(run, limit)

    async def resume(self, run_id: int) -> Run:
        if await asyncio.to_thread(self._store.go_on, run_id):
            return await asyncio.to_thread(self._existing, run_id)
        await asyncio.to_thread(self._resumable, run_id)
        limit = await self._limit()
        run = await asyncio.to_thread(self._leases.restart_run, run_id, limit)
        return await self._started(run, limit)

    async def refresh(self) -> None:
        if self._is_leaving:
            return
        limit = self._at_once = await self._workers.count()
        for lost in await asyncio.to_thread(self._leases.requeue_lost_runs):
            log.warning("No worker trains run %s any more; it is %s now", lost.id, lost.status)
        while limit and (run := await asyncio.to_thread(self._leases.start_next_run, limit)) is not None:
            await self._workers.start(run)
        await asyncio.to_thread(self._leases.end_sweeps)

    def stop_all(self) -> None:
        self._is_leaving = True
        self._workers.stop_all()

    async def close(self) -> None:
        self.stop_all()
        await self._workers.close()

    async def _limit(self) -> int:
        self._at_once = await self._workers.count()
        if self._at_once == 0:
            raise NoWorkersError("No worker can be reached now. Start one, or let the run wait in the queue.")
        return self._at_once

    async def _started(self, run: Run | None, limit: int) -> Run:
        if run is None:
            if limit == 1:
                raise RunActiveError("A run is being trained. Wait for its end, or stop it first.")
            raise RunActiveError(
                f"{limit} runs are being trained, as many as can be at once. Wait for the end of one, or stop one."
            )
        await self._workers.start(run)
        return run


class _LeasedSweeps(Sweeps):
    """Sweeps whose runs wait in the store like others, so that they spread over all workers."""

    def __init__(self, store: LeasedRunStore, jobs: LeasedJobs) -> None:
        super().__init__(store, jobs)
        self._leases = store

    max_parallel = None

    async def start(self, plan: SweepPlan) -> Sweep:
        runs = await asyncio.to_thread(self._runs_of, plan)
        spread = {**plan.model_dump(mode="json"), "parallel": max(1, self._jobs.at_once)}
        return await asyncio.to_thread(self._store.create_sweep, spread, runs)

    async def resume(self, sweep_id: int) -> Sweep:
        await asyncio.to_thread(self._existing, sweep_id)
        await asyncio.to_thread(self._leases.resume_sweep, sweep_id)
        return await asyncio.to_thread(self._existing, sweep_id)


class LocalWorkers:
    """Workers on the server's own machine: one run at a time."""

    _STOP_SECONDS = 0.4

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._waits: set[asyncio.Task[int]] = set()

    async def count(self) -> int:
        return 1

    async def start(self, run: Run) -> None:
        try:
            process = await self._processes.start(run)
        except OSError as error:
            log.error("The process that trains run %s can't be started: %s", run.id, error.strerror)
            return
        wait = asyncio.create_task(process.wait())
        self._waits.add(wait)
        wait.add_done_callback(self._waits.discard)

    def stop_all(self) -> None:
        self._processes.stop_all()

    async def close(self) -> None:
        if self._waits:
            await asyncio.wait(self._waits, timeout=self._STOP_SECONDS)
