"""What is remembered of runs and of publications, and the promise every store keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Status = Literal["queued", "starting", "running", "paused", "stopping", "finished", "stopped", "failed", "diverged"]
ACTIVE: tuple[Status, ...] = ("starting", "running", "paused", "stopping")
# What can go on from its last checkpoint.
RESUMABLE: tuple[Status, ...] = ("stopped", "failed")
# The networks of these can be published, if they have ended an epoch.
PUBLISHABLE: tuple[Status, ...] = ("finished", "stopped", "diverged")


@dataclass(frozen=True)
class Run:
    """One training run. Times are ISO 8601 in UTC; costs and accuracies are None until they are known.

    `step` and `epoch` are those of the last cost event; `cost` and `accuracy`, on the held-out images, those of the
    last epoch event. `learning_rate` is the one that was asked for since, None for that of the settings. `name` and
    `note` are what people wrote about it. `sweep_id` is the sweep that it belongs to. One that is deleted is kept for
    a while, so that this can be undone.
    """

    id: int
    status: Status
    reason: str | None
    settings: dict[str, Any]
    steps: int
    step: int
    epoch: int
    cost: float | None
    accuracy: float | None
    test_accuracy: float | None
    created_at: str
    started_at: str | None
    ended_at: str | None
    learning_rate: float | None = None
    name: str | None = None
    note: str | None = None
    sweep_id: int | None = None
    deleted_at: str | None = None

    @property
    def active(self) -> bool:
        return self.status in ACTIVE


@dataclass(frozen=True)
class Event:
    """Something that happened in a run. `id` counts 1, 2, 3 ... within the run, without gaps."""

    id: int
    name: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Publication:
    """A network served under a name. `version` tells its numbers; `run_id` is the run that it comes from.

    `sha256` is that of its file, in hexadecimal, and names it; "" for one of the time before that was kept. `who`
    published it and `why`, in their words. `rolled_back_at` is None for those that were not taken back.
    """

    id: int
    name: str
    version: str
    run_id: int
    published_at: str
    who: str = ""
    why: str = ""
    rolled_back_at: str | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Sweep:
    """Runs that try settings. `plan` says which and how; `status` is "running", "stopping", "stopped" or "finished"."""

    id: int
    status: str
    plan: dict[str, Any]
    created_at: str


class StoreError(Exception):
    """The store can't do this; the message says why, and what to change."""


class StoreBusyError(StoreError):
    """The store can't be read or written now; the same call may succeed later."""


class RunStore(Protocol):
    """Runs, their events, and publications. Every call is whole or not at all, and safe from any thread."""

    def create_run(self, settings: Mapping[str, Any], steps: int) -> Run:
        """A new run, status "starting". `steps` is how many it takes if nothing stops it."""

    def run(self, run_id: int) -> Run | None:
        """The run, or None; also one that is deleted, as long as it is kept."""

    def runs(self, limit: int = 100, before: int | None = None, sweep_id: int | None = None) -> list[Run]:
        """Runs that are not deleted, newest first; only those with an id below `before`, or of a sweep, when given."""

    def active_run(self) -> Run | None:
        """The run that is being trained, if there is one; the oldest, if there are several."""

    def begin(self, run_id: int) -> bool:
        """Moves a run from "starting" to "running"; False, and nothing changed, when it is anything else."""

    def pause(self, run_id: int) -> bool:
        """Moves a running run to "paused", for its trainer to see; False when it is not running."""

    def go_on(self, run_id: int) -> bool:
        """Moves a paused run to "running", for its trainer to see; False when it is not paused."""

    def ask_for_rate(self, run_id: int, learning_rate: float) -> bool:
        """Asks the trainer of an active run for another learning rate; False when the run has ended."""

    def ask_to_stop(self, run_id: int) -> bool:
        """Moves an active run to "stopping", for its trainer to see; False when it has ended."""

    def reopen(self, run_id: int) -> Run:
        """Makes a stopped or failed run "starting" again; its `end` event becomes `resume`, under the same id.

        Raises StoreError for any other run.
        """

    def append(self, run_id: int, events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Adds events (name, data), and brings the run's step, epoch, cost and accuracy up to them.

        A `rate` is on the disk before this returns: what follows from it can't be told again without it.
        """

    def end(self, run_id: int, status: Status, reason: str | None = None, test_accuracy: float | None = None) -> bool:
        """Ends an active run and adds its `end` event; False, and nothing changed, when it has ended already."""

    def events(self, run_id: int, after: int = 0, name: str | None = None) -> list[Event]:
        """The run's events with an id above `after`, oldest first; only those of that name when it is given."""

    def label(self, run_id: int, name: str | None, note: str | None) -> Run:
        """Gives a run a name and a note. Raises StoreError when it is not there."""

    def delete(self, run_id: int) -> None:
        """Deletes a run that has ended; one that is deleted already stays so. Raises StoreError for an active one."""

    def restore(self, run_id: int) -> bool:
        """Undoes a deletion; False when the run is gone for good, or was not deleted."""

    def purge(self, before: str) -> list[int]:
        """Forgets the runs that were deleted before that time, and says which. What is published is not touched."""

    def create_sweep(self, plan: Mapping[str, Any], runs: Sequence[tuple[Mapping[str, Any], int]]) -> Sweep:
        """A new sweep, "running", with its runs, (settings, steps) each, "queued"."""

    def sweep(self, sweep_id: int) -> Sweep | None:
        """The sweep, or None."""

    def sweeps(self, limit: int = 100) -> list[Sweep]:
        """Sweeps, newest first."""

    def active_sweep(self) -> Sweep | None:
        """The sweep that is "running" or "stopping", if there is one; the oldest, if there are several."""

    def set_sweep(self, sweep_id: int, status: str, among: Sequence[str]) -> bool:
        """Sets the status of a sweep; False, and nothing changed, when the one it has is not `among` those."""

    def dequeue(self, sweep_id: int) -> Run | None:
        """The oldest queued run of the sweep, which is "starting" from now on.

        None when there is none left, and when the sweep is not "running": once it is told to stop, nothing starts.
        """

    def publish(
        self, name: str, version: str, run_id: int, who: str = "", why: str = "", sha256: str = ""
    ) -> Publication:
        """Makes this version the current one of `name`."""

    def roll_back(self, name: str, publication_id: int | None = None) -> Publication | None:
        """Takes publications of `name` back until the one before the current, or the one given, is current.

        Returns the current one then; None when that is the one that came with the program (`publication_id` 0 asks for
        that). Raises StoreError when nothing is published under that name, or no such publication stands.
        """

    def publications(self) -> dict[str, Publication]:
        """The current publication of each name that has one."""

    def publication_history(self, name: str) -> list[Publication]:
        """All publications under that name, newest first, also those taken back."""

    def close(self) -> None:
        """Lets go of files. No other call may follow."""
