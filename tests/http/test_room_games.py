"""The class is the network: phones over HTTP are neurons, and what they learn is what NumPy learns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from app.network import Network
from app.network.network import CLASSIC_SIZES, one_hot
from app.rooms.class_network import ACTIVATION, COST, PHASES, Floats
from tests.support.drawn_rooms import strokes_of
from tests.support.phones import Phone, played
from tests.support.rooms import Pupil, Room, Watcher, open_room, watching
from tests.support.server import Server, wait_until

LABELS = (0, 1, 7)


@pytest.fixture
def room(server: Server) -> Iterator[Room]:
    with open_room(server) as room:
        yield room


@pytest.fixture
def pupils(room: Room) -> list[Pupil]:
    """Three pupils who have drawn three digits each, all on the wall."""
    pupils = [room.join() for _ in range(3)]
    for number, pupil in enumerate(pupils):
        for label in LABELS:
            pupil.draw(label, strokes_of(label)[number]).raise_for_status()
    room.teacher.post(f"{room.path}/accept").raise_for_status()
    room.teacher.post(f"{room.path}/reveal").raise_for_status()
    return pupils


def _start(room: Room, **how: object) -> None:
    room.teacher.post(f"{room.path}/game", json={"eta": 0.2, **how}).raise_for_status()


def _next(room: Room) -> None:
    room.teacher.post(f"{room.path}/game/next").raise_for_status()


def _parameters(room: Room) -> Floats:
    return np.frombuffer(room.teacher.get(f"{room.path}/game/parameters").raise_for_status().content).copy()


def _cost(parameters: Floats, phone: Phone, game: dict[str, Any]) -> float:
    network = Network(CLASSIC_SIZES, ACTIVATION, COST, parameters)
    outputs = network.feedforward(phone.inputs(game["digits"]))
    return network.cost.mean(outputs, one_hot(np.array(game["labels"]), dtype=np.float64))


def _stepped(parameters: Floats, inputs: Floats, labels: list[int], eta: float) -> Floats:
    network = Network(CLASSIC_SIZES, ACTIVATION, COST, parameters)
    return parameters - eta * network.backprop(inputs, one_hot(np.array(labels), dtype=np.float64))[0]


def _game(watcher: Watcher) -> dict[str, Any]:
    game: dict[str, Any] = watcher.parts["game"]
    return game


def test_at_a_walk_each_click_goes_on_by_one_layer_to_numpys_step(
    server: Server, room: Room, pupils: list[Pupil]
) -> None:
    with watching(server, f"rooms/{room.code}/events") as watcher:
        _start(room, batch=2)
        wait_until(lambda: "game" in watcher.parts, "the game")
        before = _parameters(room)
        phones = [Phone(room, pupil, watcher) for pupil in pupils]
        with played(phones):
            for phase in PHASES:
                _next(room)
                wait_until(lambda: _game(watcher)["phase"] == phase, phase)  # noqa: B023 - it is asked at once
                wait_until(lambda: _game(watcher)["is_complete"], "all numbers")
                assert (_game(watcher)["labels"] is None) == phase.startswith("forward")
                if phase == "forward-3":
                    wait_until(lambda: watcher.parts.get("forward-3", {}).get("step") == 0, "the answer")
                    assert _game(watcher)["cost"] is None
                    _next(room)
                    wait_until(lambda: _game(watcher)["labels"], "the labels")
                    assert _game(watcher)["cost"] == pytest.approx(_cost(before, phones[0], _game(watcher)), rel=1e-5)
            game = _game(watcher)
            _next(room)
            wait_until(lambda: _game(watcher)["step"] == 1, "the step")

        assert set(game["marks"].values()) == {"server"}
        assert not set(game["marks"]) & {neuron for phone in phones for neuron in phone.held}
        after = _stepped(before, phones[0].inputs(game["digits"]), game["labels"], 0.2)
        np.testing.assert_allclose(_parameters(room), after, atol=1e-7)


def test_at_a_run_steps_follow_each_other_to_numpys_parameters(server: Server, room: Room, pupils: list[Pupil]) -> None:
    with watching(server, f"rooms/{room.code}/events") as watcher:
        _start(room, batch=4)
        wait_until(lambda: "game" in watcher.parts, "the game")
        parameters = _parameters(room)
        phones = [Phone(room, pupil, watcher) for pupil in pupils]
        room.teacher.patch(f"{room.path}/game", json={"pace": "run"}).raise_for_status()
        with played(phones):
            wait_until(lambda: _game(watcher)["step"] >= 10, "ten steps")
            room.teacher.patch(f"{room.path}/game", json={"pace": "walk"}).raise_for_status()
            wait_until(lambda: _game(watcher)["pace"] == "walk", "the walk")
        last = _game(watcher)["step"]

    games = [event["game"] for event in watcher.history if "game" in event]
    steps = {game["step"]: game for game in games if game["labels"]}
    for step in range(last):
        game = steps[step]
        parameters = _stepped(parameters, phones[0].inputs(game["digits"]), game["labels"], game["step_eta"])
    np.testing.assert_allclose(_parameters(room), parameters, atol=1e-5)
    assert watcher.parts["course"]["accuracies"][0][0] == 0


def test_a_phone_takes_one_neuron_that_nobody_holds(server: Server, room: Room, pupils: list[Pupil]) -> None:
    with watching(server, f"rooms/{room.code}/events") as watcher:
        _start(room)
        wait_until(lambda: "deal" in watcher.parts, "the deal")
        held = watcher.parts["deal"]["held"]
        free = next(neuron for neuron, who in held.items() if not who)
        taken = next(neuron for neuron, who in held.items() if who == [pupils[1].id])

        assert pupils[0].post(f"game/neurons/{free}").status_code == 204
        wait_until(lambda: watcher.parts["deal"]["held"][free] == [pupils[0].id], "the neuron")
        mine = [neuron for neuron, who in watcher.parts["deal"]["held"].items() if who == [pupils[0].id]]
        assert mine == [free]
        assert pupils[0].post(f"game/neurons/{taken}").status_code == 409
        assert pupils[0].post("game/neurons/1-16").status_code == 409


def test_a_game_needs_drawings_on_the_wall_and_ends_when_it_is_stopped(
    server: Server, room: Room, pupils: list[Pupil]
) -> None:
    with open_room(server) as empty:
        refused = empty.teacher.post(f"{empty.path}/game", json={})
        assert refused.status_code == 409
        assert "reveal them" in refused.json()["detail"]
    _start(room)
    assert room.teacher.delete(f"{room.path}/game").status_code == 204
    assert room.teacher.post(f"{room.path}/game/next").status_code == 409
    assert pupils[0].post("game/awake").status_code == 409


def test_digits_that_are_not_on_the_wall_are_not_given_out(room: Room, pupils: list[Pupil]) -> None:
    _start(room)
    # The second pupil is held out: the server reads these drawings to measure, and gives them to nobody.
    hidden = [pupil.draw(7).json()["id"] for pupil in pupils[:2]]
    held_out = [drawing["id"] for drawing in pupils[1].own().json()["drawings"]]

    answer = room.anyone.get(f"rooms/{room.code}/game/inputs", params={"of": [1, *hidden, *held_out]}).json()
    assert list(answer["inputs"]) == ["1"]


@pytest.mark.usefixtures("pupils")
@pytest.mark.parametrize("status", ["hidden", "removed"])
def test_a_drawing_that_leaves_the_wall_leaves_the_game(server: Server, room: Room, status: str) -> None:
    _start(room)
    with watching(server, f"rooms/{room.code}/events") as watcher:
        room.teacher.post(f"{room.path}/game/next", json={"drawing": 1}).raise_for_status()
        wait_until(lambda: watcher.parts.get("game", {}).get("digits") == [1], "the digit")
        room.set_status(1, status)
        wait_until(lambda: _game(watcher)["phase"] == "ready", "the step to be given up")

    assert room.anyone.get(f"rooms/{room.code}/game/inputs", params={"of": [1]}).json() == {"inputs": {}}
    room.teacher.post(f"{room.path}/game/next", json={"drawing": 1}).raise_for_status()
    assert room.anyone.get(f"rooms/{room.code}/game/inputs", params={"of": [1]}).json() == {"inputs": {}}


def test_numbers_of_another_time_are_over(room: Room, pupils: list[Pupil]) -> None:
    _start(room)
    body = {"step": 5, "phase": "forward-1", "neurons": {"1-0": {"numbers": [0.5]}}}

    answer = pupils[0].post("game/numbers", body)
    assert answer.json() == {"verdicts": {"1-0": "over"}}
