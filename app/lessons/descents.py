"""Descents in front of a reader: the same settings give the same descent, whoever watches it and from where.

A page asks for a stretch of steps at a time. Nothing runs while nobody asks, so that a class that has gone home costs
nothing, and a descent that was forgotten here is made again from its seed.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from cachetools import LRUCache

from app.lessons.digits import Set
from app.network.activation import Floats
from app.network.descent import Descent, Progress
from app.network.network import Network

MAX_STEPS = 2_000
# An answer takes no longer than this, in seconds: what is not reached is asked for again.
_TIME = 0.04
_MAX_CACHED = 8
# Of each descent the parameters of at most so many steps are kept, evenly: who goes back to a step waits for the few
# between, also where one takes as long as with full batch.
_MAX_KEPT = 128
# No network that learned has a parameter as large. One that has is on its way to infinity, in steps that soon multiply
# it by a million; up to here the outputs and the gradient are numbers.
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

    `step` is below `since` where the time did not reach it. `seconds` is what all the steps up to it took to compute.
    `diverged` says that the next step would leave every bound: the descent ends here.
    """

    step: int
    costs: list[float]
    seconds: float
    network: Network
    diverged: bool


class Descents:
    """The descents that were watched last, and the paths that were asked for last.

    Other images than before make another descent: each of the two is to be given the same ones always.
    """

    def __init__(self) -> None:
        self._walks: LRUCache[DescentSettings, _Walk] = LRUCache(_MAX_CACHED)
        self._paths: LRUCache[tuple[DescentSettings, int, int], Floats] = LRUCache(_MAX_CACHED)
        self._lock = threading.Lock()

    def stretch(self, course: DescentSettings, since: int, until: int, images: Set) -> Stretch:
        """The steps after `since`, up to `until` or as far as the time for one answer reaches.

        `since` and `until` are 0..MAX_STEPS.
        """
        with self._lock:
            walk = self._walks.get(course) or _Walk(course, images)
            self._walks[course] = walk
        return walk.stretch(since, until, time.monotonic() + _TIME)

    def path(self, course: DescentSettings, steps: int, every: int, images: Set) -> Floats:
        """The parameters (points, parameters) at the start of a descent of so many steps, and every so often.

        There are fewer points when it diverges.
        """
        key = course, steps, every
        with self._lock:
            path = self._paths.get(key)
        if path is None:
            # Not under the lock, so that requests for other descents don't wait for this one.
            path = _path(_Walk(course, images), steps, every)
            with self._lock:
                self._paths[key] = path
        return path


class _Walk:
    def __init__(self, course: DescentSettings, images: Set) -> None:
        self._course, self._images = course, images
        self._costs: list[float] = []
        self._diverged = False
        self._network = Network.random(np.random.default_rng(course.seed), course.sizes, course.activation, course.cost)
        self._kept, self._stride = {0: self._network.parameters.copy()}, 1
        self._seconds = [0.0]
        self._steps = self._descend(self._network, 0)
        self._lock = threading.Lock()

    def stretch(self, since: int, until: int, deadline: float) -> Stretch:
        with self._lock:
            while len(self._costs) < until and not self._diverged and time.monotonic() < deadline:
                self._advance()
            step = min(until, len(self._costs))
            diverged = self._diverged and step < until
            return Stretch(step, self._costs[since:step], self._seconds[step], self._network_at(step), diverged)

    def _advance(self) -> None:
        before, began = self._network.parameters.copy(), time.monotonic()
        # A step that is too large may end in infinities: that is what `diverged` is for.
        with np.errstate(all="ignore"):
            cost = next(self._steps).cost
        if not np.abs(self._network.parameters).max() <= _BOUND:
            self._diverged = True
            self._network.parameters[:] = before
            return
        self._costs.append(cost)
        self._seconds.append(self._seconds[-1] + time.monotonic() - began)
        self._keep(len(self._costs))

    def _keep(self, step: int) -> None:
        if step % self._stride == 0:
            self._kept[step] = self._network.parameters.copy()
        if len(self._kept) > _MAX_KEPT:
            self._stride *= 2
            self._kept = {kept: numbers for kept, numbers in self._kept.items() if kept % self._stride == 0}

    def _network_at(self, step: int) -> Network:
        course = self._course
        known = step if step == len(self._costs) else step - step % self._stride
        parameters = self._network.parameters if known == len(self._costs) else self._kept[known]
        network = Network(course.sizes, course.activation, course.cost, parameters.copy())
        for _ in zip(range(known, step), self._descend(network, known), strict=False):
            pass
        return network

    def _descend(self, network: Network, step: int) -> Iterator[Progress]:
        course = self._course
        descent = Descent(
            network,
            course.learning_rate,
            course.batch_size,
            epochs=MAX_STEPS,
            seed=course.seed,
            norm_images=0,
            step=step,
        )
        return descent.run(self._images.inputs, self._images.labels)


def _path(walk: _Walk, steps: int, every: int) -> Floats:
    stretches = (walk.stretch(0, step, float("inf")) for step in range(0, steps + 1, every))
    reached = itertools.takewhile(lambda stretch: not stretch.diverged, stretches)
    return np.array([stretch.network.parameters for stretch in reached])
