"""Learning from one drawing: steps of gradient descent, and the backprop of the last step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.lessons.networks import LessonError, with_parameters
from app.network.activation import Floats
from app.network.explain import deltas
from app.network.network import Layer, Network, split_layers


class Step(NamedTuple):
    """The drawing's cost, the length of its gradient, and the outputs (10,), after a number of steps."""

    cost: float
    norm: float
    outputs: Floats


class Learning(NamedTuple):
    """The state before the first step and after each step, and the last step in detail.

    `before` is the network before the last step and `gradient` the gradient there. `activations` (with the input),
    `slopes` (of the hidden neurons) and `deltas` are those of its backprop, one array for each layer.
    """

    steps: list[Step]
    before: Network
    gradient: list[Layer]
    activations: list[Floats]
    slopes: list[Floats]
    deltas: list[Floats]


def learn(network: Network, x: Floats, y: Floats, learning_rate: float, steps: int) -> Learning:
    """Takes steps of gradient descent on one drawing x (1, 784) with wanted outputs y (1, 10). Changes the network.

    Raises LessonError when the numbers overflow.
    """
    eta = np.float32(learning_rate)
    gradient, outputs = network.backprop(x, y)
    taken = [_step(network, gradient, outputs, y)]
    for _ in range(steps):
        before, last = network.parameters.copy(), gradient
        with np.errstate(over="ignore", invalid="ignore"):  # checked below
            network.parameters -= eta * gradient
            gradient, outputs = network.backprop(x, y)
            taken.append(_step(network, gradient, outputs, y))
        if not np.isfinite(np.r_[network.parameters, taken[-1].norm, taken[-1].outputs]).all():
            raise LessonError("The steps are so large that the numbers overflow. Choose a smaller learning rate.")
    old = with_parameters(network, before)
    activations = old.activations(x)
    return Learning(
        taken,
        old,
        split_layers(last, network.sizes),
        [a[0] for a in activations],
        [old.activation.slope(a[0]) for a in activations[1:-1]],
        [delta[0] for delta in deltas(old, activations, old.cost.delta(activations[-1], y))],
    )


def _step(network: Network, gradient: Floats, outputs: Floats, y: Floats) -> Step:
    return Step(network.cost.mean(outputs, y) + 0.0, float(np.linalg.norm(gradient)), outputs[0])  # not -0.0
