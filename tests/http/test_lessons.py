"""What the lessons ask: the numbers are those of the network itself, and asking changes nothing."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from app.lessons.digits import LessonImages, Set
from app.network import COSTS, Network
from app.network.network import one_hot, split_layers
from app.network.weights import read_weights
from app.settings import ROOT
from tests.conftest import MNIST
from tests.support.api import PNG, SEVEN, assert_problem

WEIGHT = {"layer": 3, "neuron": 7, "input": 2}


@cache
def served() -> Network:
    return read_weights(ROOT / "models" / "classic.safetensors").network


@cache
def measured() -> Set:
    return LessonImages(MNIST).measured


@pytest.fixture(scope="module")
def seen() -> list[float]:
    """A digit as the network sees it."""
    found: list[float] = measured().inputs[0].tolist()
    return found


def ask(client: httpx.Client, path: str, question: dict[str, Any]) -> dict[str, Any]:
    response = client.post(f"lessons/{path}", json=question)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def mean_cost(network: Network) -> float:
    return network.cost.mean(network.feedforward(measured().inputs), measured().wanted)


def test_all_parameters_are_given_in_the_shape_of_the_layers(client: httpx.Client) -> None:
    answer = client.get("lessons/parameters").json()

    assert (answer["parameters"], answer["sizes"]) == (13_002, [784, 16, 16, 10])
    for layer, (weights, biases) in zip(answer["layers"], served().layers, strict=True):
        np.testing.assert_allclose(layer["weights"], weights, rtol=1e-4)
        np.testing.assert_allclose(layer["biases"], biases, rtol=1e-4)
    random = client.get("lessons/parameters?seed=5").json()
    assert random["layers"] != answer["layers"]
    assert random == client.get("lessons/parameters?seed=5").json()


def test_the_parameters_from_a_layer_on_are_those_of_all_layers_without_the_first(client: httpx.Client) -> None:
    answer = client.get("lessons/parameters").json()

    later = client.get("lessons/parameters?from_layer=2").json()
    assert later == {**answer, "layers": answer["layers"][1:]}
    assert client.get("lessons/parameters?from_layer=9").json()["layers"] == []
    assert client.get("lessons/parameters?from_layer=0").status_code == 422


def test_one_input_goes_forward_through_a_network_with_changed_parameters(
    client: httpx.Client, seen: list[float]
) -> None:
    changes = [{**WEIGHT, "value": 3.5}, {"layer": 1, "neuron": 4, "value": -2.0}]
    answer = ask(client, "forward", {"network": {"changes": changes}, "input": seen})

    network = Network(served().sizes, "leaky-relu", "cross-entropy", served().parameters.copy())
    network.layers[2].weights[7, 2], network.layers[0].biases[4] = 3.5, -2.0
    activations = network.activations(np.array([seen], np.float32))[1:]
    for layer, a in zip(answer["activations"], activations, strict=True):
        np.testing.assert_allclose(layer, a[0], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(answer["probabilities"], activations[-1][0], rtol=1e-4)
    assert answer["digit"] == activations[-1].argmax()


@pytest.mark.parametrize("seed", [None, 3])
def test_both_costs_are_given_for_one_digit_and_for_many(
    client: httpx.Client, seen: list[float], seed: int | None
) -> None:
    answer = ask(client, "costs", {"network": {"seed": seed}, "input": seen, "digit": 3})

    network = served() if seed is None else Network.random(np.random.default_rng(seed), activation="leaky-relu")
    outputs, wanted = network.feedforward(measured().inputs), measured().wanted
    own = outputs[0]
    assert answer["quadratic"] == pytest.approx(float(np.square(own - np.eye(10)[3]).sum()) / 2, rel=1e-4)
    assert answer["cross_entropy"] == pytest.approx(-float(np.log(own[3])), rel=1e-4)
    for name, key in (("quadratic", "quadratic"), ("cross-entropy", "cross_entropy")):
        assert answer["mean"][key] == pytest.approx(COSTS[name].mean(outputs, wanted), rel=1e-4)
        assert answer["sample"][7][key] == pytest.approx(
            COSTS[name].mean(outputs[7:8], wanted[7:8]), rel=1e-4, abs=1e-9
        )
    assert answer["mean"]["accuracy"] == (outputs.argmax(axis=1) == measured().labels).mean()
    assert [one["label"] for one in answer["sample"]] == measured().labels[:100].tolist()


def test_the_sample_is_a_picture_of_the_first_hundred_images(client: httpx.Client) -> None:
    picture = Image.open(io.BytesIO(client.get("lessons/images.png").content))

    assert np.array_equal(np.asarray(picture)[28:56, 56:84], measured().images[12].reshape(28, 28))


def test_a_slice_is_the_cost_recomputed_at_each_value(client: httpx.Client) -> None:
    direction = {"kind": "parameter", **WEIGHT}
    answer = ask(client, "slice", {"direction": direction, "low": -3, "high": 3, "count": 5})

    assert answer["values"] == [-3, -1.5, 0, 1.5, 3]
    assert answer["here"]["value"] == pytest.approx(float(served().layers[2].weights[7, 2]))
    assert answer["here"]["cost"] == pytest.approx(mean_cost(served()), rel=1e-4)
    for value, cost in zip(answer["values"], answer["costs"], strict=True):
        # In double precision: in single precision, outputs that vanish would hide some of the cost.
        moved = Network(served().sizes, "leaky-relu", "cross-entropy", served().parameters.astype(np.float64))
        moved.layers[2].weights[7, 2] = value
        assert cost == pytest.approx(mean_cost(moved), rel=1e-4)


def test_a_line_shorter_than_a_number_can_hold_is_still_answered(client: httpx.Client) -> None:
    asked = {"direction": {"kind": "parameter", "layer": 1, "neuron": 0}, "low": 0, "high": 5e-324, "count": 2}

    assert client.post("lessons/slice", json=asked).json()["values"] == [0, 0]


def test_towards_the_twin_both_ends_have_one_cost_and_a_hill_is_between(client: httpx.Client) -> None:
    answer = ask(client, "slice", {"direction": {"kind": "twin"}, "low": 0, "high": 1, "count": 11})

    assert answer["costs"][0] == pytest.approx(answer["costs"][-1], rel=1e-3)
    assert max(answer["costs"]) > 10 * answer["costs"][0]


def test_a_walk_follows_the_rule_and_says_when_it_diverges(client: httpx.Client) -> None:
    question = {"direction": {"kind": "parameter", **WEIGHT}, "start": 2, "learning_rate": 0.5, "steps": 5}
    answer = ask(client, "walk", question)

    assert not answer["diverged"]
    assert len(answer["points"]) == 6
    for here, after in zip(answer["points"], answer["points"][1:], strict=False):
        assert after["value"] == pytest.approx(here["value"] - 0.5 * here["slope"])
    assert ask(client, "walk", {**question, "direction": {"kind": "twin"}, "learning_rate": 1000})["diverged"]


def test_a_surface_holds_the_path_of_a_real_descent(client: httpx.Client) -> None:
    answer = ask(client, "surface", {"plane": {"kind": "path", "steps": 40}, "side": 9})

    assert np.array(answer["costs"]).shape == (9, 9)
    path = answer["path"]
    assert (path[0]["step"], path[-1]["step"]) == (0, 40)
    start = Network.random(np.random.default_rng(1), activation="leaky-relu")
    x, y = measured().inputs[:200], measured().wanted[:200]
    assert path[0]["cost"] == pytest.approx(start.cost.mean(start.feedforward(x), y), rel=1e-4)
    assert path[-1]["cost"] < path[0]["cost"]
    assert (path[-1]["x"], path[-1]["y"]) == pytest.approx((0, 0), abs=1e-6)
    assert 0.5 < answer["in_plane"] <= 1
    # The path lies on the ground: where it starts, the map is about as high as the path.
    row, column = (np.abs(np.array(answer[axis + "s"]) - path[0][axis]).argmin() for axis in "yx")
    assert answer["costs"][row][column] == pytest.approx(path[0]["cost"], rel=0.15)


def test_two_descents_race_on_one_surface_from_one_start(client: httpx.Client) -> None:
    rival = {"learning_rate": 0.05, "batch_size": None, "steps": 5}
    plane = {"kind": "path", "steps": 40, "rival": rival}
    answer = ask(client, "surface", {"plane": plane, "side": 5})

    network = Network.random(np.random.default_rng(1), activation="leaky-relu")
    x, y = measured().inputs, measured().wanted
    assert [point["step"] for point in answer["rival"]] == [0, 1, 2, 3, 4, 5]
    assert answer["rival"][0] == answer["path"][0]
    for point in answer["rival"]:
        outputs = network.feedforward(x[:200])
        assert point["cost"] == pytest.approx(network.cost.mean(outputs, y[:200]), rel=1e-3)
        network.parameters -= np.float32(0.05) * network.backprop(x, y)[0]
    # The end of the rival lies on the map too, and is not that of the first.
    assert answer["xs"][0] < answer["rival"][-1]["x"] < answer["xs"][-1]
    assert abs(answer["rival"][-1]["x"]) + abs(answer["rival"][-1]["y"]) > 0.1
    assert ask(client, "surface", {"plane": {"kind": "path", "steps": 10}, "side": 2})["rival"] is None


def test_the_gradient_is_that_of_backprop(client: httpx.Client, seen: list[float]) -> None:
    for about, x, y in (
        (None, measured().inputs, measured().wanted),
        ({"input": seen, "digit": 3}, np.array([seen], np.float32), one_hot(np.array([3]))),
    ):
        answer = ask(client, "gradient", {"about": about})
        gradient, _ = served().backprop(x, y)
        assert answer["norm"] == pytest.approx(float(np.linalg.norm(gradient)), rel=1e-4)
        for layer, (weights, biases) in zip(answer["gradient"], split_layers(gradient, served().sizes), strict=True):
            np.testing.assert_allclose(layer["weights"], weights, rtol=1e-3, atol=1e-8)
            np.testing.assert_allclose(layer["biases"], biases, rtol=1e-3, atol=1e-8)


def test_nothing_that_is_asked_changes_what_is_served(client: httpx.Client, seen: list[float]) -> None:
    def answer() -> dict[str, Any]:
        found: dict[str, Any] = client.post("predict?explain=true", content=SEVEN, headers=PNG).json()
        return found

    before = answer()
    ask(client, "forward", {"network": {"changes": [{**WEIGHT, "value": 1e6}]}, "input": seen})
    ask(client, "learning", {"input": seen, "digit": 3, "learning_rate": 0.01, "steps": 20})
    ask(client, "surface", {"plane": {"kind": "random"}, "side": 5})
    assert answer() == before


@pytest.mark.parametrize(
    ("path", "question", "words"),
    [
        ("forward", {"input": [0.5]}, ["784"]),
        ("forward", {"input": [2] * 784}, ["less than or equal to 1"]),
        ("gradient", {"network": {"model": "wide"}}, ["classic", "569,290"]),
        ("slice", {"direction": {"kind": "parameter", "layer": 4, "neuron": 0}, "low": 0, "high": 1}, ["1 to 3"]),
        ("slice", {"direction": {"kind": "parameter", **WEIGHT, "neuron": 10}, "low": 0, "high": 1}, ["0 to 9"]),
        ("slice", {"direction": {"kind": "sideways"}, "low": 0, "high": 1}, ["parameter"]),
        ("surface", {"plane": {"kind": "path", "learning_rate": 1000}}, ["smaller"]),
        ("surface", {"plane": {"kind": "path", "batch_size": None, "steps": 200}}, ["40 steps"]),
        ("surface", {"plane": {"kind": "path", "rival": {"batch_size": None}}}, ["40 steps"]),
        ("surface", {"plane": {"kind": "path", "batch_size": 1000}}, ["1,000 images", "40 steps", "smaller batch"]),
        ("surface", {"plane": {"kind": "path", "batch_size": 101, "steps": 400}}, ["396 steps"]),
        ("descent", {"until": 5000}, ["2000"]),
    ],
)
def test_what_can_not_be_answered_is_refused_with_what_to_change(
    client: httpx.Client, path: str, question: dict[str, Any], words: list[str]
) -> None:
    assert_problem(client.post(f"lessons/{path}", json=question), 422, *words)


def test_an_unknown_network_is_not_found(client: httpx.Client) -> None:
    assert_problem(client.get("lessons/parameters?model=none"), 404, "classic")
    assert_problem(client.post("lessons/mind?model=none", content=SEVEN, headers=PNG), 404, "classic")
    assert_problem(client.post("lessons/mind", json={}), 415, "image/")
