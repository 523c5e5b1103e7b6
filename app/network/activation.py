"""What a hidden neuron does with its weighted input z. Arrays may have any shape.

To add one, write its class here and its name into `ACTIVATIONS`: the API, the pages and the tests loop over these.
Formulas are Python expressions of z and a, with e and max: pages write them in MathML, and tests compute them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


class Activation(ABC):
    """A function f of the weighted input, with a = f(z).

    `gain` keeps the mean square of the activations the same from layer to layer: the random first weights have the
    variance gain / inputs (He et al., "Delving Deep into Rectifiers", 2015). `pieces` are the slopes below 0 and above
    0 of an f that is made of two straight lines, None for a curve. `hint` is for the form that starts a run,
    `phrase` says in a lesson what f does, `formula` is f(z), and `slope_formula` its derivative.
    """

    name: str
    gain: float
    pieces: tuple[float, float] | None = None
    hint: str
    phrase: str
    formula: str
    slope_formula: str

    @abstractmethod
    def of(self, z: Floats) -> Floats:
        """The activation a = f(z)."""

    @abstractmethod
    def slope(self, a: Floats) -> Floats:
        """The derivative f'(z), computed from the activation a = f(z)."""


class Sigmoid(Activation):
    """1 / (1 + e^-z), computed with tanh so that no z overflows."""

    name = "sigmoid"
    gain = 1.0
    hint = "sigmoid is the classic one"
    phrase = "squeezes every number between 0 and 1 (sigmoid)"
    formula = "1 / (1 + e ** -z)"
    slope_formula = "a * (1 - a)"

    def of(self, z: Floats) -> Floats:
        half = z.dtype.type(0.5)
        return np.tanh(z * half) * half + half

    def slope(self, a: Floats) -> Floats:
        return a * (1 - a)


class ReLU(Activation):
    """max(0, z)."""

    name = "relu"
    gain = 2.0
    pieces = (0.0, 1.0)
    hint = "relu is usual"
    phrase = "keeps positive numbers and turns negative ones into 0 (ReLU)"
    formula = "max(z, 0)"
    slope_formula = "1 if z > 0 else 0"

    def of(self, z: Floats) -> Floats:
        return np.maximum(z, 0)

    def slope(self, a: Floats) -> Floats:
        # No activation is negative, so its sign is 0 or 1.
        return np.sign(a)


class LeakyReLU(Activation):
    """ReLU that keeps a tenth of what is negative. Of 16 ReLU neurons several are 0 for every image and never learn.

    Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    """

    name = "leaky-relu"
    gain = 2.0
    pieces = (0.1, 1.0)
    hint = "leaky-relu lets every neuron learn"
    phrase = "keeps positive numbers and divides negative ones by ten (leaky ReLU)"
    formula = "max(z, 0.1 * z)"
    slope_formula = "1 if z > 0 else 0.1"

    def of(self, z: Floats) -> Floats:
        return np.maximum(z, z.dtype.type(0.1) * z)

    def slope(self, a: Floats) -> Floats:
        return np.maximum(np.sign(a), a.dtype.type(0.1))


ACTIVATIONS: dict[str, Activation] = {activation.name: activation for activation in (Sigmoid(), ReLU(), LeakyReLU())}
