from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import DTypeLike

from app.network import ACTIVATIONS, COSTS, Network
from app.network.fast import Backprop, Batches, with_ones
from app.network.network import one_hot

_SIZES = [(9, 4), (9, 5, 4), (9, 7, 6, 5, 4)]


def _network_and_images(
    sizes: tuple[int, ...], activation: str, cost: str, n: int, dtype: DTypeLike
) -> tuple[Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    network = Network.random(rng, sizes, activation, cost, dtype)
    network.parameters += 0.1 * rng.standard_normal(network.parameters.size).astype(dtype)
    return network, rng.random((n, sizes[0])).astype(dtype), rng.dirichlet(np.ones(sizes[-1]), n).astype(dtype)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-4)])
@pytest.mark.parametrize("n", [1, 7, 33])
@pytest.mark.parametrize("sizes", _SIZES)
@pytest.mark.parametrize(("activation", "cost"), list(product(ACTIVATIONS, COSTS)))
def test_the_fast_backprop_equals_the_one_that_reads_like_the_book(
    activation: str, cost: str, sizes: tuple[int, ...], n: int, dtype: DTypeLike, tolerance: float
) -> None:
    network, x, y = _network_and_images(sizes, activation, cost, n, dtype)
    gradient = np.empty_like(network.parameters)

    # For one image, some BLAS kernels also read memory that belongs to no array. That raises the flag and nothing else.
    with np.errstate(invalid="ignore"):
        outputs = Backprop(network, n, gradient)(with_ones(x), y)

    expected, expected_outputs = network.backprop(x, y)
    np.testing.assert_allclose(gradient, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())
    np.testing.assert_allclose(outputs, expected_outputs, rtol=tolerance)


def test_its_arrays_serve_batch_after_batch_while_the_parameters_change() -> None:
    network, _, y = _network_and_images((9, 5, 4), "sigmoid", "cross-entropy", 6, np.float64)
    gradient, rng = np.empty_like(network.parameters), np.random.default_rng(2)
    backprop = Backprop(network, 6, gradient)

    for _ in range(3):
        network.parameters += rng.standard_normal(network.parameters.size)
        x = rng.random((6, 9))
        backprop(with_ones(x), y)

        np.testing.assert_allclose(gradient, network.backprop(x, y)[0], rtol=1e-12)


@pytest.mark.parametrize("size", [1, 4, 10])
def test_a_batch_is_the_images_with_its_numbers(size: int) -> None:
    network, x, y = _network_and_images((9, 5, 4), "leaky-relu", "quadratic", 10, np.float64)
    batch = np.random.default_rng(3).permutation(10)[:size]
    batches = Batches(network)

    batches.backprop(with_ones(x), y, batch)

    np.testing.assert_allclose(batches.gradient, network.backprop(x[batch], y[batch])[0], rtol=1e-10)
    assert sorted(batches.wanted.tolist()) == sorted(y[batch].tolist())


def test_the_images_and_the_wanted_outputs_are_only_read() -> None:
    network = Network.random(np.random.default_rng(4), (9, 5, 4))
    x, y = with_ones(np.full((2, 9), 0.5, np.float32)), one_hot(np.array([0, 1]), 4)
    x.flags.writeable = y.flags.writeable = False

    for batch in (np.array([1]), np.array([0, 1])):
        Batches(network).backprop(x, y, batch)
