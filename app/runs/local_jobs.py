"""Trains runs in processes of this machine (see `worker`), for a store in a folder.

One run or one sweep is active at a time, over all servers that share a state folder. A lock file ensures that: the
server that starts a run locks it and passes it to the worker, and the kernel releases it when the worker ends. So a run
that is active in the store while the lock is free has lost its process.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import threading
import time
from pathlib import Path

from app.data.datasets import Datasets
from app.runs.jobs import Jobs, RunActiveError
from app.runs.locked_sweeps import LockedSweeps, end_abandoned
from app.runs.processes import Processes
from app.runs.recipe import RunSettings
from app.runs.runner import STORE_LOST
from app.store.records import Run, RunStore, StoreBusyError, StoreError

# The server ends within a second of SIGTERM, while the workers save their networks.
_STOP_SECONDS = 0.4
_NO_REASON = "The training process ended without a reason."
_SERVER_STOPPED = "The server stopped."
_SERVER_WAS_LOST = "The server stopped while this run was being trained."
_STORE_LOST = (
    "The state folder could not be written: the disk was full, or it became read-only. The network of the"
    " last checkpoint is kept. Free some space, then resume the run."
)
# How long a worker may take to end after its run.
_EXIT_SECONDS = 5.0


class LocalJobs(Jobs):
    """The runs of one state folder, for one server process."""

    def __init__(self, store: RunStore, datasets: Datasets, processes: Processes, lock_path: Path) -> None:
        super().__init__(store, datasets)
        self._processes, self._lock_path = processes, lock_path
        self._watches: set[asyncio.Task[None]] = set()
        # The reasons of ended runs that the store could not take yet.
        self._unsaved: dict[int, str] = {}
        self._saving = threading.Lock()
        self._stop_until: float | None = None
        self.sweeps = self._sweeps = LockedSweeps(store, self)

    @property
    def at_once(self) -> int:
        return 1

    async def open(self) -> None:
        await asyncio.to_thread(self._recover, _SERVER_WAS_LOST)

    async def start(self, recipe: RunSettings) -> Run:
        settings, steps = await asyncio.to_thread(self.prepared, recipe)
        lock = await self.take_lock()
        try:
            run = await asyncio.to_thread(self._store.create_run, settings, steps)
            await self.spawn(run, lock)
        finally:
            os.close(lock)
        return run

    async def _start_next(self) -> None:
        """Starts the first run of the queue if no run is active, in any server process."""
        if self._stop_until is not None or not await asyncio.to_thread(self._store.queue):
            return
        if (lock := await asyncio.to_thread(self._try_lock, _NO_REASON)) is None:
            return
        try:
            run = await asyncio.to_thread(self._store.dequeue, None)
            if run is not None and self._stop_until is None:
                await self.spawn(run, lock)
            elif run is not None:
                # The server began to stop meanwhile. The run waits for the next one.
                await asyncio.to_thread(self._store.requeue, run.id)
        finally:
            os.close(lock)

    async def refresh(self) -> None:
        await asyncio.to_thread(self._recover)
        await self._start_next()

    async def resume(self, run_id: int) -> Run:
        if await asyncio.to_thread(self._store.go_on, run_id):
            return await asyncio.to_thread(self._existing, run_id)
        await asyncio.to_thread(self._resumable, run_id)
        lock = await self.take_lock()
        try:
            run = await asyncio.to_thread(self._store.reopen, run_id)
            await self.spawn(run, lock)
        finally:
            os.close(lock)
        return run

    def _recover(self, reason: str = _NO_REASON) -> None:
        """Ends a run or a sweep that has lost its process: the run as failed, the sweep as stopped."""
        # One thread at a time: a second one could end a run that was resumed after the first had ended it.
        with self._saving:
            for run_id, why in list(self._unsaved.items()):
                self._store.end(run_id, "failed", why)
                del self._unsaved[run_id]
        if (self._store.active_runs() or self._store.active_sweeps()) and (lock := self._try_lock(reason)) is not None:
            os.close(lock)

    def stop_all(self) -> None:
        if self._stop_until is None:
            self._stop_until = time.monotonic() + _STOP_SECONDS
            self._sweeps.stop_starting()
            self._processes.stop_all()

    async def close(self) -> None:
        self.stop_all()
        if ending := self._watches | self._sweeps.drives:
            left = max(0.0, (self._stop_until or 0.0) - time.monotonic())
            await asyncio.wait(ending, timeout=left)

    async def take_lock(self) -> int:
        """Locks the lock file and returns its descriptor. The lock is held until all copies of it are closed.

        Raises RunActiveError.
        """
        until = time.monotonic() + _EXIT_SECONDS
        while (lock := await asyncio.to_thread(self._try_lock, _NO_REASON)) is None:
            # A worker ends shortly after its run: the lock is about to be free.
            if await asyncio.to_thread(self._store.active_sweeps):
                raise RunActiveError("A sweep is under way. Wait for its end, or stop it first.")
            if await asyncio.to_thread(self._store.active_runs) or time.monotonic() > until:
                raise RunActiveError("A run is being trained. Wait for its end, or stop it first.")
            await asyncio.sleep(0.02)
        return lock

    def _try_lock(self, reason: str) -> int | None:
        try:
            lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreBusyError(
                f"{self._lock_path.name} can't be opened ({error.strerror}). Make the server's user the owner of the"
                " state folder and of all files in it."
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        for orphan in self._store.active_runs():
            self._store.end(orphan.id, "failed", reason)
        for sweep in self._store.active_sweeps():
            end_abandoned(self._store, sweep.id)
        return lock

    async def spawn(self, run: Run, lock: int) -> asyncio.Task[None] | None:
        """Starts the run's worker and returns a task that ends with it; if it can't start, ends the run: None."""
        if self._stop_until is not None:
            await asyncio.to_thread(self._store.end, run.id, "stopped", _SERVER_STOPPED)
            return None
        try:
            process = await self._processes.start(run, lock)
        except OSError as error:
            reason = f"The training process can't be started: {error.strerror}"
            await asyncio.to_thread(self._store.end, run.id, "failed", reason)
            return None
        watch = asyncio.create_task(self._watch(process, run.id))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)
        if self._stop_until is not None:
            # The server began to stop while this process was being started.
            process.terminate()
        return watch

    async def _watch(self, process: asyncio.subprocess.Process, run_id: int) -> None:
        code = await process.wait()
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        reason = _STORE_LOST if code == STORE_LOST else f"The training process was ended {how}."
        if code:
            # A worker that exits with 0 has ended its run itself, and the run may have been resumed since.
            self._unsaved[run_id] = reason
        # If the store can't be written now, the next `refresh` tries again.
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(self._recover, reason)
            await self._start_next()
