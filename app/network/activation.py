"""What a hidden neuron does with its weighted input z. Arrays of any shape go in, and `out` may be one of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


class Activation(Protocol):
    """One way for a neuron to answer its weighted input.

    `gain` is how much the mean square of what goes in must be amplified for as much to come out (He et al., "Delving
    Deep into Rectifiers", 2015): the variance of the random first weights.
    """

    name: str
    gain: float

    def of(self, z: Floats, out: Floats | None = None) -> Floats:
        """The activation a of the weighted input z, written into `out` when it is given, which may be z."""

    def slope(self, a: Floats, out: Floats | None = None) -> Floats:
        """The derivative by z, told from the activation a itself."""


class Sigmoid:
    """1 / (1 + e^-z), written with tanh so that no z overflows."""

    name = "sigmoid"
    gain = 1.0

    def of(self, z: Floats, out: Floats | None = None) -> Floats:
        half = z.dtype.type(0.5)
        a = np.tanh(np.multiply(z, half, out=out), out=out)
        a *= half
        a += half
        return a

    def slope(self, a: Floats, out: Floats | None = None) -> Floats:
        return np.multiply(a, 1 - a, out=out)


class ReLU:
    """max(0, z)."""

    name = "relu"
    gain = 2.0

    def of(self, z: Floats, out: Floats | None = None) -> Floats:
        return np.maximum(z, 0, out=out)

    def slope(self, a: Floats, out: Floats | None = None) -> Floats:
        # No activation is negative, so its sign is 0 or 1.
        return np.sign(a, out=out)


class LeakyReLU:
    """ReLU that passes a tenth of what is negative: of 16 ReLU neurons several never fire, and so never learn to.

    Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    """

    name = "leaky-relu"
    gain = 2.0
    leak = 0.1

    def of(self, z: Floats, out: Floats | None = None) -> Floats:
        return np.maximum(z, z.dtype.type(self.leak) * z, out=out)

    def slope(self, a: Floats, out: Floats | None = None) -> Floats:
        return np.maximum(np.sign(a, out=out), a.dtype.type(self.leak), out=out)


ACTIVATIONS: dict[str, Activation] = {activation.name: activation for activation in (Sigmoid(), ReLU(), LeakyReLU())}
