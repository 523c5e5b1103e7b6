from __future__ import annotations

import numpy as np
import pytest

from app.lessons.learning import learn
from app.lessons.networks import LessonError, as_inputs, copy_of
from app.network import Network
from app.network.landscape import Parameter


@pytest.fixture
def network() -> Network:
    return Network.random(np.random.default_rng(3), dtype=np.float32)


DRAWING = as_inputs([(np.linspace(0, 1, 784).tolist(), 7)])


def test_each_step_goes_against_the_gradient(network: Network) -> None:
    twin = copy_of(network)
    learned = learn(network, *DRAWING, learning_rate=0.05, steps=3)

    for step in learned.steps[:-1]:
        gradient, outputs = twin.backprop(*DRAWING)
        assert step.cost == pytest.approx(twin.cost.mean(outputs, DRAWING[1]))
        assert step.norm == pytest.approx(float(np.linalg.norm(gradient)))
        twin.parameters -= np.float32(0.05) * gradient
    np.testing.assert_array_equal(network.parameters, twin.parameters)
    assert learned.steps[-1].cost < learned.steps[0].cost


def test_the_deltas_and_activations_multiply_to_the_gradient(network: Network) -> None:
    learned = learn(network, *DRAWING, learning_rate=0.05, steps=2)

    for layer, delta, a in zip(learned.gradient, learned.deltas, learned.activations, strict=False):
        np.testing.assert_allclose(layer.weights, np.outer(delta, a), rtol=1e-4, atol=1e-7)
        np.testing.assert_allclose(layer.biases, delta, rtol=1e-4, atol=1e-7)


def test_numbers_that_overflow_are_refused(network: Network) -> None:
    with pytest.raises(LessonError, match="Choose a smaller learning rate"):
        learn(network, *DRAWING, learning_rate=1e38, steps=5)


def test_a_copy_takes_changes_and_leaves_the_served_network_alone(network: Network) -> None:
    before = network.parameters.copy()
    changed = copy_of(network, changes={Parameter(3, 7, 2): 1.5})

    assert changed.layers[2].weights[7, 2] == 1.5
    np.testing.assert_array_equal(network.parameters, before)


def test_a_random_start_has_the_shape_of_the_served_network_and_is_that_of_its_seed(network: Network) -> None:
    first, again, other = (copy_of(network, seed) for seed in (1, 1, 2))

    np.testing.assert_array_equal(first.parameters, again.parameters)
    assert not np.array_equal(first.parameters, other.parameters)
    assert first.sizes == network.sizes
