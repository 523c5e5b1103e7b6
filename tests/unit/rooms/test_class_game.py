from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from app.rooms.class_game import Game
from app.rooms.class_network import Floats, Passed, Referee, random_parameters


def _game(held: Mapping[str, list[int]], pace: str = "walk") -> Game:
    game = Game.model_validate({"seed": 1, "pace": pace, "pool": [(1, 3), (2, 5)], "batch": 2})
    game.held |= held
    game.begin(None, now=0.0)
    return game


@pytest.fixture
def parameters() -> Floats:
    return random_parameters(1)


def _referee(game: Game, parameters: Floats) -> Referee:
    inputs = np.random.default_rng(2).integers(0, 256, (2, 784)) / 255.0
    return Referee(parameters, inputs, game.labels, game.numbers)


def _right(game: Game, referee: Referee, neuron: str) -> Passed:
    numbers, back = referee.expected(game.phase)
    place = int(neuron.partition("-")[2])
    return Passed(numbers[:, place], None if back is None else back[:, place].T)


def test_a_right_number_goes_on(parameters: Floats) -> None:
    game = _game({"1-0": [1]})
    referee = _referee(game, parameters)
    right = _right(game, referee, "1-0")

    assert game.take(referee, 1, {"1-0": right}) == {"1-0": "right"}
    np.testing.assert_allclose(game.passed["1-0"].numbers, right.numbers, rtol=1e-8)
    assert game.marks == {}


def test_a_wrong_number_is_replaced_and_marked(parameters: Floats) -> None:
    game = _game({"1-0": [1]})
    referee = _referee(game, parameters)
    right = _right(game, referee, "1-0")

    assert game.take(referee, 1, {"1-0": Passed(right.numbers + 0.1)}) == {"1-0": "wrong"}
    np.testing.assert_allclose(game.passed["1-0"].numbers, right.numbers, rtol=1e-8)
    assert game.marks == {"1-0": "wrong"}
    assert game.is_asleep(1) is False


def test_numbers_of_another_layer_or_another_pupil_are_not_taken(parameters: Floats) -> None:
    game = _game({"1-0": [1], "2-0": [1]})
    referee = _referee(game, parameters)
    right = _right(game, referee, "1-0")

    assert game.take(referee, 2, {"1-0": right}) == {"1-0": "not yours"}
    assert game.take(referee, 1, {"2-0": right, "1-99": right}) == {"2-0": "not yours", "1-99": "not yours"}
    assert game.passed == {}


def test_a_number_sent_twice_is_right_twice_and_counts_once(parameters: Floats) -> None:
    game = _game({"1-0": [1]})
    referee = _referee(game, parameters)
    right = _right(game, referee, "1-0")

    assert [game.take(referee, 1, {"1-0": right})["1-0"] for _ in range(2)] == ["right", "right"]


def test_neurons_that_nobody_holds_are_the_servers(parameters: Floats) -> None:
    game = _game({"1-0": [1]})
    game.fill_unheld(_referee(game, parameters))

    assert set(game.marks.values()) == {"server"}
    assert len(game.passed) == 15
    assert game.who_is_missing() == [1]
    assert not game.is_complete


def test_a_phone_that_is_late_twice_sleeps_until_it_answers(parameters: Floats) -> None:
    game = _game({"1-0": [1]}, "run")
    referee = _referee(game, parameters)
    game.fill(referee)
    assert game.marks["1-0"] == "late"
    assert game.take(referee, 1, {"1-0": _right(game, referee, "1-0")}) == {"1-0": "late"}

    game.begin(None, 1.0)
    game.fill(_referee(game, parameters))
    assert game.is_asleep(1)
    game.begin(None, 2.0)
    game.fill_unheld(_referee(game, parameters))
    assert game.is_complete

    referee = _referee(game, parameters)
    assert game.take(referee, 1, {"1-0": _right(game, referee, "1-0")}) == {"1-0": "late"}
    assert not game.is_asleep(1)


def test_two_who_share_a_neuron_must_both_answer_and_the_right_one_counts(parameters: Floats) -> None:
    game = _game({"1-0": [1, 2]})
    referee = _referee(game, parameters)
    game.fill_unheld(referee)
    right = _right(game, referee, "1-0")
    game.take(referee, 1, {"1-0": Passed(right.numbers + 1)})

    assert not game.is_complete
    assert game.who_is_missing() == [2]
    assert game.take(referee, 2, {"1-0": right}) == {"1-0": "right"}
    assert game.is_complete
    assert "1-0" not in game.marks


def test_a_step_goes_through_six_phases_and_changes_the_parameters_once(parameters: Floats) -> None:
    game = _game({})
    phases = []
    stepped = None
    while game.phase != "ready":
        phases.append(game.phase)
        game.fill_unheld(_referee(game, parameters))
        stepped = game.go_on(_referee(game, parameters), 1.0)

    assert phases == ["forward-1", "forward-2", "forward-3", "backward-3", "backward-2", "backward-1"]
    assert stepped is not None
    assert (game.step, len(game.costs)) == (1, 1)
    assert 0 < np.abs(stepped - parameters).max() < 1


def test_a_dial_that_is_turned_within_a_step_counts_for_the_next_one() -> None:
    game = _game({})
    game.eta = 5.0

    assert game.step_eta == 0.1
    game.begin(None, 1.0)
    assert game.step_eta == 5.0


def test_a_drawing_that_was_chosen_goes_in_alone() -> None:
    game = _game({})
    game.begin(2, 1.0)

    assert (game.digits, game.labels) == ([2], [5])
