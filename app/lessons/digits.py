"""The images of the lessons: the first MNIST training images, read at the first use."""

from __future__ import annotations

import threading
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data import mnist
from app.images.normalise import normalise
from app.network.fast import with_ones
from app.network.network import one_hot

# A mean cost over 1,000 images is exact to two digits and takes a millisecond.
MEASURED = 1_000
# Enough for an accuracy of 90% after half a minute of learning.
LEARNED = 4_000


class Set(NamedTuple):
    """Images (n, 784) uint8, their inputs with a column of ones (n, 785) float32, labels (n,), and one-hot (n, 10)."""

    images: NDArray[np.uint8]
    with_ones: NDArray[np.float32]
    labels: NDArray[np.uint8]
    wanted: NDArray[np.floating]

    @property
    def inputs(self) -> NDArray[np.float32]:
        """What a network sees of the images, (n, 784)."""
        return self.with_ones[:, :-1]


class LessonImages:
    """The images over which lessons take means, and those from which their networks learn."""

    def __init__(self, mnist_dir: Path) -> None:
        self._mnist_dir = mnist_dir
        self._reading = threading.Lock()

    @property
    def measured(self) -> Set:
        """The first MEASURED training images. Raises DataError."""
        return self._sets[0]

    @property
    def learned(self) -> Set:
        """The next LEARNED training images. Raises DataError."""
        return self._sets[1]

    @property
    def _sets(self) -> tuple[Set, Set]:
        with self._reading:
            return self._read

    @cached_property
    def _read(self) -> tuple[Set, Set]:
        images, labels = mnist.read_training(self._mnist_dir)
        ends = (0, MEASURED, MEASURED + LEARNED)
        first, second = (
            # Copies: views would keep all 60,000 images in memory.
            _set(images[start:end].reshape(-1, 784).copy(), labels[start:end].copy())
            for start, end in pairwise(ends)
        )
        return first, second


def _set(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Set:
    return Set(images, with_ones(normalise(images)), labels, one_hot(labels))
