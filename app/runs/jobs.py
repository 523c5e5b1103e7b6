"""Starts, stops and recovers runs. One is active at a time, or one sweep, over all processes that share a state folder.

The lock file says so: whoever starts a run takes it and hands it down to the training process, and the kernel lets
go of it when that process ends, however it ends. So a run that the store calls active while the lock is free has lost
its process.
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
from app.runs.recipe import MAX_RATES, RunSettings
from app.runs.runner import STORE_LOST
from app.runs.sweeps import Sweeps, leave
from app.settings import ROOT, Settings
from app.store.records import Run, RunStore, StoreBusyError, StoreError

# The server is to be gone a second after it was told to stop, while a training process keeps what it learned.
_STOP_SECONDS = 0.4
_NO_WORD = "The training process ended without a word."
_SERVER_STOPPED = "The server stopped."
_STORE_LOST = (
    "The state folder could not be written: the disk was full, or it became read-only. What was learned up to the last"
    " checkpoint is kept. Make room, then go on with the run."
)
KEPT_AFTER_DELETION = timedelta(days=1)
# How long a training process may take to end after its run has.
_EXIT_SECONDS = 5.0


class RunActiveError(Exception):
    """Another run is being trained."""


class RunNotFoundError(Exception):
    """There is no such run."""


class RecipeError(Exception):
    """A run can't be made as its settings say; the message names the setting."""


