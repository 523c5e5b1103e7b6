from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.network import Network
from app.network.network import CLASSIC_SIZES, one_hot
from app.rooms.class_network import (
    ACTIVATION,
    COST,
    NEURONS,
    PHASES,
    Floats,
    Passed,
    Referee,
    deal,
    is_right,
    layer_of,
    random_parameters,
    rounded,
)

LABELS = [3, 0, 9]


@pytest.fixture
def inputs() -> Floats:
    return np.random.default_rng(1).integers(0, 256, (len(LABELS), 784)) / 255.0


def _play(referee: Referee) -> None:
    """A class whose phones all pass on what is right."""
    for phase in PHASES:
        numbers, back = referee.expected(phase)
        referee.numbers[phase] = numbers
        if back is not None:
            referee.numbers[f"back-{layer_of(phase) - 1}"] = back.sum(axis=1)


def test_a_class_that_is_right_takes_the_step_of_backprop(inputs: Floats) -> None:
    start = random_parameters(7)
    referee = Referee(start.copy(), inputs, LABELS, {})
    _play(referee)

    network = Network(CLASSIC_SIZES, ACTIVATION, COST, start)
    wanted = one_hot(np.array(LABELS), dtype=np.float64)
    gradient, outputs = network.backprop(inputs, wanted)
    np.testing.assert_allclose(referee.outputs(), outputs, atol=1e-12)
    np.testing.assert_allclose(referee.stepped(0.3), start - 0.3 * gradient, atol=1e-12)
    assert referee.mean_cost() == pytest.approx(network.cost.mean(outputs, wanted), abs=1e-12)


def test_what_goes_on_is_what_the_class_passed_on(inputs: Floats) -> None:
    referee = Referee(random_parameters(7), inputs, LABELS, {})
    _play(referee)
    before = referee.expected("forward-2")[0]
    referee.numbers["forward-1"] = referee.numbers["forward-1"] + 1.0

    assert not np.allclose(referee.expected("forward-2")[0], before)


def test_a_start_depends_on_its_seed_alone() -> None:
    assert (random_parameters(1) == random_parameters(1)).all()
    assert not (random_parameters(1) == random_parameters(2)).all()


@pytest.mark.parametrize(("change", "right"), [(0.0, True), (0.9e-5, True), (1.1e-5, False), (np.inf, False)])
def test_a_number_is_right_to_one_in_a_hundred_thousand(change: float, right: bool) -> None:
    wanted = np.array([0.25, -0.5])

    assert is_right(Passed(wanted + np.array([0, change])), wanted, None) is right
    back = np.zeros((16, 2))
    assert is_right(Passed(wanted, back + change), wanted, back) is right


def test_numbers_of_another_shape_are_wrong() -> None:
    wanted = np.zeros(2)

    assert not is_right(Passed(np.zeros(3)), wanted, None)
    assert not is_right(Passed(wanted), wanted, np.zeros((16, 2)))


def test_numbers_are_passed_on_with_nine_digits() -> None:
    np.testing.assert_array_equal(
        rounded(np.array([[1 / 3, -2e-12 / 3, 12345678912.0]])), [[0.333333333, -6.66666667e-13, 12345678900.0]]
    )


@pytest.mark.parametrize(
    ("pupils", "most", "held"), [(0, 4, 0), (1, 4, 4), (1, 42, 42), (12, 4, 42), (42, 4, 42), (60, 4, 42)]
)
def test_the_neurons_are_dealt_in_turn(pupils: int, most: int, held: int) -> None:
    dealt: dict[str, Any] = deal(list(range(1, pupils + 1)), most)

    assert tuple(dealt) == NEURONS
    assert sum(bool(who) for who in dealt.values()) == held
    assert {pupil for who in dealt.values() for pupil in who} == set(range(1, pupils + 1))


def test_with_more_pupils_than_neurons_two_share_one() -> None:
    dealt = deal(list(range(1, 61)))

    assert dealt["1-0"] == [1, 43]
    assert dealt["2-2"] == [19]
