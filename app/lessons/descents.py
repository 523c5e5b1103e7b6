"""Descents for the lessons: the same settings always give the same descent, bit for bit.

A page asks for a few steps at a time, and nothing runs between two answers. Each answer leaves a snapshot, from which
the next one continues, so that hundreds of clients can alternate, each with its own descent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from app.lessons.digits import Set
from app.network.activation import Floats
from app.network.descent import Descent
from app.network.network import Network

MAX_STEPS = 2_000
# Seconds of processor time for one answer. The client sends its next request for the steps that are left.
_TIME = 0.04
# All snapshots together. One of `classic` takes up to 68 KB, so there are about 3,000, of up to as many descents. The
# one that a client continues from is lost only when 3,000 other answers come between.
_MAX_BYTES = 200_000_000
_MAX_PATHS = 8
_TIMED_STEPS = 6
# Trained networks stay far below this. Steps that reach this are about to multiply it by a million, but
# outputs and gradients are still finite.
_BOUND = 1e6


class DescentSettings(NamedTuple):
    """What makes a descent. `batch_size` None is full batch. `sizes`, `activation` and `cost` are the network's."""

    sizes: tuple[int, ...]
    activation: str
    cost: str
    seed: int
    learning_rate: float
    batch_size: int | None


class Stretch(NamedTuple):
    """Steps `since`+1 to `step` of a descent: the cost of each step's batch before it, and the network after the last.

    `step` is below `since` when a snapshot was lost and there was too little time to recompute it. `seconds` is the
    computing time of all steps up to `step`. `diverged` says that the descent ends here, because the next step would
    leave the bounds.
    """

    step: int
    costs: list[float]
    seconds: float
    network: Network
    diverged: bool


class _Snapshot(NamedTuple):
    """A descent after some steps: its parameters, the cost of each step's batch, and whether the next one diverges."""

    parameters: Floats
    costs: NDArray[np.float64]
    diverged: bool

    @property
    def step(self) -> int:
        return len(self.costs)

    @property
    def nbytes(self) -> int:
        return self.parameters.nbytes + self.costs.nbytes


class Descents:
    """The snapshots of the descents and the paths that were used last.

    `stretch` and `path` each need the same images in every call, because other images make another descent.
    """

    def __init__(self) -> None:
        self._snapshots: LRUCache[tuple[DescentSettings, int], _Snapshot] = LRUCache(_MAX_BYTES, lambda one: one.nbytes)
        self._paths: LRUCache[tuple[DescentSettings, int, int], Floats] = LRUCache(_MAX_PATHS)
        self._step_seconds: dict[DescentSettings, float] = {}
        self._lock = threading.Lock()

    def stretch(self, settings: DescentSettings, since: int, until: int, images: Set) -> Stretch:
        """The steps after `since`, up to `until` or as far as the time for one answer reaches.

        `since` and `until` are 0..MAX_STEPS.
        """
        snapshot = _continue(settings, self._nearest(settings, until), until, images)
        with self._lock:
            self._snapshots[settings, snapshot.step] = snapshot
        step = snapshot.step
        return Stretch(
            step,
            snapshot.costs[since:].tolist(),
            step * self._seconds_of_step(settings, images),
            _network(settings, snapshot.parameters.copy()),
            snapshot.diverged and step < until,
        )

    def path(self, settings: DescentSettings, steps: int, every: int, images: Set) -> Floats:
        """The parameters (points, parameters) at the start of a descent of `steps` steps, and after each `every` steps.

        There are fewer points when it diverges.
        """
        key = settings, steps, every
        with self._lock:
            path = self._paths.get(key)
        if path is None:
            # Without the lock, so that requests for other descents don't wait for this one.
            path = _path(settings, steps, every, images)
            with self._lock:
                self._paths[key] = path
        return path

    def _nearest(self, settings: DescentSettings, until: int) -> _Snapshot:
        """The snapshot at the last step up to `until` that has one, or the start."""
        with self._lock:
            for step in range(until, 0, -1):
                if (settings, step) in self._snapshots:
                    return self._snapshots[settings, step]
        return _Snapshot(_start(settings).parameters, np.empty(0), diverged=False)

    def _seconds_of_step(self, settings: DescentSettings, images: Set) -> float:
        """Measured once for each shape of network and batch size, on which alone it depends."""
        shape = settings._replace(seed=0, learning_rate=0.0)
        if shape not in self._step_seconds:
            steps = _steps(shape, _start(shape), 0, _TIMED_STEPS, images)
            times = [time.thread_time() for _ in steps]
            self._step_seconds.setdefault(shape, min(after - before for before, after in pairwise(times)))
        return self._step_seconds[shape]


def _network(settings: DescentSettings, parameters: Floats) -> Network:
    return Network(settings.sizes, settings.activation, settings.cost, parameters)


def _start(settings: DescentSettings) -> Network:
    return Network.random(np.random.default_rng(settings.seed), settings.sizes, settings.activation, settings.cost)


@np.errstate(all="ignore")  # a step that is too large may end in infinities
def _continue(settings: DescentSettings, snapshot: _Snapshot, until: int, images: Set) -> _Snapshot:
    """The descent at step `until`, or earlier when it diverges or the time is up; at least a step later."""
    if snapshot.step == until or snapshot.diverged:
        return snapshot
    network, costs, is_late = _network(settings, snapshot.parameters.copy()), snapshot.costs.tolist(), False
    end = time.thread_time() + _TIME
    for cost in _steps(settings, network, snapshot.step, until, images):
        costs.append(cost)
        if is_late := time.thread_time() > end:
            break
    return _Snapshot(network.parameters, np.array(costs), diverged=len(costs) < until and not is_late)


@np.errstate(all="ignore")
def _path(settings: DescentSettings, steps: int, every: int, images: Set) -> Floats:
    network = _start(settings)
    points = [network.parameters.copy()]
    for step, _ in enumerate(_steps(settings, network, 0, steps, images), 1):
        if step % every == 0:
            points.append(network.parameters.copy())
    return np.array(points)


def _steps(settings: DescentSettings, network: Network, step: int, until: int, images: Set) -> Iterator[float]:
    """The cost of each step from `step` to `until`, which the network takes. Ends early before a step that diverges."""
    descent = Descent(
        network,
        settings.learning_rate,
        settings.batch_size,
        epochs=MAX_STEPS,
        seed=settings.seed,
        norm_images=0,
        step=step,
        last_step=until,
    )
    before = network.parameters.copy()
    for progress in descent.run(images.with_ones, images.wanted):
        if not np.abs(network.parameters).max() <= _BOUND:
            network.parameters[:] = before
            return
        before[:] = network.parameters
        yield progress.cost
