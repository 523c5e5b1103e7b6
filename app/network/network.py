"""A fully connected network, and backprop through it.

Names follow Nielsen's "Neural Networks and Deep Learning": weights[j, k] joins neuron k of the layer before to neuron
j, z = w a + b is the weighted input and a' = activation(z). Images are given as rows, as they lie in memory, and n of
them are worked on at once.
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
    """Weights and biases of a network of these layer sizes: 13,002 for 784-16-16-10."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


def split_blocks(vector: Floats, sizes: Sequence[int]) -> list[Floats]:
    """Splits a flat vector of `parameter_count(sizes)` numbers into a block (in + 1, out) a layer, without copying.

    The rows of a block are the weights of one input each, and last the biases. A gradient is split the same way.
    """
    blocks, start = [], 0
    for inputs, outputs in pairwise(sizes):
        end = start + (inputs + 1) * outputs
        blocks.append(vector[start:end].reshape(inputs + 1, outputs))
        start = end
    return blocks


def split_layers(vector: Floats, sizes: Sequence[int]) -> list[Layer]:
    """As `split_blocks`, with the weights and the biases of each layer apart."""
    return [Layer(block[:-1].T, block[-1]) for block in split_blocks(vector, sizes)]


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
        """A random start: weights from N(0, gain / inputs), biases 0, so that no layer starts saturated."""
        network = cls(sizes, activation, cost, dtype=dtype)
        for weights, _ in network.layers:
            spread = np.sqrt(network.activation.gain / weights.shape[1])
            weights[:] = spread * rng.standard_normal(weights.shape, dtype=np.float64)
        return network

    def activations(self, x: Floats) -> list[Floats]:
        """The activations of every layer for images x (n, inputs): x itself first, the outputs (n, k) last."""
        activations = [x]
        for weights, biases in self.layers[:-1]:
            z = activations[-1] @ weights.T + biases
            activations.append(self.activation.of(z, out=z))
        weights, biases = self.layers[-1]
        z = activations[-1] @ weights.T + biases
        activations.append(self.cost.output(z, out=z))
        return activations

    def feedforward(self, x: Floats) -> Floats:
        """The outputs (n, k) for images x (n, inputs), each in 0..1."""
        return self.activations(x)[-1]

    def probabilities(self, x: Floats) -> Floats:
        """How likely each answer is, (n, k) in 0..1, each row summing to 1."""
        return self.cost.probabilities(self.feedforward(x))

    def backprop(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The gradient of the mean cost over images x (n, inputs) with wanted outputs y (n, k).

        Returns it flat like `parameters`, and the outputs (n, k) met on the way.
        """
        gradient = np.empty_like(self.parameters)
        outputs = Backprop(self, len(x), gradient)(with_ones(x), y)
        return gradient, outputs


class Backprop:
    """Backprop through a network for batches of n images, in arrays that are made once and used for every batch.

    The gradient of the mean cost is written into `gradient`, flat like the network's parameters. Within, the images
    are columns, so that a layer's activations a are (neurons, n). Below them is a row of ones, whose weights are the
    biases: the product of a layer's block with them is the weighted input whole, and their product with the delta is
    the gradient of the block.
    """

    def __init__(self, network: Network, n: int, gradient: Floats) -> None:
        hidden, outputs, dtype = network.sizes[1:-1], network.sizes[-1], gradient.dtype
        blocks = split_blocks(network.parameters, network.sizes)
        self._activation, self._cost, self._n = network.activation, network.cost, dtype.type(n)
        self._first_block, self._later_blocks = blocks[0], [block.T for block in blocks[1:]]
        self._weights = [block[:-1] for block in blocks]
        self._nablas = split_blocks(gradient, network.sizes)
        self._with_ones = [np.ones((neurons + 1, n), dtype) for neurons in hidden]
        self._a = [with_ones[:-1] for with_ones in self._with_ones]
        self._slope = [np.empty((neurons, n), dtype) for neurons in hidden]
        # The first product is the large one, and BLAS is quicker at it when each image stays a row.
        self._first_z = np.empty((n, network.sizes[1]), dtype)
        self._z = [self._first_z.T, *(np.empty((neurons, n), dtype) for neurons in network.sizes[2:])]
        self._delta = [np.empty((neurons, n), dtype) for neurons in (*hidden, outputs)]
        # The same arrays with an image a row.
        self._outputs, self._delta_rows = self._z[-1].T, [delta.T for delta in self._delta]

    def __call__(self, x: Floats, y: Floats) -> Floats:
        """Images x (n, inputs + 1), as `with_ones` makes them, and wanted outputs y (n, k), to outputs (n, k).

        The outputs are good until the next call.
        """
        np.dot(x, self._first_block, out=self._first_z)
        for depth, block in enumerate(self._later_blocks):
            self._activation.of(self._z[depth], out=self._a[depth])
            np.dot(block, self._with_ones[depth], out=self._z[depth + 1])
        outputs = self._cost.output(self._outputs, out=self._outputs)

        # Equations BP1 to BP4 of Nielsen, chapter 2, over the whole batch at once.
        delta = self._cost.delta(outputs, y, out=self._delta_rows[-1])
        delta /= self._n
        for depth in range(len(self._a), 0, -1):
            np.dot(self._with_ones[depth - 1], self._delta_rows[depth], out=self._nablas[depth])
            delta = np.dot(self._weights[depth], self._delta[depth], out=self._delta[depth - 1])
            delta *= self._activation.slope(self._a[depth - 1], out=self._slope[depth - 1])
        np.dot(x.T, self._delta_rows[0], out=self._nablas[0])
        return outputs


def with_ones(images: Floats) -> Floats:
    """Images (n, inputs) with a column of ones, (n, inputs + 1): a bias is the weight of an input that is always 1."""
    widened = np.ones((len(images), images.shape[1] + 1), images.dtype)
    widened[:, :-1] = images
    return widened


def one_hot(labels: NDArray[np.integer], classes: int = 10, dtype: DTypeLike = np.float32) -> Floats:
    """Labels (n,) as rows (n, classes) that are 1 at the label and 0 elsewhere."""
    return np.asarray(np.eye(classes, dtype=dtype)[labels])
