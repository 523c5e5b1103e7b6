"""Starts, stops and resumes runs: what is the same wherever they are trained.

`local_jobs` trains them in processes of this machine, one at a time; `leased_jobs` on any number of machines.
"""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Any

from app.data.dataset import MNIST, ErasedError
from app.data.datasets import TRAINING, Datasets
from app.data.mnist import DataError
from app.runs import trainer
from app.runs.checkpoint import NAME
from app.runs.recipe import MAX_RATES, SETS, RecipeError, RunSettings
from app.runs.snapshots import FOLDER
from app.runs.speed import ImageCounts
from app.runs.sweeps import Sweeps
from app.runs.training_set import sets_of
from app.store.records import Run, RunStore, StoreError

_NEW = ("also", "measured_on", "collection_sha256")
KEPT_AFTER_DELETION = timedelta(days=1)


class RunActiveError(Exception):
    """As many runs are being trained as can be at once."""


class RunNotFoundError(Exception):
    """There is no such run."""


class Jobs(ABC):
    """The runs of one store, for one server process."""

    sweeps: Sweeps

    def __init__(self, store: RunStore, datasets: Datasets) -> None:
        self._store, self._datasets = store, datasets

    @property
    @abstractmethod
    def at_once(self) -> int:
        """How many runs can be trained at once, when last looked; 0 if no worker can be reached."""

    @abstractmethod
    async def open(self) -> None:
        """To be called before all others. Raises StoreError."""

    @abstractmethod
    async def start(self, recipe: RunSettings) -> Run:
        """Starts a run.

        Raises RunActiveError if none can start now, and RecipeError if its data is missing or different.
        """

    async def queue(self, recipe: RunSettings) -> Run:
        """Adds a run to the queue, and starts it if it can start now. Raises RecipeError as `start` does."""
        settings, steps = await asyncio.to_thread(self.prepared, recipe)
        run = await asyncio.to_thread(self._store.create_run, settings, steps, "queued")
        # If the store is busy now, the run is queued all the same, and the server tries again each second.
        with contextlib.suppress(StoreError):
            await self.refresh()
        return await asyncio.to_thread(self._existing, run.id)

    @abstractmethod
    async def resume(self, run_id: int) -> Run:
        """Resumes a paused, stopped or failed run.

        Raises RunActiveError, RunNotFoundError, ErasedError if its images are erased, and StoreError for any other run.
        """

    @abstractmethod
    async def refresh(self) -> None:
        """To be called each second: starts what can start, and deals with runs that have lost their process."""

    @abstractmethod
    def stop_all(self) -> None:
        """Stops the runs that this process started; they save their networks."""

    @abstractmethod
    async def close(self) -> None:
        """Stops all runs that this process started, and waits for them briefly."""

    def prepared(self, recipe: RunSettings) -> tuple[dict[str, Any], int]:
        """The settings that the run's record keeps, and its steps. The images of its collection are kept for it.

        Raises RecipeError as `steps_of` does.
        """
        kept = self.with_snapshot(recipe)
        # These first: they check the data set.
        steps = self.steps_of(kept)
        return self.settings_of(kept), steps

    def with_snapshot(self, recipe: RunSettings) -> RunSettings:
        """The recipe with the hash of its collection's images, as they are now if it has none. Raises RecipeError."""
        collection, sha256 = recipe.collection, recipe.collection_sha256
        if collection is None:
            sha256 = None
        elif sha256 is None:
            try:
                sha256 = self._datasets.keep(collection)
            except DataError as error:
                raise RecipeError(f"{_field_of(collection, recipe)}: {error}") from error
        return recipe.model_copy(update={"collection_sha256": sha256})

    def settings_of(self, recipe: RunSettings) -> dict[str, Any]:
        """The settings that the run's record keeps."""
        settings = recipe.model_dump()
        # During an upgrade, servers of the version before read them too, and refuse what they don't know.
        return {name: value for name, value in settings.items() if value is not None or name not in _NEW}

    def steps_of(self, recipe: RunSettings) -> int:
        """How many steps the run takes if nothing stops it. Raises RecipeError if its data is missing or different."""
        return trainer.total_steps(recipe, self.images_of(recipe).training)

    def images_of(self, recipe: RunSettings) -> ImageCounts:
        """The images of the run's data sets, as often as an epoch uses them, with the drawings that are added.

        Raises RecipeError if the data set is missing or different, or has no digits to add drawings to.
        """
        try:
            sets = sets_of(recipe, self._datasets)
        except ErasedError:
            raise
        except DataError as error:
            # MNIST comes with the program: if it is missing, the run itself fails with the reason.
            if recipe.dataset == MNIST:
                return ImageCounts(TRAINING + recipe.styles)
            raise RecipeError(f"dataset: {error}") from error
        dataset, measured_on = sets.dataset, sets.measured_on
        if recipe.styles and not dataset.reads_digits:
            raise RecipeError(f"styles: these are digits, and {recipe.dataset!r} has other classes. Remove styles.")
        held_out = dataset.held_out + (measured_on.held_out if measured_on else 0)
        return ImageCounts(sets.training + recipe.styles, held_out, dataset.test)

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
        self._store.purge(before.isoformat(timespec="milliseconds"))

    def forget_checkpoints(self, days: int) -> None:
        """Removes the checkpoints of the runs that ended more than `days` days ago.

        Their events, results and networks stay. A stopped or failed one that is resumed begins at its first step again,
        which leads to the same network.
        """
        before = datetime.now(UTC) - timedelta(days=days)
        self._store.remove_files((f"{FOLDER}/", NAME), before.isoformat(timespec="milliseconds"))

    def _resumable(self, run_id: int) -> None:
        """Raises RunNotFoundError, and ErasedError if the images of the run's collection are erased."""
        recipe = RunSettings.model_validate(self._existing(run_id).settings)
        if recipe.collection is not None:
            self._datasets.get(recipe.collection, recipe.collection_sha256)

    def _existing(self, run_id: int) -> Run:
        run = self._store.run(run_id)
        if run is None:
            raise RunNotFoundError(f"There is no run {run_id}.")
        return run


def _field_of(collection: str, recipe: RunSettings) -> str:
    return next(field for field in SETS if getattr(recipe, field) == collection)
