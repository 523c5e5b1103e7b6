"""Snapshots of a run's network, after some of its steps and now, which the run's page shows.

The API calls them checkpoints. A run is resumed from another file (see `checkpoint`), and publishes another one.
"""

from __future__ import annotations

import json
import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network import Descent
from app.network.tensor_file import pack, unpack
from app.store.files import Files

# Enough for a smooth slider; fewer for a large network, whose snapshots should take no more space than its images.
_MAX_COUNT, _MIN_COUNT, _MAX_BYTES = 80, 12, 48_000_000
FOLDER, _CURRENT, _SUFFIX = "checkpoints", "now.safetensors", ".safetensors"


class SnapshotNotFoundError(Exception):
    """The run has no snapshot of that step; the message says which there are."""


class Snapshot(NamedTuple):
    """The flat vector of a network's parameters after `step` steps, float32."""

    step: int
    parameters: NDArray[np.float32]


class SnapshotWriter:
    """Writes snapshots of a descent of `steps` steps, more often in the first steps, where most changes."""

    def __init__(self, files: Files, descent: Descent, steps: int) -> None:
        self._files, self._descent = files, descent
        size = descent.network.parameters.nbytes
        self._due = _due_steps(steps, min(_MAX_COUNT, max(_MIN_COUNT, _MAX_BYTES // size)))
        self._due = self._due[np.searchsorted(self._due, descent.step) :]
        self._last = max(snapshot_steps(files), default=-1)
        self._current_at = -files.interval

    def write_current(self) -> None:
        """Writes the network as it is now. Raises OSError."""
        self._current_at = time.monotonic()
        self._write(_CURRENT)

    def write_if_due(self, *, last: bool = False) -> bool:
        """Writes a snapshot if this step is due, or the last, and returns whether it did. Raises OSError."""
        step, now = self._descent.step, time.monotonic()
        is_due = (last and step > self._last) or (len(self._due) > 0 and step >= self._due[0])
        if is_due:
            self._last = step
            self._due = self._due[np.searchsorted(self._due, step, side="right") :]
            self._write(f"{FOLDER}/{step}{_SUFFIX}")
        if is_due or last or now - self._current_at >= self._files.interval:
            self.write_current()
        return is_due

    def _write(self, name: str) -> None:
        content = pack({"parameters": self._descent.network.parameters}, {"step": json.dumps(self._descent.step)})
        self._files.write(name, content, durable=False)


def snapshot_steps(files: Files) -> list[int]:
    """The steps of the snapshots among the run's files, in order."""
    stems = (name.removesuffix(_SUFFIX) for name in files.names(FOLDER) if name.endswith(_SUFFIX))
    return sorted(int(stem) for stem in stems if stem.isdecimal())


def read_snapshot(files: Files, step: int | None) -> Snapshot:
    """The snapshot of that step, or the current network if `step` is None. Raises SnapshotNotFoundError."""
    try:
        file = unpack(files.read(_CURRENT if step is None else f"{FOLDER}/{step}{_SUFFIX}"))
        return Snapshot(int(file.metadata["step"]), file.tensors["parameters"])
    except (OSError, KeyError, ValueError) as error:
        steps = snapshot_steps(files)
        there = f"There are {len(steps)}, from step {steps[0]} to {steps[-1]}." if steps else "There is none yet."
        raise SnapshotNotFoundError(f"This run has no checkpoint of that step. {there}") from error


def _due_steps(steps: int, count: int) -> NDArray[np.intp]:
    half = count // 2
    evenly, densely = np.linspace(0, steps, half), np.geomspace(1, max(1, steps), count - half)
    return np.unique(np.rint(np.concatenate([evenly, densely])).astype(np.intp))
