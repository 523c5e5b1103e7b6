"""A fully connected network of sigmoid or ReLU neurons, and backprop through it.

Names and shapes follow Nielsen's "Neural Networks and Deep Learning": the weights of a layer are (out, in), so that
weights[j, k] joins neuron k of the layer before to neuron j, and a' = activation(w a + b). Images are rows here, a
whole batch at once: activations are (n, neurons).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from app.network.cost import COSTS, Floats, sigmoid

CLASSIC_SIZES = (784, 16, 16, 10)


class Layer(NamedTuple):
    """Views into one flat vector: weights (out, in) and biases (out,)."""

    weights: Floats
    biases: Floats


class Sigmoid:
    name = "sigmoid"
    gain = 1.0

    def of(self, z: Floats) -> Floats:
        return sigmoid(z)

    def slope(self, a: Floats) -> Floats:
        return a * (1 - a)


class ReLU:
    name = "relu"
    gain = 2.0

    def of(self, z: Floats) -> Floats:
        return np.maximum(z, 0)

    def slope(self, a: Floats) -> Floats:
        return np.asarray(a > 0)


class LeakyReLU:
    """ReLU that passes a tenth of what is negative: of 16 ReLU neurons several never fire, and so never learn to.

    Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    """

    name = "leaky-relu"
    gain = 2.0
    leak = 0.1

    def of(self, z: Floats) -> Floats:
        return np.maximum(z, z.dtype.type(self.leak) * z)

    def slope(self, a: Floats) -> Floats:
        return np.where(a > 0, a.dtype.type(1), a.dtype.type(self.leak))


ACTIVATIONS: dict[str, Sigmoid | ReLU | LeakyReLU] = {
    activation.name: activation for activation in (Sigmoid(), ReLU(), LeakyReLU())
}


def parameter_count(sizes: Sequence[int]) -> int:
    """Weights and biases of a network of these layer sizes: 13,002 for 784-16-16-10."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


def split_layers(vector: Floats, sizes: Sequence[int]) -> list[Layer]:
    """Splits a flat vector of `parameter_count(sizes)` numbers into layers, without copying.

    Layer by layer, the weights come row by row and then the biases. A gradient is split the same way.
    """
    layers, start = [], 0
    for inputs, outputs in pairwise(sizes):
        middle, end = start + inputs * outputs, start + (inputs + 1) * outputs
        layers.append(Layer(vector[start:middle].reshape(outputs, inputs), vector[middle:end]))
        start = end
    return layers


class Network:
    """Layer sizes, an activation for the hidden neurons, a cost, and one flat vector of parameters.

    `parameters` is float32, or float64 where a test wants the precision; changing it in place changes the network.
    Raises ValueError when sizes, names or the number of parameters make no network.
    """

    def __init__(
        self,
        sizes: Sequence[int] = CLASSIC_SIZES,
        activation: str = "sigmoid",
        cost: str = "cross-entropy",
        parameters: Floats | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"A network needs at least two layers of at least one neuron, not {list(sizes)}.")
        if activation not in ACTIVATIONS:
            raise ValueError(f"The activation is one of {', '.join(ACTIVATIONS)}, not {activation!r}.")
        if cost not in COSTS:
            raise ValueError(f"The cost is one of {', '.join(COSTS)}, not {cost!r}.")
        count = parameter_count(sizes)
        if parameters is None:
            parameters = np.zeros(count, dtype)
        if parameters.shape != (count,):
            sizes_text = "-".join(map(str, sizes))
            raise ValueError(f"A {sizes_text} network has {count} parameters, not {parameters.size}.")
        self.sizes = tuple(sizes)
        self.activation = ACTIVATIONS[activation]
        self.cost = COSTS[cost]
        self.parameters = parameters
        self.layers = split_layers(parameters, self.sizes)

    @classmethod
    def random(
        cls,
        rng: np.random.Generator,
        sizes: Sequence[int] = CLASSIC_SIZES,
        activation: str = "sigmoid",
        cost: str = "cross-entropy",
        dtype: DTypeLike = np.float32,
    ) -> Network:
        """A random start: weights from N(0, gain / inputs), biases 0.

        The gain is 1 for sigmoid neurons and 2 for ReLU neurons, which pass half of what they get (He et al.,
        "Delving Deep into Rectifiers", 2015), so that no layer starts saturated.
        """
        network = cls(sizes, activation, cost, dtype=dtype)
        for weights, _ in network.layers:
            spread = np.sqrt(network.activation.gain / weights.shape[1])
            weights[:] = spread * rng.standard_normal(weights.shape, dtype=np.float64)
        return network

    def activations(self, x: Floats) -> list[Floats]:
        """The activations of every layer for images x (n, inputs): x itself first, the outputs (n, k) last."""
        activations = [x]
        for weights, biases in self.layers[:-1]:
            activations.append(self.activation.of(activations[-1] @ weights.T + biases))
        weights, biases = self.layers[-1]
        activations.append(self.cost.output(activations[-1] @ weights.T + biases))
        return activations

    def feedforward(self, x: Floats) -> Floats:
        """The outputs (n, k) for images x (n, inputs), each in 0..1."""
        return self.activations(x)[-1]

    def probabilities(self, x: Floats) -> Floats:
        """How likely each answer is, (n, k) in 0..1, each row summing to 1."""
        return self.cost.probabilities(self.feedforward(x))

    def backprop(self, x: Floats, y: Floats, gradient: Floats | None = None) -> tuple[Floats, Floats]:
        """The gradient of the mean cost over images x (n, inputs) with wanted outputs y (n, k).

        Returns the gradient, flat like `parameters` (written into `gradient` when one is given), and the outputs
        (n, k) met on the way. Equations BP1 to BP4 of Nielsen, chapter 2, over the whole batch at once.
        """
        if gradient is None:
            gradient = np.empty_like(self.parameters)
        nablas = split_layers(gradient, self.sizes)
        activations = self.activations(x)
        delta = self.cost.delta(activations[-1], y) / len(x)
        for depth in reversed(range(len(self.layers))):
            np.matmul(delta.T, activations[depth], out=nablas[depth].weights)
            np.sum(delta, axis=0, out=nablas[depth].biases)
            if depth > 0:
                delta = (delta @ self.layers[depth].weights) * self.activation.slope(activations[depth])
        return gradient, activations[-1]


def one_hot(labels: NDArray[np.integer], classes: int = 10, dtype: DTypeLike = np.float32) -> Floats:
    """Labels (n,) as rows (n, classes) that are 1 at the label and 0 elsewhere."""
    return np.asarray(np.eye(classes, dtype=dtype)[labels])
