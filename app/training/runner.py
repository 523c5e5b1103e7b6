"""Trains one run of the store, from its start or from where it was left, and tells the store what happens."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from app.network.mnist import DataError
from app.network.weights import WeightsError, read_weights, write_weights
from app.settings import Settings
from app.store.base import Run, RunStore
from app.store.sqlite import SqliteRunStore
from app.training import trainer
from app.training.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from app.training.data import read_data
from app.training.recipe import RunSettings

_CHECKPOINT_SECONDS = 2.0
_DIVERGED = "The numbers grew beyond all bounds: the steps were too large. Try a smaller learning rate."


class Stop(Protocol):
    """A wish from outside the store that this process stop."""

    given: threading.Event
    reason: str | None


class DivergedError(Exception):
    """A cost or a parameter is no finite number any more."""


def train(run_id: int, stop: Stop) -> None:
    """Trains the run and ends it in the store, with the reason when it fails."""
    settings = Settings()
    store = SqliteRunStore(settings.database)
    run = store.run(run_id)
    if run is None:
        sys.exit(f"There is no run {run_id} in {settings.database}.")
    try:
        # What leaves the finite numbers is met where each report is looked at.
        with np.errstate(over="ignore", invalid="ignore"):
            _train(store, settings, run, stop)
    except DivergedError:
        store.end(run_id, "failed", _DIVERGED)
    except (DataError, WeightsError, CheckpointError, OSError) as error:
        store.end(run_id, "failed", str(error))
    except Exception as error:
        store.end(run_id, "failed", f"The training process failed: {type(error).__name__}: {error}")
        raise
    finally:
        store.close()


def _train(store: RunStore, settings: Settings, run: Run, stop: Stop) -> None:
    recipe = RunSettings.model_validate(run.settings)
    folder = settings.run_dir(run.id)
    checkpoint = folder / "checkpoint.safetensors"
    descent = trainer.start(recipe)
    if checkpoint.exists():
        read_checkpoint(checkpoint, descent)
    data = read_data(settings.mnist_dir)
    if recipe.teacher:
        data = data._replace(teacher=read_weights(settings.models_dir / f"{recipe.teacher}.safetensors").network)
    store.begin(run.id)

    def stop_is_wanted() -> bool:
        now = store.run(run.id)
        return stop.given.is_set() or now is None or now.status == "stopping"

    def wait(seconds: float) -> None:
        until = time.monotonic() + seconds
        while not stop_is_wanted() and (left := until - time.monotonic()) > 0:
            stop.given.wait(min(left, 0.1))

    stopped = False
    started = saved = time.monotonic()
    for report in trainer.train(descent, data, recipe.pace, wait, recipe.augmentation):
        _require_finite(report, descent.network.parameters)
        # After a crash the steps between the checkpoint and the last event come again, just as they were told.
        if report.step > run.step:
            store.append(run.id, _events(report))
        if stopped := report.step < run.steps and stop_is_wanted():
            break
        if time.monotonic() - saved > _CHECKPOINT_SECONDS:
            write_checkpoint(checkpoint, descent)
            saved = time.monotonic()
    write_checkpoint(checkpoint, descent)
    trained = trainer.finish(descent, recipe, data, settings.mnist_dir, time.monotonic() - started)
    write_weights(folder / "network.safetensors", trained.network, {**trained.metadata, "run_id": str(run.id)})
    store.end(run.id, "stopped" if stopped else "finished", stop.reason if stopped else None, trained.test)


def _require_finite(report: trainer.Report, parameters: np.ndarray[Any, Any]) -> None:
    numbers = [report.cost, *(report.ended or ())]
    if not all(map(math.isfinite, numbers)) or not np.isfinite(parameters).all():
        raise DivergedError


def _events(report: trainer.Report) -> list[tuple[str, Mapping[str, Any]]]:
    cost = ("cost", {"step": report.step, "epoch": report.epoch, "cost": report.cost})
    return [cost] if report.ended is None else [cost, ("epoch", report.ended._asdict())]
