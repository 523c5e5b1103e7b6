"""What a run's network was after some of its steps, kept to be looked at later, and what it is now.

These files are for looking only: a run goes on from its own checkpoint, and what is published is another file.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network import Descent
from app.network.tensor_file import pack, unpack, write_whole

# Enough for a slider to move smoothly, few enough that a large network's take no more room than its images.
_MAX, _MIN, _MAX_BYTES = 80, 12, 48_000_000
_NOW_SECONDS = 0.4


class SnapshotNotFoundError(Exception):
    """The run has no such checkpoint; the message says what there is."""


class Snapshot(NamedTuple):
    """The flat vector of a network's parameters after `step` steps, float32."""

    step: int
    parameters: NDArray[np.float32]


class SnapshotWriter:
    """Keeps checkpoints of a descent of `steps` steps in `folder`: the first steps densely, for there most happens."""

    def __init__(self, folder: Path, descent: Descent, steps: int) -> None:
        self._folder, self._descent = folder, descent
        size = descent.network.parameters.nbytes
        self._due = _steps_to_record(steps, min(_MAX, max(_MIN, _MAX_BYTES // size)))
        self._due = self._due[np.searchsorted(self._due, descent.step) :]
        self._kept = max(snapshot_steps(folder), default=-1)
        self._shown_at = -_NOW_SECONDS

    def show(self) -> None:
        """Lets the network be looked at as it is now. Raises OSError."""
        self._shown_at = time.monotonic()
        self._write(self._folder / "now.safetensors")

    def look(self, *, last: bool = False) -> bool:
        """Keeps the network as it is when that is due, or when it is the last; says whether it did. Raises OSError."""
        step, now = self._descent.step, time.monotonic()
        is_due = (last and step > self._kept) or (len(self._due) > 0 and step >= self._due[0])
        if is_due:
            self._kept = step
            self._due = self._due[np.searchsorted(self._due, step, side="right") :]
            self._write(self._folder / "checkpoints" / f"{step}.safetensors")
        if is_due or last or now - self._shown_at >= _NOW_SECONDS:
            self.show()
        return is_due

    def _write(self, path: Path) -> None:
        content = pack({"parameters": self._descent.network.parameters}, {"step": json.dumps(self._descent.step)})
        write_whole(path, content, durable=False)


def snapshot_steps(folder: Path) -> list[int]:
    """After which steps the network of the run in `folder` is kept, rising."""
    return sorted(int(path.stem) for path in (folder / "checkpoints").glob("*.safetensors") if path.stem.isdecimal())


def read_snapshot(folder: Path, step: int | None) -> Snapshot:
    """The network after that step, or the newest with None. Raises SnapshotNotFoundError."""
    path = folder / "now.safetensors" if step is None else folder / "checkpoints" / f"{step}.safetensors"
    try:
        file = unpack(path.read_bytes())
        return Snapshot(int(file.metadata["step"]), file.tensors["parameters"])
    except (OSError, KeyError, ValueError) as error:
        steps = snapshot_steps(folder)
        there = f"There are {len(steps)}, from step {steps[0]} to {steps[-1]}." if steps else "There is none yet."
        raise SnapshotNotFoundError(f"This run has no checkpoint of that step. {there}") from error


def _steps_to_record(steps: int, count: int) -> NDArray[np.intp]:
    half = count // 2
    evenly, densely = np.linspace(0, steps, half), np.geomspace(1, max(1, steps), count - half)
    return np.unique(np.rint(np.concatenate([evenly, densely])).astype(np.intp))
