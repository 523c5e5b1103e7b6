"""Trains one run of the store, from its start or its checkpoint, and writes its events to the store.

`worker` calls this in the training process; `trainer` is the training loop.
"""

from __future__ import annotations

import errno
import logging
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from app.data.datasets import Dataset, Datasets
from app.data.mnist import DataError
from app.network import Descent
from app.network.tensor_file import remove_unfinished
from app.network.weights import WeightsError, read_weights, write_weights
from app.runs import trainer
from app.runs.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from app.runs.recipe import RecipeError, RunSettings
from app.runs.snapshots import SnapshotWriter
from app.runs.training_set import TrainingSet, read_data, require_images_of, with_styles
from app.settings import Settings
from app.store.records import Run, RunStore, Status, StoreError
from app.store.sqlite import SqliteRunStore

if TYPE_CHECKING:
    from app.runs.worker import StopSignal

log = logging.getLogger(__name__)

# The exit code of a worker that can't write to the store why it ends.
STORE_LOST = os.EX_IOERR
_CHECKPOINT_SECONDS = 2.0
_POLL_SECONDS = 0.1
_DIVERGED = (
    "The numbers grew beyond all bounds, because the steps were too large. The last good weights are kept. Try a"
    " smaller learning rate."
)
_FULL = "The disk is full, so the network can't be saved. Make room, then resume the run."
_NOT_WRITTEN = "A file of the run can't be read or written: {}. Mend that, then resume the run."
# The disk, the user's quota, or the size of a file is exhausted.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Ended(NamedTuple):
    """How a run ended, and the reason if there is one."""

    status: Status
    reason: str | None


def train(run_id: int, stop: StopSignal) -> None:
    """Trains the run and ends it in the store, with the reason when it fails. Exits with STORE_LOST when it can't."""
    settings = Settings()
    try:
        store = SqliteRunStore(settings.database)
        try:
            _train_or_fail(store, settings, run_id, stop)
        finally:
            store.close()
    except StoreError as error:
        log.error("Run %s: %s", run_id, error)
        sys.exit(STORE_LOST)


def _train_or_fail(store: RunStore, settings: Settings, run_id: int, stop: StopSignal) -> None:
    run = store.run(run_id)
    if run is None:
        log.error("There is no run %s in %s.", run_id, settings.database)
        sys.exit(1)
    try:
        # Numbers that are not finite are handled at each report.
        with np.errstate(over="ignore", invalid="ignore"):
            _Training(store, settings, run, stop).run()
    except (DataError, RecipeError, WeightsError, CheckpointError) as error:
        store.end(run_id, "failed", str(error))
    except OSError as error:
        store.end(run_id, "failed", _FULL if error.errno in _NO_ROOM else _NOT_WRITTEN.format(error.strerror))
    except StoreError:
        raise
    except Exception as error:
        store.end(run_id, "failed", f"The training process failed: {type(error).__name__}: {error}")
        raise


