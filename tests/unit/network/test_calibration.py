from __future__ import annotations

import numpy as np
import pytest

from app.network import Network
from app.network.calibration import expected_calibration_error, fit_temperature, reliability, with_temperature


def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _honest(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Weighted inputs z, and labels drawn by their softmax: perfectly calibrated."""
    rng = np.random.default_rng(0)
    z = rng.normal(0, 2, (count, 10))
    labels = (_softmax(z).cumsum(axis=1) > rng.random((count, 1))).argmax(axis=1)
    return z, labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_was_lost_is_found(temperature: float) -> None:
    z, labels = _honest()

    assert fit_temperature(_softmax(z * temperature), labels) == pytest.approx(temperature, rel=0.05)


def test_the_calibration_error_is_small_for_the_honest_and_large_for_the_boastful() -> None:
    z, labels = _honest()

    assert expected_calibration_error(_softmax(z), labels) < 0.01
    assert expected_calibration_error(_softmax(3 * z), labels) > 0.15


def test_all_answers_sure_and_half_of_them_right_is_an_error_of_one_half() -> None:
    labels = np.array([0, 0, 1, 1])

    assert expected_calibration_error(np.eye(10)[[0, 0, 0, 0]], labels) == pytest.approx(0.5)


def test_each_answer_is_in_the_bin_of_its_confidence_and_empty_bins_have_no_means() -> None:
    probabilities = np.array([[0.25, 0.75], [0.0, 1.0], [0.26, 0.74]])

    bins = reliability(probabilities, np.array([1, 1, 0]))

    assert [(b.images, b.accuracy) for b in bins if b.images] == [(2, 0.5), (1, 1.0)]
    assert all(b.low <= b.confidence <= b.high for b in bins if b.confidence is not None)
    assert sum(b.confidence is None for b in bins) == len(bins) - 2


def test_a_temperature_divides_the_weighted_inputs_and_changes_no_answer() -> None:
    network = Network.random(np.random.default_rng(1), (784, 12, 10), "relu")
    x = np.random.default_rng(2).random((50, 784), dtype=np.float32)

    cooler = with_temperature(network, 2.0)

    expected = _softmax(np.log(network.feedforward(x)) / 2)
    np.testing.assert_allclose(cooler.feedforward(x), expected, atol=1e-5)
    np.testing.assert_array_equal(cooler.feedforward(x).argmax(axis=1), network.feedforward(x).argmax(axis=1))
    assert cooler.parameters is not network.parameters


def test_the_network_itself_is_left_alone() -> None:
    network = Network.random(np.random.default_rng(1), (784, 12, 10))
    before = network.parameters.copy()

    with_temperature(network, 3.0)

    np.testing.assert_array_equal(network.parameters, before)
