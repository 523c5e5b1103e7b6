"""How far the outputs are from the wanted ones. A cost includes the output layer's activation: their derivatives
simplify together.

Shapes: n images, k outputs; z is the weighted input of the output layer, a its activation, y the wanted outputs, all
(n, k) floats. Labels are one-hot in y, or soft: shares of the answers that sum to 1.

To add a cost, write its class here and its name into `COSTS`: the API, the pages and the tests loop over these.
Formulas are Python expressions of one image's z, a and y, with e, ln and sum (over the k outputs): pages write them in
MathML, and tests compute them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np

from app.network.activation import Floats, Sigmoid


class OutputActivation(Protocol):
    """What the output layer does with its weighted input."""

    name: str
    formula: str

    def of(self, z: Floats) -> Floats:
        """The activation a of z, both (n, k)."""


class Softmax:
    """e^z of each output, divided by the sum of all of them."""

    name = "softmax"
    formula = "e ** z / sum(e ** z)"

    def of(self, z: Floats) -> Floats:
        # Subtracting an image's largest z from all of them leaves the result the same, and no exponential overflows.
        a = np.exp(z - np.maximum.reduce(z, axis=1, keepdims=True))
        return np.asarray(a / np.add.reduce(a, axis=1, keepdims=True))


class Cost(ABC):
    """A cost C of one image, and its mean over n images.

    `outputs` is the activation of the output layer. `hint` is for the form that starts a run, `phrase` says in a
    lesson what the output layer does, `formula` is C, and `delta_formula` its derivative by z.
    """

    name: str
    outputs: OutputActivation
    hint: str
    phrase: str
    formula: str
    delta_formula: str

    def output(self, z: Floats) -> Floats:
        """The output layer's activation a of its weighted input z."""
        return self.outputs.of(z)

    @abstractmethod
    def mean(self, a: Floats, y: Floats) -> float:
        """C, averaged over the n images; 0 or more."""

    def mean_from(self, z: Floats, y: Floats) -> float:
        """The same from z, where a cost can be exact although an output is so small that it rounds to 0."""
        return self.mean(self.output(z), y)

    @abstractmethod
    def delta(self, a: Floats, y: Floats) -> Floats:
        """The derivative of each image's C by z, (n, k)."""

    @abstractmethod
    def probabilities(self, a: Floats) -> Floats:
        """The outputs as (n, k) numbers in 0..1 that sum to 1 for each image."""


class Quadratic(Cost):
    """C = 1/2 |a - y|^2 on sigmoid outputs (Nielsen, "Neural Networks and Deep Learning", equation 6)."""

    name = "quadratic"
    outputs = Sigmoid()
    hint = "quadratic is the classic one"
    phrase = "The outputs go through the sigmoid and are shown as shares of 1"
    formula = "1 / 2 * sum((a - y) ** 2)"
    delta_formula = "(a - y) * a * (1 - a)"

    def mean(self, a: Floats, y: Floats) -> float:
        return float(np.square(a - y).sum(axis=1).mean()) / 2

    def delta(self, a: Floats, y: Floats) -> Floats:
        return (a - y) * self.outputs.slope(a)

    def probabilities(self, a: Floats) -> Floats:
        # Sigmoids answer ten separate questions and need not sum to 1. If all are 0, each answer is equally likely.
        a = a + np.finfo(a.dtype).tiny
        return np.asarray(a / a.sum(axis=1, keepdims=True))


class CrossEntropy(Cost):
    """C = -sum_j y_j ln a_j on softmax outputs (Nielsen, chapter 3, equation 80, the log-likelihood cost)."""

    name = "cross-entropy"
    outputs = Softmax()
    hint = "cross-entropy learns faster"
    phrase = "The outputs are scaled to add up to 1 (softmax)"
    formula = "-sum(y * ln(a))"
    delta_formula = "a - y"

    def mean(self, a: Floats, y: Floats) -> float:
        # A probability that rounds to 0 has cost 87 in single precision, not infinity.
        return float(-(y * np.log(np.maximum(a, np.finfo(a.dtype).tiny))).sum(axis=1).mean())

    def mean_from(self, z: Floats, y: Floats) -> float:
        # ln a_j = z_j - ln sum_k e^z_k is exact even where a_j rounds to 0.
        z = z - np.maximum.reduce(z, axis=1, keepdims=True)
        logs = z - np.log(np.add.reduce(np.exp(z), axis=1, keepdims=True))
        return float(-(y * logs).sum(axis=1).mean())

    def delta(self, a: Floats, y: Floats) -> Floats:
        return a - y

    def probabilities(self, a: Floats) -> Floats:
        return a


COSTS: dict[str, Cost] = {cost.name: cost for cost in (Quadratic(), CrossEntropy())}
