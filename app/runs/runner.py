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

from app.data.dataset import Dataset
from app.data.datasets import Datasets
from app.data.mnist import DataError
from app.network import Descent
from app.network.weights import WeightsError, read_weights
from app.runs import trainer
from app.runs.attempt import Attempt
from app.runs.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from app.runs.collected import Collected
from app.runs.final_network import write_final_network
from app.runs.recipe import RecipeError, RunSettings
from app.runs.snapshots import SnapshotWriter
from app.runs.training_set import TrainingSet, read_sets, sets_of, with_styles
from app.settings import Settings
from app.store.opening import open_store
from app.store.records import Run, StaleAttemptError, Status, StoreError

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
_FULL = "The disk is full, so the network can't be saved. Free some space, then resume the run."
_NOT_WRITTEN = "A file of the run can't be read or written: {}. Fix this, then resume the run."
# The disk, the user's quota, or the size of a file is exhausted.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Ended(NamedTuple):
    """How a run ended, and the reason if there is one."""

    status: Status
    reason: str | None


def train(run_id: int, number: int, stop: StopSignal) -> None:
    """Trains the run as its attempt `number` and ends it in the store, with the reason when it fails.

    Exits with STORE_LOST when it can't. With leases, a run that should stop because its server or worker does is left
    to its next attempt.
    """
    settings = Settings()
    try:
        store = open_store(settings.sqlite_file, settings.database_url, settings.lease_seconds)
        try:
            attempt = Attempt(store, run_id, number, on_lost=lambda: stop.give(None))
            datasets = Datasets(settings.mnist_dir, settings.datasets_dir, Collected(store))
            _train_or_fail(attempt, settings, datasets, stop)
        except StaleAttemptError as error:
            log.warning("%s", error)
        finally:
            store.close()
    except StoreError as error:
        log.error("Run %s: %s", run_id, error)
        sys.exit(STORE_LOST)


def _train_or_fail(attempt: Attempt, settings: Settings, datasets: Datasets, stop: StopSignal) -> None:
    try:
        # Numbers that are not finite are handled at each report.
        with np.errstate(over="ignore", invalid="ignore"):
            _Training(attempt, settings, datasets, stop).run()
    except (DataError, RecipeError, WeightsError, CheckpointError) as error:
        attempt.end("failed", str(error))
    except OSError as error:
        attempt.end("failed", _FULL if error.errno in _NO_ROOM else _NOT_WRITTEN.format(error.strerror))
    except StoreError:
        raise
    except Exception as error:
        attempt.end("failed", f"The training process failed: {type(error).__name__}: {error}")
        raise
    finally:
        attempt.close()


