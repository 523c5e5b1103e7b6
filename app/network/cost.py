"""What a wrong answer costs. A cost owns the output layer's activation, because the two are differentiated together.

Shapes: n images, k outputs; z is the weighted input of the output layer, a its activation, y the wanted outputs, all
(n, k) floats. Labels are one-hot in y, or soft: any shares of the answers that sum to 1. `delta` is the derivative of
one image's cost by its z. What has an `out` writes into it when it is given; it may be the array that goes in.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from app.network.activation import Floats, Sigmoid

_SIGMOID = Sigmoid()


class Cost(Protocol):
    """One way to measure how far the outputs are from the wanted ones."""

    name: str

    def output(self, z: Floats, out: Floats | None = None) -> Floats:
        """The output layer's activation a of its weighted input z, both (n, k)."""

    def mean(self, a: Floats, y: Floats) -> float:
        """The cost, averaged over the n images; 0 or more."""

    def mean_from(self, z: Floats, y: Floats) -> float:
        """The same from the output layer's weighted input z (n, k): exact also where an output is too small to tell."""

    def delta(self, a: Floats, y: Floats, out: Floats | None = None) -> Floats:
        """The derivative of each image's cost by z, (n, k)."""

    def probabilities(self, a: Floats) -> Floats:
        """The outputs as (n, k) numbers in 0..1 that sum to 1 for each image."""


class Quadratic:
    """C = 1/2 |a - y|^2 on sigmoid outputs (Nielsen, "Neural Networks and Deep Learning", equation 6)."""

    name = "quadratic"

    def output(self, z: Floats, out: Floats | None = None) -> Floats:
        return _SIGMOID.of(z, out)

    def mean(self, a: Floats, y: Floats) -> float:
        return float(np.square(a - y).sum(axis=1).mean()) / 2

    def mean_from(self, z: Floats, y: Floats) -> float:
        return self.mean(self.output(z), y)

    def delta(self, a: Floats, y: Floats, out: Floats | None = None) -> Floats:
        return np.multiply(a - y, _SIGMOID.slope(a), out=out)

    def probabilities(self, a: Floats) -> Floats:
        """Each sigmoid's share of their sum: they answer ten separate questions and need not sum to 1 themselves.

        Where all of them vanish, each answer is as likely as any.
        """
        a = a + np.finfo(a.dtype).tiny
        return np.asarray(a / a.sum(axis=1, keepdims=True))


class CrossEntropy:
    """C = -sum_j y_j ln a_j on softmax outputs (Nielsen, chapter 3, equation 80, the log-likelihood cost)."""

    name = "cross-entropy"

    def output(self, z: Floats, out: Floats | None = None) -> Floats:
        # The largest z of each image is taken off them all, which changes no share, so that no exponential overflows.
        a = np.subtract(z, np.maximum.reduce(z, axis=1, keepdims=True), out=out)
        np.exp(a, out=a)
        return np.divide(a, np.add.reduce(a, axis=1, keepdims=True), out=a)

    def mean(self, a: Floats, y: Floats) -> float:
        # A probability that underflowed to 0 has cost 87 in single precision, not infinity.
        return float(-(y * np.log(np.maximum(a, np.finfo(a.dtype).tiny))).sum(axis=1).mean())

    def mean_from(self, z: Floats, y: Floats) -> float:
        # ln a_j = z_j - ln sum_k e^z_k, which stays exact where a_j itself vanishes.
        z = z - np.maximum.reduce(z, axis=1, keepdims=True)
        logs = z - np.log(np.add.reduce(np.exp(z), axis=1, keepdims=True))
        return float(-(y * logs).sum(axis=1).mean())

    def delta(self, a: Floats, y: Floats, out: Floats | None = None) -> Floats:
        return np.subtract(a, y, out=out)

    def probabilities(self, a: Floats) -> Floats:
        return a


COSTS: dict[str, Cost] = {cost.name: cost for cost in (Quadratic(), CrossEntropy())}
