"""Sweeps whose runs are trained in processes of this machine, under the lock of `local_jobs`.

The server process that starts a sweep holds the lock until the last run has ended, and passes it to each worker. So no
other run can start in between, and a sweep that is active in the store while the lock is free has lost its process.
Before each run that process checks the sweep's status in the store, so any process can stop it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from app.runs.sweep_plan import SweepPlan
from app.runs.sweeps import Sweeps, remaining_runs
from app.store.records import RESUMABLE, Run, RunStore, StoreBusyError, StoreError, Sweep

if TYPE_CHECKING:
    from app.runs.local_jobs import LocalJobs

log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0
_UNDER_WAY = ("running", "stopping")


def end_abandoned(store: RunStore, sweep_id: int) -> None:
    """Ends a sweep that no process drives any more."""
    store.set_sweep(sweep_id, "stopped" if remaining_runs(store, sweep_id) else "finished", among=_UNDER_WAY)


class LockedSweeps(Sweeps):
    """The sweeps that this server process drives: one at a time, since there is one lock."""

    max_parallel = os.cpu_count() or 1

    def __init__(self, store: RunStore, jobs: LocalJobs) -> None:
        super().__init__(store, jobs)
        self._local = jobs
        self.drives: set[asyncio.Task[None]] = set()
        self._is_leaving = False

    async def start(self, plan: SweepPlan) -> Sweep:
        runs = await asyncio.to_thread(self._runs_of, plan)
        lock = await self._local.take_lock()
        try:
            sweep = await asyncio.to_thread(self._store.create_sweep, plan.model_dump(mode="json"), runs)
        except BaseException:
            os.close(lock)
            raise
        self._begin(sweep, lock, [])
        return sweep

    async def resume(self, sweep_id: int) -> Sweep:
        await asyncio.to_thread(self._existing, sweep_id)
        lock = await self._local.take_lock()
        try:
            left = await asyncio.to_thread(remaining_runs, self._store, sweep_id)
            if not left:
                raise StoreError(f"Every run of sweep {sweep_id} has finished. Plan another sweep.")
            await asyncio.to_thread(self._store.set_sweep, sweep_id, "running", ["stopped", "finished"])
            sweep = await asyncio.to_thread(self._existing, sweep_id)
        except BaseException:
            os.close(lock)
            raise
        self._begin(sweep, lock, [run.id for run in left if run.status != "queued"])
        return sweep

    def stop_starting(self) -> None:
        """Starts no further run, since the server is about to end."""
        self._is_leaving = True

    def _begin(self, sweep: Sweep, lock: int, again: list[int]) -> None:
        drive = asyncio.create_task(self._drive(sweep, lock, again))
        self.drives.add(drive)
        drive.add_done_callback(self.drives.discard)

    async def _drive(self, sweep: Sweep, lock: int, again: list[int]) -> None:
        try:
            # The sweep may have been planned on a machine with more cores.
            parallel = min(sweep.plan["parallel"], os.cpu_count() or 1)
            active: set[asyncio.Task[None]] = set()
            while True:
                while len(active) < parallel and (run := await self._next(sweep.id, again)) is not None:
                    if (process := await self._local.spawn(run, lock)) is not None:
                        active.add(process)
                if not active:
                    break
                _, active = await asyncio.wait(active, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.to_thread(self._end, sweep.id)
        except StoreError:
            # The next process that takes the lock ends it.
            log.exception("Sweep %s could not be ended in the store", sweep.id)
        finally:
            os.close(lock)

    async def _next(self, sweep_id: int, again: list[int]) -> Run | None:
        """Moves the next run to "starting" and returns it; None if there is none, or if the sweep should stop."""
        while not self._is_leaving:
            try:
                return await asyncio.to_thread(self._take, sweep_id, again)
            except StoreBusyError:
                log.warning("The next run of sweep %s can't be started now; trying again", sweep_id)
                await asyncio.sleep(_RETRY_SECONDS)
        return None

    def _take(self, sweep_id: int, again: list[int]) -> Run | None:
        while again and self._is_running(sweep_id):
            before = self._store.run(again[0])
            if before is not None and before.status in RESUMABLE and before.deleted_at is None:
                run = self._store.reopen(before.id)
                again.pop(0)
                # `stop` first sets the sweep's status and then looks for active runs. So either it sees this run, or
                # the new status is seen here.
                if self._is_running(sweep_id):
                    return run
                self._store.end(run.id, before.status, before.reason, before.test_accuracy)
                return None
            again.pop(0)
        return self._store.dequeue(sweep_id)

    def _is_running(self, sweep_id: int) -> bool:
        sweep = self._store.sweep(sweep_id)
        return sweep is not None and sweep.status == "running"

    def _end(self, sweep_id: int) -> None:
        if self._is_leaving or not self._store.set_sweep(sweep_id, "finished", among=["running"]):
            end_abandoned(self._store, sweep_id)