class _Training:
    """The training of one run in this process. At each report it reads requests, such as a pause, from the store."""

    def __init__(self, attempt: Attempt, settings: Settings, datasets: Datasets, stop: StopSignal) -> None:
        self._attempt, self._settings, self._datasets, self._stop = attempt, settings, datasets, stop
        self._run = attempt.started_with
        self._recipe = RunSettings.model_validate(self._run.settings)
        self._files = attempt.files
        self._descent = self._restore()
        self._snapshots = SnapshotWriter(self._files, self._descent, self._run.steps)
        self._waited = 0.0

    def run(self) -> None:
        # The files may have changed since the run was queued or stopped.
        sets = sets_of(self._recipe, self._datasets)
        data = with_styles(read_sets(sets), self._recipe.styles, self._recipe.seed)
        if self._recipe.teacher:
            path = self._settings.models_dir / f"{self._recipe.teacher}.safetensors"
            data = data._replace(teacher=read_weights(path).network)
        self._attempt.begin()
        started = time.monotonic()
        reports = trainer.train(self._descent, data, self._recipe.pace, self._wait, self._recipe.augmentation)
        ended = self._follow(reports)
        write_checkpoint(self._files, self._descent)
        if ended is None:
            self._attempt.leave()
            return
        self._record(self._descent.step > self._run.step, last=True)
        self._finish(sets.dataset, data, time.monotonic() - started - self._waited, ended)

    def _restore(self) -> Descent:
        descent = trainer.start(self._recipe)
        for event in self._attempt.events("rate"):
            descent.rates.append((event.data["step"], event.data["learning_rate"]))
        read_checkpoint(self._files, descent)
        return descent

    def _follow(self, reports: Iterator[trainer.Report]) -> Ended | None:
        """Trains, and returns how the run ended; None if it is left to its next attempt."""
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
                self._attempt.append(_events(report))
            self._record(is_new)
            if report.step >= self._run.step and report.step < self._run.steps and self._handle_requests(report.step):
                is_left = self._stop.given.is_set() and self._attempt.is_leased
                return None if is_left else Ended("stopped", self._stop.reason)
            if time.monotonic() - saved > max(_CHECKPOINT_SECONDS, self._files.interval):
                write_checkpoint(self._files, self._descent)
                saved = time.monotonic()
        return Ended("finished", None)

    def _handle_requests(self, step: int) -> bool:
        """Applies a requested pause or learning rate, and returns whether to stop. Blocks while the run is paused."""
        run = self._attempt.run()
        self._change_rate(run, step)
        if run and run.status == "paused":
            run = self._pause(step)
        return self._should_stop(run)

    def _change_rate(self, run: Run | None, step: int) -> None:
        if run and run.learning_rate not in (None, self._descent.rate):
            # The store first: then the steps that follow can be repeated, whatever happens next.
            self._attempt.append([("rate", {"step": step, "learning_rate": run.learning_rate})])
            self._descent.rates.append((step, run.learning_rate))

    def _pause(self, step: int) -> Run | None:
        """Blocks while the run is paused, and returns it as it is then. A rate is changed before the run goes on."""
        write_checkpoint(self._files, self._descent)
        self._snapshots.write_current()
        self._attempt.append([("pause", {"step": step})])
        began = time.monotonic()
        while (run := self._attempt.run()) and run.status == "paused" and not self._stop.given.is_set():
            self._stop.given.wait(_POLL_SECONDS)
        self._waited += time.monotonic() - began
        self._change_rate(run, step)
        if not self._should_stop(run):
            self._attempt.append([("resume", {"step": step})])
        return run

    def _should_stop(self, run: Run | None) -> bool:
        return self._stop.given.is_set() or run is None or run.status == "stopping"

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            run = self._attempt.run()
            if self._should_stop(run) or (run and run.status == "paused"):
                return
            self._stop.given.wait(min(left, _POLL_SECONDS))

    def _record(self, is_new: bool, *, last: bool = False) -> None:
        if self._snapshots.write_if_due(last=last) and is_new:
            self._attempt.append([("checkpoint", {"step": self._descent.step})])

    def _finish(self, dataset: Dataset, data: TrainingSet, seconds: float, ended: Ended) -> None:
        trained = trainer.finish(self._descent, self._recipe, data, dataset, seconds)
        metadata = {**trained.metadata, "run_id": str(self._run.id)}
        write_final_network(self._files, trained.network, metadata)
        self._attempt.end(ended.status, ended.reason, trained.test)


def _is_finite(report: trainer.Report, parameters: np.ndarray[Any, Any]) -> bool:
    epoch = report.ended
    numbers = [report.cost, *((epoch.cost, epoch.gradient_norm) if epoch else ())]
    return all(map(math.isfinite, numbers)) and bool(np.isfinite(parameters).all())


def _events(report: trainer.Report) -> list[tuple[str, Mapping[str, Any]]]:
    cost = ("cost", {"step": report.step, "epoch": report.epoch, "cost": report.cost})
    if report.ended is None:
        return [cost]
    # Without the setting `measured_on`, its figure is absent.
    return [cost, ("epoch", {key: value for key, value in report.ended._asdict().items() if value is not None})]
