"""Starts, stops and recovers runs, each in a process of its own (see `worker`).

One run or one sweep is active at a time, over all servers that share a state folder. A lock file ensures that: the
server that starts a run locks it and passes it to the worker, and the kernel releases it when the worker ends. So a run
that is active in the store while the lock is free has lost its process.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from app.data.datasets import MNIST, TRAINING, Datasets
from app.data.mnist import DataError
from app.runs import trainer
from app.runs.recipe import MAX_RATES, RecipeError, RunSettings
from app.runs.runner import STORE_LOST
from app.runs.speed import ImageCounts
from app.runs.sweeps import Sweeps, end_abandoned
from app.runs.training_set import require_images_of
from app.settings import ROOT, Settings
from app.store.records import Run, RunStore, StoreBusyError, StoreError

# The server ends within a second of SIGTERM, while the workers save their networks.
_STOP_SECONDS = 0.4
_NO_REASON = "The training process ended without a reason."
_SERVER_STOPPED = "The server stopped."
_STORE_LOST = (
    "The state folder could not be written: the disk was full, or it became read-only. The network of the"
    " last checkpoint is kept. Make room, then resume the run."
)
KEPT_AFTER_DELETION = timedelta(days=1)
# How long a worker may take to end after its run.
_EXIT_SECONDS = 5.0


class RunActiveError(Exception):
    """Another run is being trained."""


class RunNotFoundError(Exception):
    """There is no such run."""


class Jobs:
    """The runs of one state folder, for one server process."""

    def __init__(self, settings: Settings, store: RunStore, datasets: Datasets) -> None:
        self._settings, self._store, self._datasets = settings, store, datasets
        self._lock_path = settings.state_dir / "training.lock"
        self._processes: set[asyncio.subprocess.Process] = set()
        self._watches: set[asyncio.Task[None]] = set()
        # The reasons of ended runs that the store could not take yet.
        self._unsaved: dict[int, str] = {}
        self._saving = threading.Lock()
        self._stop_until: float | None = None
        self.sweeps = Sweeps(store, self)

    async def start(self, recipe: RunSettings) -> Run:
        """Starts a run in its own process.

        Raises RunActiveError while another one is active, and RecipeError if its data is missing or different.
        """
        steps = await asyncio.to_thread(self.steps_of, recipe)
        lock = await self.take_lock()
        try:
            run = await asyncio.to_thread(self._store.create_run, recipe.model_dump(), steps)
            await self.spawn(run, lock)
        finally:
            os.close(lock)
        return run

    async def queue(self, recipe: RunSettings) -> Run:
        """Adds a run to the queue, and starts it if none is active. Raises RecipeError as `start` does."""
        steps = await asyncio.to_thread(self.steps_of, recipe)
        run = await asyncio.to_thread(self._store.create_run, recipe.model_dump(), steps, "queued")
        # If the store is busy now, the run is queued all the same, and the server tries again each second.
        with contextlib.suppress(StoreError):
            await self.start_next()
        return await asyncio.to_thread(self._existing, run.id)

    async def start_next(self) -> None:
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

    def steps_of(self, recipe: RunSettings) -> int:
        """How many steps the run takes if nothing stops it. Raises RecipeError if its data is missing or different."""
        return trainer.total_steps(recipe, self.images_of(recipe).training)

    def images_of(self, recipe: RunSettings) -> ImageCounts:
        """The images of the run's data set, with the drawings that are added to those it learns from.

        Raises RecipeError if the data set is missing or different, or has no digits to add drawings to.
        """
        try:
            dataset = self._datasets.get(recipe.dataset)
            require_images_of(recipe, dataset)
        except DataError as error:
            # MNIST comes with the program: if it is missing, the run itself fails with the reason.
            if recipe.dataset == MNIST:
                return ImageCounts(TRAINING + recipe.styles)
            raise RecipeError(f"dataset: {error}") from error
        if recipe.styles and not dataset.reads_digits:
            raise RecipeError(f"styles: these are digits, and {recipe.dataset!r} has other classes. Leave styles out.")
        return ImageCounts(dataset.training + recipe.styles, dataset.held_out, dataset.test)

    async def resume(self, run_id: int) -> Run:
        """Resumes a paused, stopped or failed run.

        Raises RunActiveError, RunNotFoundError, and StoreError for any other run.
        """
        if await asyncio.to_thread(self._store.go_on, run_id):
            return await asyncio.to_thread(self._existing, run_id)
        await asyncio.to_thread(self._existing, run_id)
        lock = await self.take_lock()
        try:
            run = await asyncio.to_thread(self._store.reopen, run_id)
            await self.spawn(run, lock)
        finally:
            os.close(lock)
        return run

    def stop(self, run_id: int) -> Run:
        """Asks an active run to stop and save its network; takes a queued one out of the queue.

        Does nothing for a run that has ended. Raises RunNotFoundError.
        """
        if not self._store.cancel(run_id):
            self._store.ask_to_stop(run_id)
        return self._existing(run_id)

    def pause(self, run_id: int) -> Run:
        """Pauses a running run until it is resumed. Raises RunNotFoundError, and StoreError for any other run."""
        if not self._store.pause(run_id) and (run := self._existing(run_id)).status != "paused":
            raise StoreError(f"Run {run_id} is {run.status}. Only a running one can be paused.")
        return self._existing(run_id)

    def change_rate(self, run_id: int, learning_rate: float) -> Run:
        """Requests another learning rate, in 1e-6..100, for the next steps of an active run.

        Raises RunNotFoundError, and StoreError for a run that has ended or changed it `MAX_RATES` times.
        """
        # The changes in its settings count too, since its recipe holds both.
        planned = len(self._existing(run_id).settings.get("rates", []))
        if planned + len(self._store.events(run_id, name="rate")) >= MAX_RATES:
            raise StoreError(f"Run {run_id} has changed its learning rate {MAX_RATES} times, which is the limit.")
        if not self._store.ask_for_rate(run_id, learning_rate):
            status = self._existing(run_id).status
            raise StoreError(f"Run {run_id} is {status}. Only an active run's learning rate can be changed.")
        return self._existing(run_id)

    def forget_deleted(self) -> None:
        """Removes the runs that were deleted more than `KEPT_AFTER_DELETION` ago, with their files."""
        before = datetime.now(UTC) - KEPT_AFTER_DELETION
        for run_id in self._store.purge(before.isoformat(timespec="milliseconds")):
            shutil.rmtree(self._settings.run_dir(run_id), ignore_errors=True)

    def recover(self, reason: str = _NO_REASON) -> None:
        """Ends a run or a sweep that has lost its process: the run as failed, the sweep as stopped."""
        # One thread at a time: a second one could end a run that was resumed after the first had ended it.
        with self._saving:
            for run_id, why in list(self._unsaved.items()):
                self._store.end(run_id, "failed", why)
                del self._unsaved[run_id]
        is_active = self._store.active_run() is not None or self._store.active_sweep() is not None
        if is_active and (lock := self._try_lock(reason)) is not None:
            os.close(lock)

    def stop_all(self) -> None:
        """Stops the runs that this process started; they save their networks."""
        if self._stop_until is None:
            self._stop_until = time.monotonic() + _STOP_SECONDS
            self.sweeps.stop_starting()
            for process in self._processes:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()

    async def close(self) -> None:
        """Stops all runs and waits for them briefly; those that take longer end by themselves."""
        self.stop_all()
        if ending := self._watches | self.sweeps.drives:
            left = max(0.0, (self._stop_until or 0.0) - time.monotonic())
            await asyncio.wait(ending, timeout=left)

    def _existing(self, run_id: int) -> Run:
        run = self._store.run(run_id)
        if run is None:
            raise RunNotFoundError(f"There is no run {run_id}.")
        return run

    async def take_lock(self) -> int:
        """Locks the lock file and returns its descriptor. The lock is held until all copies of it are closed.

        Raises RunActiveError.
        """
        until = time.monotonic() + _EXIT_SECONDS
        while (lock := await asyncio.to_thread(self._try_lock, _NO_REASON)) is None:
            # A worker ends shortly after its run: the lock is about to be free.
            if await asyncio.to_thread(self._store.active_sweep) is not None:
                raise RunActiveError("A sweep is under way. Wait for its end, or stop it first.")
            active = await asyncio.to_thread(self._store.active_run)
            if active is not None or time.monotonic() > until:
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
        while (orphan := self._store.active_run()) is not None:
            self._store.end(orphan.id, "failed", reason)
        while (left := self._store.active_sweep()) is not None:
            end_abandoned(self._store, left.id)
        return lock

    async def spawn(self, run: Run, lock: int) -> asyncio.Task[None] | None:
        """Starts the run's worker and returns a task that ends with it; if it can't start, ends the run: None."""
        if self._stop_until is not None:
            await asyncio.to_thread(self._store.end, run.id, "stopped", _SERVER_STOPPED)
            return None
        environment = {
            **os.environ,
            "DESCENT_STATE_DIR": str(self._settings.state_dir.resolve()),
            "DESCENT_MNIST_DIR": str(self._settings.mnist_dir.resolve()),
            "DESCENT_MODELS_DIR": str(self._settings.models_dir.resolve()),
            **({"DESCENT_DATASETS_DIR": str(folder.resolve())} if (folder := self._settings.datasets_dir) else {}),
            # Matrices this small gain nothing from more threads, which would slow down the server.
            "OPENBLAS_NUM_THREADS": "1",
        }
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app.runs.worker", str(run.id), str(os.getpid())),
                env=environment,
                cwd=ROOT,
                pass_fds=[lock],
                # Ctrl+C in the server's terminal should reach only the server, which then stops its workers.
                start_new_session=True,
            )
        except OSError as error:
            reason = f"The training process can't be started: {error.strerror}"
            await asyncio.to_thread(self._store.end, run.id, "failed", reason)
            return None
        self._processes.add(process)
        watch = asyncio.create_task(self._watch(process, run.id))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)
        if self._stop_until is not None:
            # The server began to stop while this process was being started.
            process.terminate()
        return watch

    async def _watch(self, process: asyncio.subprocess.Process, run_id: int) -> None:
        code = await process.wait()
        self._processes.discard(process)
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        reason = _STORE_LOST if code == STORE_LOST else f"The training process was ended {how}."
        if code:
            # A worker that exits with 0 has ended its run itself, and the run may have been resumed since.
            self._unsaved[run_id] = reason
        # If the store can't be written now, the next `recover` tries again.
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(self.recover, reason)
            await self.start_next()
