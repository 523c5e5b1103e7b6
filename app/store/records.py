"""The records of runs, sweeps and publications, and the RunStore protocol that every store implements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from app.store.files import Files

Status = Literal["queued", "starting", "running", "paused", "stopping", "finished", "stopped", "failed", "diverged"]
ACTIVE: tuple[Status, ...] = ("starting", "running", "paused", "stopping")
# These can be resumed from their last checkpoint.
RESUMABLE: tuple[Status, ...] = ("stopped", "failed")
# The networks of these can be published, if they have ended an epoch.
PUBLISHABLE: tuple[Status, ...] = ("finished", "stopped", "diverged")


@dataclass(frozen=True)
class Run:
    """One training run. Times are ISO 8601 in UTC; costs and accuracies are None until they are known.

    `step` and `epoch` are those of the last cost event; `cost` and `accuracy`, on the held-out images, those of the
    last epoch event. `steps` is how many it takes if nothing stops it. `learning_rate` is the last one requested while
    it ran, None for that of the settings. `attempt` numbers the attempts to train it. `name` and `note` are
    free text. `sweep_id` is the sweep it belongs to. A deleted run is kept for a while, so that the deletion can be
    undone.
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
    attempt: int = 0
    name: str | None = None
    note: str | None = None
    sweep_id: int | None = None
    deleted_at: str | None = None

    @property
    def active(self) -> bool:
        return self.status in ACTIVE


@dataclass(frozen=True)
class Event:
    """An event of a run. `id` counts 1, 2, 3 ... within the run, without gaps."""

    id: int
    name: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Publication:
    """A network served under a name. `version` is a hash of its parameters, `run_id` the run that trained it.

    `sha256` is the hexadecimal digest of its file; "" in records older than that column. `who` published it and
    `why` are free text. `rolled_back_at` is None unless it was rolled back.
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

    @property
    def digest(self) -> str:
        """What its file is named by: the file's SHA-256, or the version in older records."""
        return self.sha256 or self.version


@dataclass(frozen=True)
class Sweep:
    """Runs that try out settings. `plan` is a SweepPlan; `status` is "running", "stopping", "stopped" or "finished"."""

    id: int
    status: str
    plan: dict[str, Any]
    created_at: str


class StoreError(Exception):
    """The store refuses a call; the message says why and what to change."""


class StoreBusyError(StoreError):
    """The store can't be read or written now; the same call may succeed later."""


class StaleAttemptError(StoreError):
    """Another attempt trains the run by now, or the run is gone: this one must not write to it any more."""


