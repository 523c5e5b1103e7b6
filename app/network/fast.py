"""`Network.backprop` for training: the same mathematics in arrays that are allocated once and reused for every batch.

A bias is the weight of an input that is always 1, so the activations get a column or row of ones. Then one product with
a layer's block gives the whole weighted input, and one product gives the gradient of the whole block.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.network.activation import Floats
from app.network.network import Network, split_blocks


def with_ones(images: Floats) -> Floats:
    """Images (n, inputs) with a column of ones, (n, inputs + 1)."""
    widened = np.ones((len(images), images.shape[1] + 1), images.dtype)
    widened[:, :-1] = images
    return widened


class Backprop:
    """Backprop for batches of n images. It writes the gradient of the mean cost into `gradient`, a flat vector.

    Here images are columns: a layer's activations a are (neurons, n), with a row of ones below them.
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
        # The first product is the largest, and BLAS is faster at it when each image is a row.
        self._first_z = np.empty((n, network.sizes[1]), dtype)
        self._z = [self._first_z.T, *(np.empty((neurons, n), dtype) for neurons in network.sizes[2:])]
        self._delta = [np.empty((neurons, n), dtype) for neurons in (*hidden, outputs)]
        # The same arrays with an image as a row.
        self._output_rows, self._delta_rows = self._z[-1].T, [delta.T for delta in self._delta]

    def __call__(self, x: Floats, y: Floats) -> Floats:
        """The outputs (n, k) for images x (n, inputs + 1), made by `with_ones`, with wanted outputs y (n, k)."""
        np.dot(x, self._first_block, out=self._first_z)
        for depth, block in enumerate(self._later_blocks):
            self._a[depth][:] = self._activation.of(self._z[depth])
            np.dot(block, self._with_ones[depth], out=self._z[depth + 1])
        outputs = self._cost.output(self._output_rows)

        np.divide(self._cost.delta(outputs, y), self._n, out=self._delta_rows[-1])  # BP1
        for depth in range(len(self._a), 0, -1):
            np.dot(self._with_ones[depth - 1], self._delta_rows[depth], out=self._nablas[depth])  # BP3 and BP4
            delta = np.dot(self._weights[depth], self._delta[depth], out=self._delta[depth - 1])  # BP2
            delta *= self._activation.slope(self._a[depth - 1])
        np.dot(x.T, self._delta_rows[0], out=self._nablas[0])
        return outputs


class Batches:
    """Backprop over batches of images. Each new batch size allocates arrays once.

    `gradient` (parameters,) is the gradient over the last batch, and `wanted` (n, k) its wanted outputs.
    """

    def __init__(self, network: Network) -> None:
        self.gradient = np.empty_like(network.parameters)
        self.wanted = np.empty((0, network.sizes[-1]), network.parameters.dtype)
        self._network = network
        self._arrays: dict[int, tuple[Floats, Floats, Backprop]] = {}

    def backprop(self, x: Floats, y: Floats, batch: NDArray[np.intp]) -> Floats:
        """The outputs (n, k) for rows `batch` (n,) of x and y, which have the shapes that `Backprop` takes."""
        n = len(batch)
        if n not in self._arrays:
            self._arrays[n] = (
                np.empty((n, x.shape[1]), x.dtype),
                np.empty((n, y.shape[1]), y.dtype),
                Backprop(self._network, n, self.gradient),
            )
        batch_x, batch_y, backprop = self._arrays[n]
        if n == len(x):
            batch_x, batch_y = x, y
        else:
            # With "clip", take writes straight into the array that it is given.
            x.take(batch, 0, batch_x, "clip")
            y.take(batch, 0, batch_y, "clip")
        self.wanted = batch_y
        return backprop(batch_x, batch_y)
