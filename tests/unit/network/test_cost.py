from __future__ import annotations

import numpy as np
import pytest

from app.network import COSTS


def test_the_quadratic_cost_is_half_the_squared_distance_averaged_over_images() -> None:
    a, y = np.array([[0.5, 0.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [1.0, 0.0]])

    assert COSTS["quadratic"].mean(a, y) == pytest.approx((0.25 / 2 + 1 / 2) / 2)


def test_the_cross_entropy_cost_is_the_mean_of_minus_log_of_the_wanted_probability() -> None:
    a, y = np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.0, 1.0]])

    assert COSTS["cross-entropy"].mean(a, y) == pytest.approx((np.log(4) + np.log(2)) / 2)


def test_the_cross_entropy_of_a_soft_label_counts_each_answer_by_its_share() -> None:
    a, y = np.array([[0.25, 0.75]]), np.array([[0.5, 0.5]])

    assert COSTS["cross-entropy"].mean(a, y) == pytest.approx((np.log(4) + np.log(4 / 3)) / 2)


@pytest.mark.parametrize("name", COSTS)
def test_a_right_answer_costs_nothing_and_a_certain_wrong_one_costs_a_finite_amount(name: str) -> None:
    y = np.array([[1.0, 0.0]], np.float32)

    assert COSTS[name].mean(y, y) == 0
    assert 0 < COSTS[name].mean(1 - y, y) < np.inf


@pytest.mark.parametrize("name", COSTS)
def test_the_cost_from_the_weighted_input_is_that_of_the_outputs(name: str) -> None:
    rng = np.random.default_rng(1)
    z, y = 3 * rng.standard_normal((20, 10)), rng.dirichlet(np.ones(10), 20)

    assert COSTS[name].mean_from(z, y) == pytest.approx(COSTS[name].mean(COSTS[name].output(z), y))


def test_the_cross_entropy_from_the_weighted_input_grows_on_where_the_output_vanishes() -> None:
    z, y = np.array([[500.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32)

    assert COSTS["cross-entropy"].mean_from(z, y) == pytest.approx(500)


def test_where_all_sigmoids_vanish_each_answer_is_as_likely_as_any() -> None:
    probabilities = COSTS["quadratic"].probabilities(np.zeros((1, 10), np.float32))

    np.testing.assert_allclose(probabilities, 0.1)


@pytest.mark.parametrize("name", COSTS)
def test_outputs_stay_between_0_and_1_for_any_weighted_input(name: str) -> None:
    z = np.array([[-1e4, 0.0, 1e4]], np.float32)

    a = COSTS[name].output(z)

    assert ((a >= 0) & (a <= 1)).all()