def now() -> str:
    """The present time as records have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class RunStore(Protocol):
    """Runs, their events, sweeps, publications, networks and checkpoints. Every call is atomic and thread-safe."""

    def create_run(
        self, settings: Mapping[str, Any], steps: int, status: Literal["starting", "queued"] = "starting"
    ) -> Run:
        """Adds a run with that status. `steps` is how many it takes if nothing stops it."""

    def run(self, run_id: int) -> Run | None:
        """The run, or None. Includes deleted runs until they are purged."""

    def runs(self, limit: int = 100, before: int | None = None, sweep_id: int | None = None) -> list[Run]:
        """Runs that are not deleted, newest first; optionally those with an id below `before`, or those of a sweep."""

    def active_runs(self) -> list[Run]:
        """The active runs, oldest first."""

    def queue(self) -> list[int]:
        """The ids of the queued runs that belong to no sweep, in the order in which they will start."""

    def queue_length(self) -> int:
        """How many runs wait to be started, those of "running" sweeps included."""

    def cancel(self, run_id: int) -> bool:
        """Moves a run of that queue to "stopped" and adds its `end` event. False if it is not in the queue."""

    def requeue(self, run_id: int) -> None:
        """Moves a "starting" run that belongs to no sweep back to its place in the queue."""

    def begin(self, run_id: int, attempt: int | None = None) -> bool:
        """Moves a "starting" run to "running".

        False, without a change, if it has another status, or if its attempt is not the one given.
        """

    def pause(self, run_id: int) -> bool:
        """Moves a "running" run to "paused"; its worker polls for that. False if it has another status."""

    def go_on(self, run_id: int) -> bool:
        """Moves a "paused" run back to "running". False if it has another status."""

    def ask_for_rate(self, run_id: int, learning_rate: float) -> bool:
        """Requests another learning rate of an active run's worker. False if the run has ended."""

    def ask_to_stop(self, run_id: int) -> bool:
        """Moves an active run to "stopping"; its worker polls for that. False if the run has ended."""

    def reopen(self, run_id: int) -> Run:
        """Moves a stopped or failed run to "starting". Its `end` event becomes `resume`, under the same id.

        Raises StoreError for any other run.
        """

    def append(
        self,
        run_id: int,
        events: Sequence[tuple[str, Mapping[str, Any]]],
        attempt: int | None = None,
        after: int | None = None,
    ) -> int:
        """Adds events (name, data), updates the run's step, epoch, cost and accuracy, and returns the last event's id.

        With `after`, the id of the last event that the caller knows, nothing is added if there are later ones: then the
        call is made again because its answer was lost. Raises StaleAttemptError if there is no such run, or if its
        attempt is not the one given. A `rate` event is on the disk before this returns: the steps after it can't be
        repeated without it.
        """

    def end(
        self,
        run_id: int,
        status: Status,
        reason: str | None = None,
        test_accuracy: float | None = None,
        attempt: int | None = None,
    ) -> bool:
        """Ends an active run and adds its `end` event.

        False, without a change, if it has ended already, or if its attempt is not the one given.
        """

    def events(self, run_id: int, after: int = 0, name: str | None = None) -> list[Event]:
        """The run's events with an id above `after`, oldest first; optionally only those called `name`."""

    def last_event(self, run_id: int) -> int:
        """The id of the run's last event, 0 if it has none."""

    def label(self, run_id: int, name: str | None, note: str | None) -> Run:
        """Sets a run's name and note. Raises StoreError if there is no such run."""

    def delete(self, run_id: int) -> None:
        """Marks a run as deleted, and cancels it if it is in the queue; repeating it changes nothing.

        Raises StoreError for an active run.
        """

    def restore(self, run_id: int) -> bool:
        """Undoes a deletion. False if the run was purged, or not deleted."""

    def deleted_runs(self) -> list[Run]:
        """The deleted runs that are not purged yet, the last deleted first."""

    def purge(self, before: str) -> list[int]:
        """Removes the runs deleted before that time with their files, except published ones, and returns their ids."""

    def remove_files(self, names: Sequence[str], ended_before: str) -> None:
        """Removes these files of the runs that ended before that time. "checkpoints/" stands for all in that folder."""

    def files_of(self, run: Run) -> Files:
        """The run's network and checkpoints.

        Where runs have leases, writing raises StaleAttemptError once another attempt trains the run.
        """

    def create_sweep(self, plan: Mapping[str, Any], runs: Sequence[tuple[Mapping[str, Any], int]]) -> Sweep:
        """Adds a "running" sweep and its "queued" runs, each (settings, steps)."""

    def sweep(self, sweep_id: int) -> Sweep | None:
        """The sweep, or None."""

    def sweeps(self, limit: int = 100) -> list[Sweep]:
        """Sweeps, newest first."""

    def active_sweeps(self) -> list[Sweep]:
        """The "running" and "stopping" sweeps, oldest first."""

    def set_sweep(self, sweep_id: int, status: str, among: Sequence[str]) -> bool:
        """Sets a sweep's status. False, without a change, if its present one is not `among` those."""

    def dequeue(self, sweep_id: int | None) -> Run | None:
        """Moves the oldest queued run of a sweep, or of the queue if `sweep_id` is None, to "starting" and returns it.

        None if no run is queued, or if the sweep is not "running": a sweep that is asked to stop starts no further run.
        """

    def publish(
        self, name: str, version: str, run_id: int, network: bytes, who: str = "", why: str = ""
    ) -> Publication:
        """Keeps the network, the bytes of its file, and makes this version the current one of `name`.

        Both or neither. Repeating the call changes nothing, except that it restores a damaged file. Raises OSError.
        """

    def published_file(self, publication: Publication) -> bytes:
        """The bytes of a published network's file. Raises OSError."""

    def roll_back(self, name: str, publication_id: int | None = None) -> Publication | None:
        """Rolls publications of `name` back to the one before the current one, or to `publication_id`.

        Returns the one that is current then. None stands for the network that came with the program, which
        `publication_id` 0 asks for. Raises StoreError if nothing is published under that name, or if that publication
        is unknown or was rolled back.
        """

    def publications(self) -> dict[str, Publication]:
        """The current publication of each name that has one."""

    def publication_history(self, name: str) -> list[Publication]:
        """All publications under that name, newest first, including those rolled back."""

    def close(self) -> None:
        """Closes files and connections. No other call may follow."""
