"""The test images that a network gets most wrong."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.network import mnist
from app.network.network import Network
from app.network.normalise import normalise

_CHUNK = 1_000


class Mistake(NamedTuple):
    """One test image: its number from 0, what it is, what it was taken for, how surely (0..1), and its 784 pixels."""

    number: int
    label: int
    digit: int
    confidence: float
    pixels: list[int]


@functools.lru_cache(maxsize=8)
def worst(network: Network, mnist_dir: Path, count: int) -> tuple[int, list[Mistake]]:
    """How many of the 10,000 test images the network gets wrong, and those of which it is surest.

    It takes a third of a second, and is remembered. Raises DataError.
    """
    images, labels = mnist.read_test(mnist_dir)
    # In parts: as inputs, all of them would take 31 MB.
    probabilities = np.concatenate(
        [network.probabilities(normalise(images[start : start + _CHUNK])) for start in range(0, len(images), _CHUNK)]
    )
    digits, confidences = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(digits != labels)
    surest = wrong[np.argsort(-confidences[wrong])][:count]
    found = [
        Mistake(int(n), int(labels[n]), int(digits[n]), float(confidences[n]), images[n].ravel().tolist())
        for n in surest
    ]
    return len(wrong), found
