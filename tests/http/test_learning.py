"""POST /lessons/learning: steps of gradient descent on one drawing, and the backprop behind the last of them."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from app.data import mnist
from app.images.normalise import normalise
from app.network.network import Network, one_hot
from app.network.weights import read_weights
from app.settings import ROOT
from tests.support.api import PNG, SEVEN, assert_problem

RATE = 0.006
MEANT = 4


@pytest.fixture
def drawn(client: httpx.Client) -> list[float]:
    """The input of a drawn seven."""
    answer = client.post("predict", params={"explain": True}, content=SEVEN, headers=PNG).json()
    seen: list[float] = answer["input"]
    return seen


def learn(client: httpx.Client, drawn: list[float], **changes: Any) -> httpx.Response:
    return client.post("lessons/learning", json={"input": drawn, "digit": MEANT, "learning_rate": RATE, **changes})


def classic() -> Network:
    return read_weights(ROOT / "models" / "classic.safetensors").network


def flat(layers: list[dict[str, Any]]) -> NDArray[np.float64]:
    return np.concatenate([np.r_[np.array(layer["weights"]).T.ravel(), layer["biases"]] for layer in layers])


def test_the_steps_are_those_of_gradient_descent(client: httpx.Client, drawn: list[float]) -> None:
    found = learn(client, drawn, steps=11).json()
    network, x, y = classic(), np.array([drawn], np.float32), one_hot(np.array([MEANT]))
    for number, step in enumerate(found["steps"]):
        gradient, outputs = network.backprop(x, y)
        assert step["outputs"] == pytest.approx(outputs[0].tolist(), rel=1e-3, abs=1e-6)
        assert step["cost"] == pytest.approx(network.cost.mean(outputs, y), rel=1e-3)
        assert step["norm"] == pytest.approx(np.linalg.norm(gradient), rel=1e-3)
        if number == 10:
            assert flat(found["before"]) == pytest.approx(network.parameters, rel=1e-4, abs=1e-6)
            assert flat(found["gradient"]) == pytest.approx(gradient, rel=1e-3, abs=1e-6)
        network.parameters -= np.float32(RATE) * gradient
    assert len(found["steps"]) == 12


def test_the_numbers_of_backprop_lead_from_one_layer_to_the_one_before(
    client: httpx.Client, drawn: list[float]
) -> None:
    found = learn(client, drawn).json()
    deltas, slopes, activations = (
        [np.array(rows) for rows in found[key]] for key in ("deltas", "slopes", "activations")
    )
    assert (found["activation"], found["cost"]) == ("leaky-relu", "cross-entropy")
    assert deltas[2] == pytest.approx(activations[3] - one_hot(np.array([MEANT]))[0], rel=1e-4, abs=1e-7)
    for layer in (1, 0):
        assert slopes[layer] == pytest.approx(np.where(activations[layer + 1] > 0, 1, 0.1))
        weights = np.array(found["before"][layer + 1]["weights"])
        # Exact enough for sums whose terms all but cancel.
        assert deltas[layer] == pytest.approx((weights.T @ deltas[layer + 1]) * slopes[layer], rel=1e-5, abs=1e-7)
    for gradient, delta, a in zip(found["gradient"], deltas, activations, strict=False):
        assert np.array(gradient["weights"]) == pytest.approx(np.outer(delta, a), rel=1e-3, abs=1e-6)
        assert gradient["biases"] == pytest.approx(delta.tolist(), rel=1e-3, abs=1e-6)


def test_the_served_network_stays_as_it_is(client: httpx.Client, drawn: list[float]) -> None:
    def answer() -> dict[str, Any]:
        prediction: dict[str, Any] = client.post("predict", content=SEVEN, headers=PNG).json()
        return prediction

    before = answer()
    assert learn(client, drawn, steps=100).json()["after_digit"] == MEANT
    assert answer() == before


def test_what_cannot_be_learned_is_refused_with_its_reason(client: httpx.Client, drawn: list[float]) -> None:
    assert_problem(learn(client, drawn, network={"model": "wide"}), 422, "classic")
    assert_problem(learn(client, drawn, steps=101), 422, "steps")
    assert_problem(learn(client, drawn, learning_rate=0), 422, "learning_rate")


def test_steps_that_overflow_are_refused(client: httpx.Client, test_images: mnist.Images) -> None:
    # At this rate the outputs of this image are no numbers after five steps, while all parameters still are.
    nine = normalise(test_images.images[214:215])[0].tolist()
    for steps in (5, 6):
        assert_problem(learn(client, nine, digit=0, learning_rate=1, steps=steps), 422, "smaller learning rate")
    assert learn(client, nine, digit=0, learning_rate=1, steps=1).is_success