class Jobs:
    """The runs of one state folder, as one server process sees them."""

    def __init__(self, settings: Settings, store: RunStore, datasets: Datasets) -> None:
        self._settings, self._store, self._datasets = settings, store, datasets
        self._lock_path = settings.state_dir / "training.lock"
        self._processes: set[asyncio.subprocess.Process] = set()
        self._watches: set[asyncio.Task[None]] = set()
        # Why runs ended that the store could not be told of then.
        self._untold: dict[int, str] = {}
        self._telling = threading.Lock()
        self._stop_until: float | None = None
        self.sweeps = Sweeps(store, self)

    async def start(self, recipe: RunSettings) -> Run:
        """Starts a run in its own process.

        Raises RunActiveError while another one is active, and RecipeError when its data is not there or is another.
        """
        steps = await asyncio.to_thread(self.steps_of, recipe)
        lock = await self.take_lock()
        try:
            run = await asyncio.to_thread(self._store.create_run, recipe.model_dump(), steps)
            await self.spawn(run, lock)
        finally:
            os.close(lock)
        return run

    def steps_of(self, recipe: RunSettings) -> int:
        """How many steps the run takes if nothing stops it. Raises RecipeError when its data is not there."""
        try:
            dataset = self._datasets.get(recipe.dataset)
            if recipe.data_sha256 not in (None, dataset.sha256()):
                raise RecipeError(
                    f"data_sha256: the images of {recipe.dataset!r} here are not those of this recipe, so its run would"
                    " be another. Put the same files there, or leave data_sha256 out."
                )
        except DataError as error:
            # MNIST comes with the program: without it, that is found out, and told, by the run itself.
            if recipe.dataset == MNIST:
                return trainer.total_steps(recipe, TRAINING)
            raise RecipeError(f"dataset: {error}") from error
        return trainer.total_steps(recipe, dataset.training)

    async def resume(self, run_id: int) -> Run:
        """Goes on with a paused, stopped or failed run.

        Raises RunActiveError, RunNotFoundError, and StoreError for a run that is finished.
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
        """Asks an active run to stop, which keeps what was learned; an ended one stays as it is.

        Raises RunNotFoundError.
        """
        self._store.ask_to_stop(run_id)
        return self._existing(run_id)

    def pause(self, run_id: int) -> Run:
        """Lets a running run wait until it is resumed. Raises RunNotFoundError, and StoreError for any other run."""
        if not self._store.pause(run_id) and (run := self._existing(run_id)).status != "paused":
            raise StoreError(f"Run {run_id} is {run.status}. Only a running one can be paused.")
        return self._existing(run_id)

    def change_rate(self, run_id: int, learning_rate: float) -> Run:
        """Asks an active run for another learning rate, in 1e-6..100, from its next steps on.

        Raises RunNotFoundError, and StoreError for a run that has ended or has changed it too often.
        """
        # Together with those of its settings, since its recipe has both.
        planned = len(self._existing(run_id).settings.get("rates", []))
        if planned + len(self._store.events(run_id, name="rate")) >= MAX_RATES:
            raise StoreError(f"Run {run_id} has changed its learning rate {MAX_RATES} times, which is all it can.")
        if not self._store.ask_for_rate(run_id, learning_rate):
            raise StoreError(f"Run {self._existing(run_id).id} has ended. Start another with this learning rate.")
        return self._existing(run_id)

    def forget_deleted(self) -> None:
        """Takes what was deleted a while ago from the disk: then it can't be undone any more."""
        before = datetime.now(UTC) - KEPT_AFTER_DELETION
        for run_id in self._store.purge(before.isoformat(timespec="milliseconds")):
            shutil.rmtree(self._settings.run_dir(run_id), ignore_errors=True)

    def recover(self, reason: str = _NO_WORD) -> None:
        """Ends what has lost its process: a run as failed, a sweep as stopped."""
        # One at a time: a second who tells it might end a run that was resumed since the first did.
        with self._telling:
            for run_id, why in list(self._untold.items()):
                self._store.end(run_id, "failed", why)
                del self._untold[run_id]
        is_active = self._store.active_run() is not None or self._store.active_sweep() is not None
        if is_active and (lock := self._try_lock(reason)) is not None:
            os.close(lock)

    def stop_all(self) -> None:
        """Tells the runs that this process started to stop and to keep what they learned."""
        if self._stop_until is None:
            self._stop_until = time.monotonic() + _STOP_SECONDS
            self.sweeps.stop_starting()
            for process in self._processes:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()

    async def close(self) -> None:
        """Stops all runs, and waits for them a little; those that take longer end by themselves, without a server."""
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
        """The open lock file; it is held until this and every copy of it in another process is closed.

        Raises RunActiveError.
        """
        until = time.monotonic() + _EXIT_SECONDS
        while (lock := await asyncio.to_thread(self._try_lock, _NO_WORD)) is None:
            # Between a run's end and the end of its process nothing is active, and the lock is about to be free.
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
                f"{self._lock_path} can't be opened ({error.strerror}). Give the state folder, and all that is in it,"
                " to the user who serves."
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        while (orphan := self._store.active_run()) is not None:
            self._store.end(orphan.id, "failed", reason)
        while (left := self._store.active_sweep()) is not None:
            leave(self._store, left.id)
        return lock

    async def spawn(self, run: Run, lock: int) -> asyncio.Task[None] | None:
        """The task that waits for the end of the run's process; None, and the run has ended, if there is no process."""
        if self._stop_until is not None:
            await asyncio.to_thread(self._store.end, run.id, "stopped", _SERVER_STOPPED)
            return None
        environment = {
            **os.environ,
            "DESCENT_STATE_DIR": str(self._settings.state_dir.resolve()),
            "DESCENT_MNIST_DIR": str(self._settings.mnist_dir.resolve()),
            "DESCENT_MODELS_DIR": str(self._settings.models_dir.resolve()),
            **({"DESCENT_DATASETS_DIR": str(folder.resolve())} if (folder := self._settings.datasets_dir) else {}),
            # More threads than one gain nothing on matrices this small, and would slow the server's answers.
            "OPENBLAS_NUM_THREADS": "1",
        }
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app.runs.worker", str(run.id), str(os.getpid())),
                env=environment,
                cwd=ROOT,
                pass_fds=[lock],
                # Ctrl+C at the server's terminal is for the server, which tells this process to stop in its own way.
                start_new_session=True,
            )
        except OSError as error:
            reason = f"The training process can't be started: {error}"
            await asyncio.to_thread(self._store.end, run.id, "failed", reason)
            return None
        self._processes.add(process)
        watch = asyncio.create_task(self._watch(process, run.id))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)
        if self._stop_until is not None:
            # Told to stop while the process was being started, this one too.
            process.terminate()
        return watch

    async def _watch(self, process: asyncio.subprocess.Process, run_id: int) -> None:
        code = await process.wait()
        self._processes.discard(process)
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        reason = _STORE_LOST if code == STORE_LOST else f"The training process was ended {how}."
        if code:
            # One that ended well has told so itself, and its run may have been resumed by now.
            self._untold[run_id] = reason
        # When the store can't be told now, the next look around tries it again.
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(self.recover, reason)
