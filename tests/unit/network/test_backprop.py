from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from app.network import ACTIVATIONS, COSTS, Network
from app.network.network import one_hot

_EVERY_COMBINATION = list(product(ACTIVATIONS, COSTS))
_STEP = 1e-6


@pytest.mark.parametrize(("activation", "cost"), _EVERY_COMBINATION)
@pytest.mark.parametrize("sizes", [(7, 5, 4, 3), (6, 3), (5, 8, 4)])
@pytest.mark.parametrize("labels", ["one-hot", "soft"])
def test_backprop_agrees_with_central_differences_for_every_parameter(
    activation: str, cost: str, sizes: tuple[int, ...], labels: str
) -> None:
    rng = np.random.default_rng(1)
    network = Network.random(rng, sizes, activation, cost, dtype=np.float64)
    network.parameters += 0.1 * rng.standard_normal(network.parameters.size)
    x = rng.random((11, sizes[0]))
    y = one_hot(rng.integers(0, sizes[-1], 11), sizes[-1], np.float64)
    if labels == "soft":
        y = rng.dirichlet(np.ones(sizes[-1]), 11)

    gradient, outputs = network.backprop(x, y)

    def cost_with(index: int, change: float) -> float:
        before = network.parameters[index]
        network.parameters[index] = before + change
        value = network.cost.mean(network.feedforward(x), y)
        network.parameters[index] = before
        return value

    differences = [
        (cost_with(index, _STEP) - cost_with(index, -_STEP)) / (2 * _STEP) for index in range(network.parameters.size)
    ]
    np.testing.assert_allclose(gradient, differences, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(outputs, network.feedforward(x), rtol=1e-12)


@pytest.mark.parametrize(("activation", "cost"), _EVERY_COMBINATION)
def test_the_gradient_of_a_batch_is_the_mean_of_the_gradients_of_its_images(activation: str, cost: str) -> None:
    rng = np.random.default_rng(2)
    network = Network.random(rng, (9, 6, 4), activation, cost, dtype=np.float64)
    x, y = rng.random((5, 9)), one_hot(rng.integers(0, 4, 5), 4, np.float64)

    one_by_one = [network.backprop(x[i : i + 1], y[i : i + 1])[0] for i in range(5)]

    np.testing.assert_allclose(network.backprop(x, y)[0], np.mean(one_by_one, axis=0), rtol=1e-12)


def test_the_images_are_only_read() -> None:
    network = Network.random(np.random.default_rng(4), (4, 3, 2))
    x, y = np.full((2, 4), 0.5, np.float32), one_hot(np.array([0, 1]), 2)
    x.flags.writeable = y.flags.writeable = False

    network.backprop(x, y)
