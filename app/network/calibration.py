"""Calibration: of the answers that are 80% sure, 80% should be right.

A network is made more or less sure by a temperature T, which divides the weighted inputs of its output layer (Guo et
al., "On Calibration of Modern Neural Networks", 2017). No answer changes, only how sure it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.activation import Floats
from app.network.network import Network

_BINS = 15
# Each round tries ten temperatures, then narrows the range to the neighbours of the best: a few rounds reach 0.01.
_RANGE = (0.25, 4.0)
_ROUNDS = 4


def with_temperature(network: Network, temperature: float) -> Network:
    """A copy whose softmax outputs are those of the network at this temperature: softmax(z / T).

    The output layer's weights and biases are divided by T, so readers of its file need not know T.
    """
    copy = Network(network.sizes, network.activation.name, network.cost.name, network.parameters.copy())
    for part in copy.layers[-1]:
        part /= part.dtype.type(temperature)
    return copy


def fit_temperature(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """The temperature at which softmax outputs (n, k) have the lowest cross-entropy with labels (n,)."""
    # The logarithm of a softmax output is its z, up to what all outputs share.
    z = np.log(np.maximum(probabilities.astype(np.float64), 1e-30))
    low, high = np.log(_RANGE)
    for _ in range(_ROUNDS):
        tried = np.linspace(low, high, 10)
        best = int(np.argmin([_cross_entropy(z / np.exp(t), labels) for t in tried]))
        low, high = tried[max(best - 1, 0)], tried[min(best + 1, len(tried) - 1)]
    return float(np.exp((low + high) / 2))


def _cross_entropy(z: Floats, labels: NDArray[np.integer]) -> float:
    z = z - z.max(axis=1, keepdims=True)
    return float((np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]).mean())


class Bin(NamedTuple):
    """The images whose answers are `low`..`high` sure: how many, and the means of confidence and of being right.

    All in 0..1; the means are None where there is no image.
    """

    low: float
    high: float
    images: int
    confidence: float | None
    accuracy: float | None


def reliability(probabilities: Floats, labels: NDArray[np.integer]) -> list[Bin]:
    """The answers (n, k) to images with labels (n,), in 15 bins of confidence: for a reliability diagram.

    DeGroot and Fienberg, "The Comparison and Evaluation of Forecasters", 1983.
    """
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * _BINS).astype(np.intp), _BINS - 1)
    counts = np.bincount(bins, minlength=_BINS)
    confident, correct = (np.bincount(bins, weights=of_each, minlength=_BINS) for of_each in (confidence, right))
    return [
        Bin(
            number / _BINS,
            (number + 1) / _BINS,
            int(count),
            float(confident[number] / count) if count else None,
            float(correct[number] / count) if count else None,
        )
        for number, count in enumerate(counts)
    ]


def expected_calibration_error(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """How far confidence is from accuracy, in 0..1: the mean over 15 bins of confidence, weighted by their answers.

    Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015.
    """
    bins = reliability(probabilities, labels)
    gaps = (
        b.images * abs(b.accuracy - b.confidence) for b in bins if b.accuracy is not None and b.confidence is not None
    )
    return sum(gaps) / len(labels)
