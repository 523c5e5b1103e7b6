"""Starts, stops and recovers runs. One is active at a time, over all processes that share a state folder.

The lock file says so: whoever starts a run takes it and hands it down to the training process, and the kernel lets
go of it when that process ends, however it ends. So a run that the store calls active while the lock is free has lost
its process.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import sys
import time

from app.settings import ROOT, Settings
from app.store.base import Run, RunStore
from app.training import trainer
from app.training.recipe import RunSettings

_STOP_SECONDS = 4.0
_NO_WORD = "The training process ended without a word."
# How long a training process may take to end after its run has.
_EXIT_SECONDS = 5.0


class RunActiveError(Exception):
    """Another run is being trained."""


class RunNotFoundError(Exception):
    """There is no such run."""


class Jobs:
    """The runs of one state folder, as one server process sees them."""

    def __init__(self, settings: Settings, store: RunStore) -> None:
        self._settings, self._store = settings, store
        self._lock_path = settings.state_dir / "training.lock"
        self._processes: set[asyncio.subprocess.Process] = set()
        self._watches: set[asyncio.Task[None]] = set()
        self._stop_until: float | None = None

    async def start(self, recipe: RunSettings) -> Run:
        """Starts a run in its own process. Raises RunActiveError while another one is active."""
        lock = await self._take_lock()
        try:
            steps = trainer.total_steps(recipe)
            run = await asyncio.to_thread(self._store.create_run, recipe.model_dump(), steps)
            await self._spawn(run, lock)
        finally:
            os.close(lock)
        return run

    async def resume(self, run_id: int) -> Run:
        """Goes on with a stopped or failed run.

        Raises RunActiveError, RunNotFoundError, and StoreError for a run that is finished.
        """
        await asyncio.to_thread(self._existing, run_id)
        lock = await self._take_lock()
        try:
            run = await asyncio.to_thread(self._store.reopen, run_id)
            await self._spawn(run, lock)
        finally:
            os.close(lock)
        return run

    def stop(self, run_id: int) -> Run:
        """Asks an active run to stop, which keeps what was learned; an ended one stays as it is.

        Raises RunNotFoundError.
        """
        self._store.ask_to_stop(run_id)
        return self._existing(run_id)

    def recover(self, reason: str = _NO_WORD) -> None:
        """Ends, as failed, the run whose process is gone."""
        if self._store.active_run() is not None and (lock := self._try_lock(reason)) is not None:
            os.close(lock)

    def stop_all(self) -> None:
        """Tells the runs that this process started to stop and to keep what they learned."""
        if self._stop_until is None:
            self._stop_until = time.monotonic() + _STOP_SECONDS
            for process in self._processes:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()

    async def close(self) -> None:
        """Stops all runs, and waits for them; those that take too long are killed."""
        self.stop_all()
        if self._watches:
            left = max(0.0, (self._stop_until or 0.0) - time.monotonic())
            _, late = await asyncio.wait(self._watches, timeout=left)
            if late:
                for process in self._processes:
                    with contextlib.suppress(ProcessLookupError):
                        process.kill()
                await asyncio.gather(*late)

    def _existing(self, run_id: int) -> Run:
        run = self._store.run(run_id)
        if run is None:
            raise RunNotFoundError(f"There is no run {run_id}.")
        return run

    async def _take_lock(self) -> int:
        """The open lock file; it is held until this and every copy of it in another process is closed."""
        until = time.monotonic() + _EXIT_SECONDS
        while (lock := await asyncio.to_thread(self._try_lock, _NO_WORD)) is None:
            # Between a run's end and the end of its process nothing is active, and the lock is about to be free.
            active = await asyncio.to_thread(self._store.active_run)
            if active is not None or time.monotonic() > until:
                raise RunActiveError("A run is being trained. Wait for its end, or stop it first.")
            await asyncio.sleep(0.02)
        return lock

    def _try_lock(self, reason: str) -> int | None:
        lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        while (orphan := self._store.active_run()) is not None:
            self._store.end(orphan.id, "failed", reason)
        return lock

    async def _spawn(self, run: Run, lock: int) -> None:
        environment = {
            **os.environ,
            "DESCENT_STATE_DIR": str(self._settings.state_dir.resolve()),
            "DESCENT_MNIST_DIR": str(self._settings.mnist_dir.resolve()),
            "DESCENT_MODELS_DIR": str(self._settings.models_dir.resolve()),
            # More threads than one gain nothing on matrices this small, and would slow the server's answers.
            "OPENBLAS_NUM_THREADS": "1",
        }
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app.training.worker", str(run.id), str(os.getpid())),
                env=environment,
                cwd=ROOT,
                pass_fds=[lock],
            )
        except OSError as error:
            reason = f"The training process can't be started: {error}"
            await asyncio.to_thread(self._store.end, run.id, "failed", reason)
            return
        self._processes.add(process)
        watch = asyncio.create_task(self._watch(process))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        self._processes.discard(process)
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        await asyncio.to_thread(self.recover, f"The training process was ended {how}.")
