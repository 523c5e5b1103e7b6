"""The cost as a landscape: along a line through the parameters, over a plane, and along a path.

The weighted input of the first layer, by far the largest product, is linear in the parameters. Along a line it is
z + t dz for every t, so it takes two products for all points together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.activation import Floats
from app.network.fast import with_ones
from app.network.network import Network, parameter_count, split_blocks


class Parameter(NamedTuple):
    """One of the parameters: `layer` counts from 1, `neuron` from 0; `input` None is the neuron's bias."""

    layer: int
    neuron: int
    input: int | None


def index_of(parameter: Parameter, sizes: Sequence[int]) -> int:
    """The parameter's index in the flat vector. Raises ValueError if there is no such parameter."""
    layer, neuron, source = parameter
    if not 1 <= layer < len(sizes):
        raise ValueError(f"The layer is 1 to {len(sizes) - 1}, not {layer}.")
    inputs, outputs = sizes[layer - 1], sizes[layer]
    if not 0 <= neuron < outputs:
        raise ValueError(f"The neuron of layer {layer} is 0 to {outputs - 1}, not {neuron}.")
    if source is not None and not 0 <= source < inputs:
        raise ValueError(f"The input of layer {layer} is 0 to {inputs - 1}, or null for the bias, not {source}.")
    start = parameter_count(sizes[:layer])
    return start + (inputs if source is None else source) * outputs + neuron


def unit(parameter: Parameter, network: Network) -> Floats:
    """The direction (parameters,) in which only this parameter changes. Raises ValueError."""
    direction = np.zeros_like(network.parameters)
    direction[index_of(parameter, network.sizes)] = 1
    return direction


def random_direction(network: Network, seed: int) -> Floats:
    """A random direction (parameters,) in which each neuron's part is as long as that neuron's parameters.

    This is the "filter normalization" of Li et al., "Visualizing the Loss Landscape of Neural Nets", 2018. Without it,
    a step that hardly changes a layer of large weights would overwhelm a layer of small ones.
    """
    direction = np.random.default_rng(seed).standard_normal(network.parameters.size).astype(network.parameters.dtype)
    blocks = split_blocks(direction, network.sizes)
    for block, own in zip(blocks, split_blocks(network.parameters, network.sizes), strict=True):
        block *= np.linalg.norm(own, axis=0) / np.linalg.norm(block, axis=0)
    return direction


def towards_twin(network: Network, seed: int) -> Floats:
    """The direction (parameters,) that leads, at distance 1, to the same network with its hidden neurons reordered.

    The order of the neurons changes no answer, so both ends have the same cost, but the networks between them do not.
    That is why the landscape of a network has many valleys.
    """
    rng = np.random.default_rng(seed)
    twin = Network(network.sizes, network.activation.name, network.cost.name, network.parameters.copy())
    for here, after in zip(twin.layers, twin.layers[1:], strict=False):
        order = rng.permutation(len(here.biases))
        here.weights[:], here.biases[:] = here.weights[order], here.biases[order]
        after.weights[:] = after.weights[:, order]
    return np.asarray(twin.parameters - network.parameters)


class Line:
    """A straight line through the parameters of a network, along `direction` (parameters,).

    The cost is the mean over images x (n, inputs) with wanted outputs y (n, k).
    """

    def __init__(self, network: Network, direction: Floats, x: Floats, y: Floats) -> None:
        self._network, self._y = network, y
        self._blocks = split_blocks(network.parameters, network.sizes)
        self._moves = split_blocks(direction, network.sizes)
        inputs = with_ones(x)
        self._z, self._dz = inputs @ self._blocks[0], inputs @ self._moves[0]

    def at(self, distance: float) -> tuple[float, float]:
        """The cost at parameters + distance * direction, and its slope by the distance.

        The slope is carried forward along with the activations: dz' = da w + a dw, da = slope(a) * dz.
        """
        activation, cost = self._network.activation, self._network.cost
        t = self._z.dtype.type(distance)
        z, dz = self._z + t * self._dz, self._dz
        for block, move in zip(self._blocks[1:], self._moves[1:], strict=True):
            weights, biases = block[:-1] + t * move[:-1], block[-1] + t * move[-1]
            a = activation.of(z)
            dz = (activation.slope(a) * dz) @ weights + a @ move[:-1] + move[-1]
            z = a @ weights + biases
        outputs = cost.output(z)
        slope = float((cost.delta(outputs, self._y) * dz).sum() / len(dz))
        # From z, not from the outputs: far from a valley these round to 0, and their cost would not match the slope.
        return cost.mean_from(z, self._y), slope


class Plane:
    """A plane through the parameters of a network, along `across` and `up` (parameters,): see `Line`."""

    def __init__(self, network: Network, across: Floats, up: Floats, x: Floats, y: Floats) -> None:
        self._network = network
        blocks = [split_blocks(vector, network.sizes) for vector in (network.parameters, across, up)]
        inputs = with_ones(x)
        # Images are columns here, so that elementwise work runs along rows, which is twice as fast.
        self._z, self._z_across, self._z_up = (_columns(inputs @ first) for first, *_ in blocks)
        self._later = [tuple(_columns(block) for block in layer) for layer in zip(*blocks, strict=True)][1:]
        self._y = np.asfortranarray(y)

    def costs(self, across: Floats, up: Floats) -> NDArray[np.float64]:
        """The cost at each place of a grid, (len(up), len(across)): at parameters + s * across + t * up."""
        return np.array([self._row(across, t) for t in up])

    def _row(self, across: Floats, t: float) -> list[float]:
        """The costs of one row of the grid, all places at once: z is (places, neurons, n)."""
        activation, cost = self._network.activation, self._network.cost
        number = self._z.dtype.type
        s, height = across.astype(number)[:, None, None], number(t)
        z = (self._z + height * self._z_up) + s * self._z_across
        for block, block_across, block_up in self._later:
            moved = (block + height * block_up) + s * block_across
            z = moved[:, :, :-1] @ activation.of(z)
            z += moved[:, :, -1:]
        outputs = cost.output(z.transpose(1, 0, 2).reshape(z.shape[1], -1).T)
        return [cost.mean(part, self._y) for part in np.split(outputs, len(across))]


def _columns(rows: Floats) -> Floats:
    return np.ascontiguousarray(rows.T)


def orthonormal(across: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Two orthonormal directions of the same plane, so that a path keeps its shape on the map."""
    across = across / np.linalg.norm(across)
    up = up - (up @ across) * across
    return across, up / np.linalg.norm(up)


def plane_of_path(path: Floats) -> tuple[Floats, Floats, float]:
    """The plane through the end of a path (points, parameters) along its first two principal components.

    Returns two orthonormal directions (parameters,), and the share 0..1 of the path's movement that lies in the plane.
    Li et al., 2018, section 7, "Visualizing optimization paths".
    """
    moved = path - path[-1]
    # The small matrix of products between points has the same eigenvalues as the large one between parameters.
    values, vectors = np.linalg.eigh(moved @ moved.T)
    first, second = (moved.T @ vectors[:, -n] / np.sqrt(max(values[-n], 1e-12)) for n in (1, 2))
    share = float(values[-2:].sum() / max(values.sum(), 1e-12))
    return first.astype(path.dtype), second.astype(path.dtype), min(share, 1.0)
