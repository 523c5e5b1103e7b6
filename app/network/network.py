"""A fully connected network, and backprop through it.

Names follow Nielsen's "Neural Networks and Deep Learning": weights[j, k] connects neuron k of the layer before to
neuron j, z = w a + b is the weighted input, and activation(z) is the next a. The n images of a batch are rows, so the
code has z = a @ w.T + b. Training runs on `fast.Backprop`, which computes the same in less time.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from app.network.activation import ACTIVATIONS, Floats
from app.network.cost import COSTS

CLASSIC_SIZES = (784, 16, 16, 10)


class Layer(NamedTuple):
    """Views into one flat vector: weights (out, in) and biases (out,)."""

    weights: Floats
    biases: Floats


def parameter_count(sizes: Sequence[int]) -> int:
    """The number of weights and biases in a network with these layer sizes: 13,002 for 784-16-16-10."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


def split_blocks(vector: Floats, sizes: Sequence[int]) -> list[Floats]:
    """Views into a flat vector of `parameter_count(sizes)` numbers: one block (in + 1, out) for each layer.

    A row of a block holds the weights of one input, and the last row the biases. A gradient is split the same way.
    """
    blocks, start = [], 0
    for inputs, outputs in pairwise(sizes):
        end = start + (inputs + 1) * outputs
        blocks.append(vector[start:end].reshape(inputs + 1, outputs))
        start = end
    return blocks


def split_layers(vector: Floats, sizes: Sequence[int]) -> list[Layer]:
    """Like `split_blocks`, with the weights and the biases of each layer apart."""
    return [Layer(block[:-1].T, block[-1]) for block in split_blocks(vector, sizes)]


def join_layers(layers: Sequence[Layer]) -> Floats:
    """The flat vector of these layers: a new array, which `split_layers` splits into them again."""
    return np.concatenate([part.ravel() for layer in layers for part in (layer.weights.T, layer.biases)])


class Network:
    """Layer sizes, an activation for the hidden neurons, a cost, and one flat vector of parameters.

    `parameters` is float32, or float64 for tests; changing it in place changes the network. Raises ValueError when the
    sizes, the names or the number of parameters are wrong.
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
        """A random start: weights from N(0, gain / inputs), biases 0, so that no layer starts saturated."""
        network = cls(sizes, activation, cost, dtype=dtype)
        for weights, _ in network.layers:
            spread = np.sqrt(network.activation.gain / weights.shape[1])
            weights[:] = spread * rng.standard_normal(weights.shape, dtype=np.float64)
        return network

    def activations(self, x: Floats) -> list[Floats]:
        """Feedforward: the activations of every layer for images x (n, inputs), from x itself to the outputs (n, k)."""
        activations = [x]
        for weights, biases in self.layers[:-1]:
            z = activations[-1] @ weights.T + biases
            activations.append(self.activation.of(z))
        weights, biases = self.layers[-1]
        z = activations[-1] @ weights.T + biases
        activations.append(self.cost.output(z))
        return activations

    def feedforward(self, x: Floats) -> Floats:
        """The outputs (n, k) for images x (n, inputs), each in 0..1."""
        return self.activations(x)[-1]

    def probabilities(self, x: Floats) -> Floats:
        """The probability of each answer, (n, k) in 0..1; each row sums to 1."""
        return self.cost.probabilities(self.feedforward(x))

    def backprop(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The gradient of the mean cost over images x (n, inputs) with wanted outputs y (n, k).

        Returns it flat, like `parameters`, and the outputs (n, k). BP1 to BP4 are the equations of Nielsen, chapter 2,
        for n images at once: a row of delta is the delta of one image.
        """
        activations = self.activations(x)
        # BP1: the delta of the output layer. Divided by n, the sums over images below are means.
        delta = self.cost.delta(activations[-1], y) / len(x)
        # BP4 and BP3: the gradient of a layer's weights and of its biases, added up over the images.
        gradient = [Layer(delta.T @ activations[-2], delta.sum(axis=0))]
        # As in the book, layer -1 is the last one, layer -2 the one before it, and so on to the first hidden layer.
        for layer in range(-2, -len(self.sizes), -1):
            # BP2: the deltas of the layer after this one go back along its weights.
            delta = (delta @ self.layers[layer + 1].weights) * self.activation.slope(activations[layer])
            gradient.insert(0, Layer(delta.T @ activations[layer - 1], delta.sum(axis=0)))
        return join_layers(gradient), activations[-1]


def one_hot(labels: NDArray[np.integer], classes: int = 10, dtype: DTypeLike = np.float32) -> Floats:
    """Labels (n,) as rows (n, classes): 1 at the label, 0 elsewhere."""
    return np.asarray(np.eye(classes, dtype=dtype)[labels])
