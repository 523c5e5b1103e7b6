from __future__ import annotations

import numpy as np
import pytest

from app.network import COSTS, Network


def test_the_classic_network_has_13002_parameters_in_one_flat_float32_vector() -> None:
    network = Network()

    assert network.parameters.shape == (13_002,)
    assert network.parameters.dtype == np.float32
    assert [layer.weights.shape for layer in network.layers] == [(16, 784), (16, 16), (10, 16)]
    assert [layer.biases.shape for layer in network.layers] == [(16,), (16,), (10,)]


def test_layers_are_views_so_changing_the_vector_changes_the_network() -> None:
    network = Network()
    network.parameters[:] = np.arange(13_002)

    np.testing.assert_array_equal(network.layers[0].weights[:3, 0], [0, 1, 2])
    assert network.layers[0].weights[0, 1] == 16
    assert network.layers[0].biases[0] == 784 * 16
    assert network.layers[-1].biases[-1] == 13_001


@pytest.mark.parametrize("sizes", [(784, 10), (784, 32, 10), (784, 20, 15, 12, 10), (4, 1)])
def test_any_other_sizes_work_as_well(sizes: tuple[int, ...]) -> None:
    network = Network.random(np.random.default_rng(0), sizes)
    x = np.random.default_rng(1).random((3, sizes[0]), dtype=np.float32)

    assert [a.shape for a in network.activations(x)] == [(3, size) for size in sizes]
    assert network.feedforward(x).dtype == np.float32


def test_a_feedforward_worked_out_by_hand() -> None:
    network = Network((2, 2, 1), "relu", "quadratic")
    network.layers[0].weights[:] = np.array([[1, -1], [2, 0.5]])
    network.layers[0].biases[:] = [0, -1]
    network.layers[1].weights[:] = [[0.5, 1]]
    network.layers[1].biases[:] = [-2]

    hidden, output = network.activations(np.array([[1, 2]], np.float32))[1:]

    np.testing.assert_array_equal(hidden, [[0, 2]])  # relu(1 - 2), relu(2 + 1 - 1)
    np.testing.assert_allclose(output, [[0.5]])  # sigmoid(0 + 2 - 2)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_probabilities_sum_to_one_even_for_enormous_weighted_inputs(cost: str, activation: str) -> None:
    network = Network.random(np.random.default_rng(0), (784, 16, 10), activation, cost)
    network.parameters *= 1000
    x = np.random.default_rng(1).random((20, 784), dtype=np.float32)

    probabilities = network.probabilities(x)

    assert np.isfinite(probabilities).all()
    assert (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_the_same_seed_starts_from_the_same_parameters() -> None:
    one, same, other = (Network.random(np.random.default_rng(seed)) for seed in (7, 7, 8))

    np.testing.assert_array_equal(one.parameters, same.parameters)
    assert (one.parameters != other.parameters).any()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"sizes": (784,)}, "at least two layers"),
        ({"sizes": (784, 0, 10)}, "at least one neuron"),
        ({"activation": "no-such"}, "sigmoid, relu"),
        ({"cost": "hinge"}, "quadratic, cross-entropy"),
        ({"parameters": np.zeros(5, np.float32)}, "13002 parameters, not 5"),
    ],
)
def test_what_makes_no_network_is_refused_with_the_reason(arguments: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Network(**arguments)  # type: ignore[arg-type]
