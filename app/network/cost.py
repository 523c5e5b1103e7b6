"""What a wrong answer costs. A cost owns the output layer's activation, because the two are differentiated together.

Shapes: n images, k outputs; z is the weighted input of the output layer, a its activation, y the wanted outputs, all
(n, k) floats. Labels are one-hot in y, or soft: any shares of the answers that sum to 1. `delta` is the derivative of
one image's cost by its z.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + e^-z), elementwise, written with tanh so that no z overflows."""
    half = z.dtype.type(0.5)
    return np.asarray(half * (np.tanh(half * z) + 1))


class Cost(Protocol):
    """One way to measure how far the outputs are from the wanted ones."""

    name: str

    def output(self, z: Floats) -> Floats:
        """The output layer's activation a of its weighted input z, both (n, k)."""

    def mean(self, a: Floats, y: Floats) -> float:
        """The cost, averaged over the n images; 0 or more."""

    def delta(self, a: Floats, y: Floats) -> Floats:
        """The derivative of each image's cost by z, (n, k)."""

    def probabilities(self, a: Floats) -> Floats:
        """The outputs as (n, k) numbers in 0..1 that sum to 1 for each image."""


class Quadratic:
    """C = 1/2 |a - y|^2 on sigmoid outputs (Nielsen, "Neural Networks and Deep Learning", equation 6)."""

    name = "quadratic"

    def output(self, z: Floats) -> Floats:
        return sigmoid(z)

    def mean(self, a: Floats, y: Floats) -> float:
        return float(np.square(a - y).sum(axis=1).mean()) / 2

    def delta(self, a: Floats, y: Floats) -> Floats:
        return (a - y) * a * (1 - a)

    def probabilities(self, a: Floats) -> Floats:
        """Each sigmoid's share of their sum: they answer ten separate questions and need not sum to 1 themselves.

        Where all of them vanish, each answer is as likely as any.
        """
        a = a + np.finfo(a.dtype).tiny
        return np.asarray(a / a.sum(axis=1, keepdims=True))


class CrossEntropy:
    """C = -sum_j y_j ln a_j on softmax outputs (Nielsen, chapter 3, equation 80, the log-likelihood cost)."""

    name = "cross-entropy"

    def output(self, z: Floats) -> Floats:
        exponentials = np.exp(z - z.max(axis=1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))

    def mean(self, a: Floats, y: Floats) -> float:
        # A probability that underflowed to 0 has cost 87 in single precision, not infinity.
        return float(-(y * np.log(np.maximum(a, np.finfo(a.dtype).tiny))).sum(axis=1).mean())

    def delta(self, a: Floats, y: Floats) -> Floats:
        return a - y

    def probabilities(self, a: Floats) -> Floats:
        return a


COSTS: dict[str, Cost] = {cost.name: cost for cost in (Quadratic(), CrossEntropy())}
