"""What a network answers to many images: how many it gets right, what it takes for what, and how sure it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.images.normalise import normalise
from app.network.activation import Floats
from app.network.network import Network

# In parts: as inputs, all of MNIST's test images would take 31 MB.
_CHUNK = 1_000


class ImageAnswer(NamedTuple):
    """One image: its number from 0, what it is, what it was taken for, how surely (0..1), and its 784 pixels."""

    number: int
    label: int
    digit: int
    confidence: float
    pixels: list[int]


class Answers(NamedTuple):
    """A network's probabilities (n, 10) for n images, and their labels (n,)."""

    probabilities: Floats
    labels: NDArray[np.uint8]

    @property
    def digits(self) -> NDArray[np.intp]:
        """The likeliest answer to each image, (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def confidences(self) -> Floats:
        """How likely that answer is, (n,) in 0..1."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.asarray(self.digits == self.labels)

    @property
    def confusion(self) -> NDArray[np.intp]:
        """How often each digit (row) was read as each (column), (10, 10)."""
        counts = np.zeros((10, 10), np.intp)
        np.add.at(counts, (self.labels, self.digits), 1)
        return counts

    def surest(self, chosen: NDArray[np.bool_], images: NDArray[np.integer], count: int) -> list[ImageAnswer]:
        """Of the images (n, 28, 28) that are `chosen` (n,), the `count` with the surest answers, surest first."""
        digits, confidences = self.digits, self.confidences
        candidates = np.flatnonzero(chosen)
        # Stable, so that of equally sure ones the same come each time.
        surest = candidates[np.argsort(-confidences[candidates], kind="stable")][:count]
        return [
            ImageAnswer(int(n), int(self.labels[n]), int(digits[n]), float(confidences[n]), images[n].ravel().tolist())
            for n in surest
        ]


def answers(network: Network, images: NDArray[np.integer], labels: NDArray[np.uint8]) -> Answers:
    """The answers to images (n, 28, 28), 0 = paper and 255 = ink. 10,000 take a third of a second."""
    parts = [
        network.probabilities(normalise(images[start : start + _CHUNK])) for start in range(0, len(images), _CHUNK)
    ]
    return Answers(np.concatenate(parts), labels)
