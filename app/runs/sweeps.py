"""Trains the runs of sweeps, several at a time, one after another, in the server process that was asked to.

That process holds the lock of training from a sweep's first run to its last, and hands it down to each training
process: between two runs nobody else can start one, and a sweep that the store calls active while the lock is free has
lost its process. Whether its next run may start is asked of the store, so that any process can stop it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING, Any

from app.runs.sweep_plan import MOST_RUNS, SweepPlan
from app.store.records import RESUMABLE, Run, RunStore, StoreBusyError, StoreError, Sweep

if TYPE_CHECKING:
    from app.runs.jobs import Jobs

log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0
_UNDER_WAY = ("running", "stopping")


class SweepNotFoundError(Exception):
    """There is no such sweep."""


def left_over(store: RunStore, sweep_id: int) -> list[Run]:
    """The runs with which the sweep can go on, oldest first."""
    runs = store.runs(limit=MOST_RUNS, sweep_id=sweep_id)
    return [run for run in reversed(runs) if run.status in ("queued", *RESUMABLE)]


def leave(store: RunStore, sweep_id: int) -> None:
    """Ends a sweep that nobody drives any more."""
    store.set_sweep(sweep_id, "stopped" if left_over(store, sweep_id) else "finished", among=_UNDER_WAY)


class Sweeping:
    """The sweeps that this server process drives; there is one at a time, as there is one lock."""

    def __init__(self, store: RunStore, jobs: Jobs) -> None:
        self._store, self._jobs = store, jobs
        self.drives: set[asyncio.Task[None]] = set()
        self._is_leaving = False

    async def start(self, plan: SweepPlan) -> Sweep:
        """Starts a sweep, whose runs are trained one after another, or several at once.

        Raises RunActiveError while another one or a run is active, PlanError, and RecipeError without its data.
        """
        runs = await asyncio.to_thread(self._runs_of, plan)
        lock = await self._jobs.take_lock()
        try:
            sweep = await asyncio.to_thread(self._store.create_sweep, plan.model_dump(mode="json"), runs)
        except BaseException:
            os.close(lock)
            raise
        self._begin(sweep, lock, [])
        return sweep

    async def resume(self, sweep_id: int) -> Sweep:
        """Goes on with the runs of a sweep that were stopped or failed, and then with the queued ones.

        Raises RunActiveError, SweepNotFoundError, and StoreError when nothing is left.
        """
        await asyncio.to_thread(self._existing, sweep_id)
        lock = await self._jobs.take_lock()
        try:
            left = await asyncio.to_thread(left_over, self._store, sweep_id)
            if not left:
                raise StoreError(f"Every run of sweep {sweep_id} has come to its end. Plan another one.")
            await asyncio.to_thread(self._store.set_sweep, sweep_id, "running", ["stopped", "finished"])
            sweep = await asyncio.to_thread(self._existing, sweep_id)
        except BaseException:
            os.close(lock)
            raise
        self._begin(sweep, lock, [run.id for run in left if run.status != "queued"])
        return sweep

    def stop(self, sweep_id: int) -> Sweep:
        """Asks the active runs of a sweep to stop, which keeps what was learned; the queued ones stay queued.

        Raises SweepNotFoundError.
        """
        self._store.set_sweep(sweep_id, "stopping", ["running"])
        sweep = self._existing(sweep_id)
        if sweep.status == "stopping":
            for run in self._store.runs(limit=MOST_RUNS, sweep_id=sweep_id):
                self._store.ask_to_stop(run.id)
        return sweep

    def leave_off(self) -> None:
        """Starts no further run: the server is about to end."""
        self._is_leaving = True

    def _existing(self, sweep_id: int) -> Sweep:
        sweep = self._store.sweep(sweep_id)
        if sweep is None:
            raise SweepNotFoundError(f"There is no sweep {sweep_id}.")
        return sweep

    def _runs_of(self, plan: SweepPlan) -> list[tuple[dict[str, Any], int]]:
        return [(recipe.model_dump(), self._jobs.steps_of(recipe)) for recipe in plan.recipes()]

    def _begin(self, sweep: Sweep, lock: int, again: list[int]) -> None:
        drive = asyncio.create_task(self._drive(sweep, lock, again))
        self.drives.add(drive)
        drive.add_done_callback(self.drives.discard)

    async def _drive(self, sweep: Sweep, lock: int, again: list[int]) -> None:
        try:
            # The machine may be another than the one that the sweep was planned for.
            most = min(sweep.plan["parallel"], os.cpu_count() or 1)
            active: set[asyncio.Task[None]] = set()
            while True:
                while len(active) < most and (run := await self._next(sweep.id, again)) is not None:
                    if (process := await self._jobs.spawn(run, lock)) is not None:
                        active.add(process)
                if not active:
                    break
                _, active = await asyncio.wait(active, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.to_thread(self._end, sweep.id)
        except StoreError:
            # Whoever finds the lock free tells the store.
            log.exception("The end of sweep %s could not be told", sweep.id)
        finally:
            os.close(lock)

    async def _next(self, sweep_id: int, again: list[int]) -> Run | None:
        """The next run, which is "starting" from now on; None when there is none, or when there is to be none."""
        while not self._is_leaving:
            try:
                return await asyncio.to_thread(self._take, sweep_id, again)
            except StoreBusyError:
                log.warning("The next run of sweep %s can't be started now; it is tried again", sweep_id)
                await asyncio.sleep(_RETRY_SECONDS)
        return None

    def _take(self, sweep_id: int, again: list[int]) -> Run | None:
        while again and self._is_running(sweep_id):
            before = self._store.run(again[0])
            if before is not None and before.status in RESUMABLE and before.deleted_at is None:
                run = self._store.reopen(before.id)
                again.pop(0)
                # Whoever stops the sweep says so first and then looks for active runs. So either this is seen there, or
                # that is seen here.
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
            leave(self._store, sweep_id)
