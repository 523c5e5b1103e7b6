"""The class is the network: each phone is a neuron and computes its numbers, and the class takes true gradient steps.

A step has six phases: the layers forwards, then backwards. In each phase the neurons of one layer pass on their
numbers. The referee computes what they should be from the class's own numbers of the phases before. A number that is
right is what goes on, as the phone sent it; a wrong or missing one is replaced by the referee's.

Hidden neurons are leaky ReLUs and the cost is the cross-entropy, whose outputs the referee scales to add up to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network import Network
from app.network.network import CLASSIC_SIZES, Layer, join_layers, one_hot

Floats = NDArray[np.float64]
ACTIVATION, COST = "leaky-relu", "cross-entropy"
# Layers count from 1, the first after the input.
LAST = len(CLASSIC_SIZES) - 1
FORWARD = tuple(f"forward-{layer}" for layer in range(1, LAST + 1))
BACKWARD = tuple(f"backward-{layer}" for layer in range(LAST, 0, -1))
PHASES = (*FORWARD, *BACKWARD)
NEURONS = tuple(f"{layer}-{number}" for layer in range(1, LAST + 1) for number in range(CLASSIC_SIZES[layer]))
TOLERANCE = 1e-5
# All see the same digits of a number, those that are passed on.
_DIGITS = 9


class Passed(NamedTuple):
    """What a neuron passes on for a batch of n digits: its numbers (n,), and backwards also what it gives back to each
    neuron of the layer before it, (before, n); None in the first layer, and forwards.

    Forwards the numbers are activations, in the last layer weighted inputs; backwards they are deltas.
    """

    numbers: Floats
    back: Floats | None = None


def random_parameters(seed: int) -> Floats:
    """The 13,002 numbers at the start, float64."""
    rng = np.random.default_rng(seed)
    return np.asarray(Network.random(rng, CLASSIC_SIZES, ACTIVATION, COST, np.float64).parameters, np.float64)


def layer_of(name: str) -> int:
    """The layer of a phase, such as "forward-2", or of a neuron, such as "2-15"."""
    return int(name.rpartition("-")[2] if name in PHASES else name.partition("-")[0])


class Referee:
    """What the neurons should pass on for a batch: inputs (n, 784) and labels (n,), with these parameters (13,002,).

    `numbers` are those of the phases before, by phase: activations and deltas are (n, neurons), and so are, as
    "back-LAYER", the sums of what was given back to that layer.
    """

    def __init__(self, parameters: Floats, inputs: Floats, labels: Sequence[int], numbers: dict[str, Floats]) -> None:
        self.network = Network(CLASSIC_SIZES, ACTIVATION, COST, parameters)
        self.inputs, self.numbers = inputs, numbers
        self.wanted = one_hot(np.array(labels, np.intp), dtype=np.float64)

    def expected(self, phase: str) -> tuple[Floats, Floats | None]:
        """The numbers (n, neurons) of that phase, and what is given back, (n, neurons, before) or None."""
        layer = layer_of(phase)
        weights, biases = self.network.layers[layer - 1]
        if phase in FORWARD:
            z = np.asarray(self._activations(layer - 1) @ weights.T + biases, np.float64)
            return (z if layer == LAST else np.asarray(self.network.activation.of(z), np.float64)), None
        if layer == LAST:
            delta = self.network.cost.delta(self.outputs(), self.wanted) / len(self.inputs)
        else:
            delta = self.numbers[f"back-{layer}"] * self.network.activation.slope(self._activations(layer))
        delta = np.asarray(delta, np.float64)
        return delta, None if layer == 1 else np.asarray(delta[:, :, np.newaxis] * weights, np.float64)

    def outputs(self) -> Floats:
        """The answers (n, 10), each row scaled to add up to 1."""
        return np.asarray(self.network.cost.output(self.numbers[FORWARD[-1]]))

    def mean_cost(self) -> float:
        return float(self.network.cost.mean(self.outputs(), self.wanted))

    def stepped(self, eta: float) -> Floats:
        """The parameters after the step: w_new = w_old - eta * gradient, with the class's own numbers (BP3, BP4)."""
        gradient = []
        for layer in range(1, LAST + 1):
            delta = self.numbers[f"backward-{layer}"]
            gradient.append(Layer(delta.T @ self._activations(layer - 1), delta.sum(axis=0)))
        return np.asarray(self.network.parameters - eta * join_layers(gradient))

    def _activations(self, layer: int) -> Floats:
        return self.inputs if layer == 0 else self.numbers[f"forward-{layer}"]


def is_right(passed: Passed, numbers: Floats, back: Floats | None) -> bool:
    """Whether a neuron's numbers (n,) and what it gives back (before, n) are the referee's, to 1e-5."""
    return _is_close(passed.numbers, numbers) and (back is None or _is_close(passed.back, back))


def _is_close(one: Floats | None, other: Floats) -> bool:
    if one is None or one.shape != other.shape:
        return False
    return bool(np.all(np.abs(one - other) <= TOLERANCE * np.maximum(1, np.abs(other))))


def rounded(numbers: Floats) -> Floats:
    """The numbers with nine significant digits, as they are passed on."""
    return np.array([float(f"{number:.{_DIGITS}g}") for number in numbers.ravel()]).reshape(numbers.shape)


def deal(pupils: Sequence[int], most: int = len(NEURONS)) -> dict[str, list[int]]:
    """Who holds which neuron: each pupil as many as the others, at most `most`. With more pupils than neurons, two
    share one.

    A neuron that nobody holds is the server's. Where these are many, all layers have some that are held.
    """
    held: dict[str, list[int]] = {neuron: [] for neuron in NEURONS}
    count = min(len(NEURONS), most * len(pupils))
    chosen = [NEURONS[place] for place in np.linspace(0, len(NEURONS) - 1, count).round().astype(int)]
    for number in range(max(count, len(pupils))):
        held[chosen[number % count]].append(pupils[number % len(pupils)])
    return held
