"""What is remembered of runs and of publications, and the promise every store keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Status = Literal["starting", "running", "stopping", "finished", "stopped", "failed"]
ACTIVE: tuple[Status, ...] = ("starting", "running", "stopping")


@dataclass(frozen=True)
class Run:
    """One training run. Times are ISO 8601 in UTC; costs and accuracies are None until they are known.

    `step` and `epoch` are those of the last cost event; `cost` and `accuracy`, on the held-out images, those of the
    last epoch event.
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
    """A network served under a name. `version` names its file; `run_id` is the run that it comes from."""

    name: str
    version: str
    run_id: int
    published_at: str


class StoreError(Exception):
    """The store can't do this; the message says why, and what to change."""


class StoreBusyError(StoreError):
    """The store can't be read or written now; the same call may succeed later."""


class RunStore(Protocol):
    """Runs, their events, and publications. Every call is whole or not at all, and safe from any thread."""

    def create_run(self, settings: Mapping[str, Any], steps: int) -> Run:
        """A new run, status "starting". `steps` is how many it takes if nothing stops it."""

    def run(self, run_id: int) -> Run | None:
        """The run, or None."""

    def runs(self, limit: int = 100, before: int | None = None) -> list[Run]:
        """Runs, newest first; only those with an id below `before` when it is given."""

    def active_run(self) -> Run | None:
        """The run that is being trained, if there is one."""

    def begin(self, run_id: int) -> bool:
        """Moves a run from "starting" to "running"; False, and nothing changed, when it is anything else."""

    def ask_to_stop(self, run_id: int) -> bool:
        """Moves an active run to "stopping", for its trainer to see; False when it has ended."""

    def reopen(self, run_id: int) -> Run:
        """Makes a stopped or failed run "starting" again; its `end` event becomes `resume`, under the same id.

        Raises StoreError for any other run.
        """

    def append(self, run_id: int, events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Adds events (name, data), and brings the run's step, epoch, cost and accuracy up to them."""

    def end(self, run_id: int, status: Status, reason: str | None = None, test_accuracy: float | None = None) -> bool:
        """Ends an active run and adds its `end` event; False, and nothing changed, when it has ended already."""

    def events(self, run_id: int, after: int = 0) -> list[Event]:
        """The run's events with an id above `after`, oldest first."""

    def publish(self, name: str, version: str, run_id: int) -> Publication:
        """Makes this version the current one of `name`."""

    def roll_back(self, name: str) -> Publication | None:
        """Takes back the current publication of `name`, and returns the one before, if there is one.

        Raises StoreError when nothing is published under that name.
        """

    def publications(self) -> dict[str, Publication]:
        """The current publication of each name that has one."""

    def close(self) -> None:
        """Lets go of files. No other call may follow."""