class _Training:
    """The training of one run in this process. At each report it reads requests, such as a pause, from the store."""

    def __init__(self, store: RunStore, settings: Settings, run: Run, stop: StopSignal) -> None:
        self._store, self._settings, self._run, self._stop = store, settings, run, stop
        self._recipe = RunSettings.model_validate(run.settings)
        self._folder = settings.run_dir(run.id)
        self._checkpoint = self._folder / "checkpoint.safetensors"
        # No other process writes there while this one trains the run.
        remove_unfinished(self._folder)
        self._descent = self._restore()
        self._snapshots = SnapshotWriter(self._folder, self._descent, run.steps)
        self._waited = 0.0

    def run(self) -> None:
        dataset = Datasets(self._settings.mnist_dir, self._settings.datasets_dir).get(self._recipe.dataset)
        # The files may have changed since the run was queued or stopped.
        require_images_of(self._recipe, dataset)
        data = with_styles(read_data(dataset), self._recipe.styles, self._recipe.seed)
        if self._recipe.teacher:
            path = self._settings.models_dir / f"{self._recipe.teacher}.safetensors"
            data = data._replace(teacher=read_weights(path).network)
        self._store.begin(self._run.id)
        started = time.monotonic()
        reports = trainer.train(self._descent, data, self._recipe.pace, self._wait, self._recipe.augmentation)
        ended = self._follow(reports)
        write_checkpoint(self._checkpoint, self._descent)
        self._record(self._descent.step > self._run.step, last=True)
        self._finish(dataset, data, time.monotonic() - started - self._waited, ended)

    def _restore(self) -> Descent:
        descent = trainer.start(self._recipe)
        for event in self._store.events(self._run.id, name="rate"):
            descent.rates.append((event.data["step"], event.data["learning_rate"]))
        if self._checkpoint.exists():
            read_checkpoint(self._checkpoint, descent)
        return descent

    def _follow(self, reports: Iterator[trainer.Report]) -> Ended:
        network, good = self._descent.network, self._descent.network.parameters.copy()
        good_step = self._descent.step
        saved = time.monotonic()
        self._record(self._run.step <= 0)
        for report in reports:
            if not _is_finite(report, network.parameters):
                network.parameters[:], self._descent.step = good, good_step
                return Ended("diverged", _DIVERGED)
            np.copyto(good, network.parameters)
            good_step = report.step
            # After a crash, the steps between the checkpoint and the last event are repeated with the same numbers.
            is_new = report.step > self._run.step
            if is_new:
                self._store.append(self._run.id, _events(report))
            self._record(is_new)
            if report.step >= self._run.step and report.step < self._run.steps and self._handle_requests(report.step):
                return Ended("stopped", self._stop.reason)
            if time.monotonic() - saved > _CHECKPOINT_SECONDS:
                write_checkpoint(self._checkpoint, self._descent)
                saved = time.monotonic()
        return Ended("finished", None)

    def _handle_requests(self, step: int) -> bool:
        """Applies a requested pause or learning rate, and returns whether to stop. Blocks while the run is paused."""
        run = self._store.run(self._run.id)
        if run and run.status == "paused":
            self._pause(step)
            run = self._store.run(self._run.id)
        if run and run.learning_rate not in (None, self._descent.rate):
            # The store first: then the steps that follow can be repeated, whatever happens next.
            self._store.append(run.id, [("rate", {"step": step, "learning_rate": run.learning_rate})])
            self._descent.rates.append((step, run.learning_rate))
        return self._should_stop(run)

    def _pause(self, step: int) -> None:
        write_checkpoint(self._checkpoint, self._descent)
        self._snapshots.write_current()
        self._store.append(self._run.id, [("pause", {"step": step})])
        began = time.monotonic()
        while (run := self._store.run(self._run.id)) and run.status == "paused" and not self._stop.given.is_set():
            self._stop.given.wait(_POLL_SECONDS)
        self._waited += time.monotonic() - began
        if not self._should_stop(run):
            self._store.append(self._run.id, [("resume", {"step": step})])

    def _should_stop(self, run: Run | None) -> bool:
        return self._stop.given.is_set() or run is None or run.status == "stopping"

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            run = self._store.run(self._run.id)
            if self._should_stop(run) or (run and run.status == "paused"):
                return
            self._stop.given.wait(min(left, _POLL_SECONDS))

    def _record(self, is_new: bool, *, last: bool = False) -> None:
        if self._snapshots.write_if_due(last=last) and is_new:
            self._store.append(self._run.id, [("checkpoint", {"step": self._descent.step})])

    def _finish(self, dataset: Dataset, data: TrainingSet, seconds: float, ended: Ended) -> None:
        trained = trainer.finish(self._descent, self._recipe, data, dataset, seconds)
        metadata = {**trained.metadata, "run_id": str(self._run.id)}
        write_weights(self._folder / "network.safetensors", trained.network, metadata)
        self._store.end(self._run.id, ended.status, ended.reason, trained.test)


def _is_finite(report: trainer.Report, parameters: np.ndarray[Any, Any]) -> bool:
    epoch = report.ended
    numbers = [report.cost, *((epoch.cost, epoch.gradient_norm) if epoch else ())]
    return all(map(math.isfinite, numbers)) and bool(np.isfinite(parameters).all())


def _events(report: trainer.Report) -> list[tuple[str, Mapping[str, Any]]]:
    cost = ("cost", {"step": report.step, "epoch": report.epoch, "cost": report.cost})
    return [cost] if report.ended is None else [cost, ("epoch", report.ended._asdict())]
