from __future__ import annotations

import numpy as np
import pytest

from app.network import ACTIVATIONS, COSTS, Descent, Network
from app.network.landscape import (
    Line,
    Parameter,
    Plane,
    index_of,
    orthonormal,
    plane_of_path,
    random_direction,
    towards_twin,
    unit,
)
from app.network.network import one_hot

_SIZES = (12, 6, 5, 10)


def _network(activation: str = "leaky-relu", cost: str = "cross-entropy") -> Network:
    return Network.random(np.random.default_rng(1), _SIZES, activation, cost, dtype=np.float64)


def _images() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    return rng.random((40, 12)), one_hot(rng.integers(0, 10, 40), dtype=np.float64)


def _cost_at(network: Network, parameters: np.ndarray) -> float:
    x, y = _images()
    moved = Network(network.sizes, network.activation.name, network.cost.name, parameters)
    return moved.cost.mean(moved.feedforward(x), y)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("which", ["first weight", "last bias", "random"])
def test_a_line_tells_the_cost_and_the_slope_of_a_full_recomputation(activation: str, cost: str, which: str) -> None:
    network = _network(activation, cost)
    direction = {
        "first weight": unit(Parameter(1, 4, 7), network),
        "last bias": unit(Parameter(3, 2, None), network),
        "random": random_direction(network, 5),
    }[which]
    line = Line(network, direction, *_images())

    for distance in (-1.5, 0.0, 0.3, 2.0):
        found, slope = line.at(distance)
        assert found == pytest.approx(_cost_at(network, network.parameters + distance * direction))
        up, down = (_cost_at(network, network.parameters + (distance + h) * direction) for h in (1e-6, -1e-6))
        assert slope == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-8)


def test_a_line_tells_a_cost_that_agrees_with_its_slope_where_outputs_vanish() -> None:
    network = Network.random(np.random.default_rng(1), _SIZES, "leaky-relu", "cross-entropy", dtype=np.float32)
    x, y = _images()
    line = Line(network, random_direction(network, 5), x.astype(np.float32), y.astype(np.float32))

    (low, _), (_, slope), (high, _) = (line.at(distance) for distance in (39.0, 40.0, 41.0))
    assert low > 1_000
    assert (high - low) / 2 == pytest.approx(slope, rel=0.02)


def test_every_parameter_has_a_place_of_its_own_that_is_its_layers() -> None:
    network = _network()
    seen = set()
    for layer, (weights, biases) in enumerate(network.layers, start=1):
        for neuron in range(len(biases)):
            for source in [*range(weights.shape[1]), None]:
                index = index_of(Parameter(layer, neuron, source), _SIZES)
                seen.add(index)
                expected = biases[neuron] if source is None else weights[neuron, source]
                assert network.parameters[index] == expected
    assert seen == set(range(network.parameters.size))


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        (Parameter(0, 0, 0), "layer is 1 to 3, not 0"),
        (Parameter(4, 0, 0), "layer is 1 to 3, not 4"),
        (Parameter(1, 6, 0), "neuron of layer 1 is 0 to 5, not 6"),
        (Parameter(2, -1, 0), "neuron of layer 2 is 0 to 4, not -1"),
        (Parameter(1, 0, 12), "input of layer 1 is 0 to 11"),
    ],
)
def test_a_parameter_that_is_not_there_is_refused(parameter: Parameter, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        index_of(parameter, _SIZES)


def test_the_twin_answers_alike_and_between_them_is_a_hill() -> None:
    network = _network()
    x, y = _images()
    # Learned a little, so that being mixed up costs something.
    for _ in Descent(network, learning_rate=0.5, batch_size=None, epochs=300, norm_images=0).run(x, y):
        pass
    line = Line(network, towards_twin(network, 1), x, y)

    here, there = line.at(0)[0], line.at(1)[0]
    assert there == pytest.approx(here)
    assert line.at(0.5)[0] > 1.2 * here


def test_each_neurons_part_of_a_random_direction_is_as_long_as_its_own_parameters() -> None:
    network = _network()
    direction = random_direction(network, 3)
    like = Network(_SIZES, "leaky-relu", "cross-entropy", direction)
    for moved, own in zip(like.layers, network.layers, strict=True):
        lengths = (np.linalg.norm(np.column_stack(layer), axis=1) for layer in (moved, own))
        np.testing.assert_allclose(*lengths)


def test_a_plane_tells_the_cost_of_a_full_recomputation() -> None:
    network = _network()
    across, up = orthonormal(random_direction(network, 1), random_direction(network, 2))
    assert across @ up == pytest.approx(0, abs=1e-12)
    assert (np.linalg.norm(across), np.linalg.norm(up)) == pytest.approx((1, 1))

    costs = Plane(network, across, up, *_images()).costs(np.array([-1.0, 0.5]), np.array([0.0, 2.0, 3.0]))

    assert costs.shape == (3, 2)
    for row, t in enumerate((0.0, 2.0, 3.0)):
        for column, s in enumerate((-1.0, 0.5)):
            assert costs[row, column] == pytest.approx(_cost_at(network, network.parameters + s * across + t * up))


def test_the_plane_of_a_flat_path_holds_all_of_it() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.standard_normal((2, 30))
    path = np.outer(np.linspace(3, 0, 20), first) + np.outer(np.linspace(1, 0, 20) ** 2, second)

    across, up, share = plane_of_path(path)

    assert share == pytest.approx(1)
    moved = path - path[-1]
    np.testing.assert_allclose(np.outer(moved @ across, across) + np.outer(moved @ up, up), moved, atol=1e-9)


def test_the_plane_of_a_wild_path_holds_a_part_of_it() -> None:
    path = np.random.default_rng(5).standard_normal((20, 50))
    *_, share = plane_of_path(path)
    assert 0.1 < share < 0.8
