from __future__ import annotations

import numpy as np
import pytest

from app.data import mnist
from app.images.normalise import normalise
from app.network import ACTIVATIONS, COSTS, Network
from app.network.explain import deltas, dreams, evidence, input_gradient, weighted_inputs
from app.network.network import one_hot, split_layers
from app.network.weights import read_weights
from app.settings import ROOT

_STEP = 1e-6


def _random(activation: str, cost: str) -> tuple[Network, np.ndarray]:
    rng = np.random.default_rng(3)
    network = Network.random(rng, (7, 5, 4, 10), activation, cost, dtype=np.float64)
    network.parameters += 0.1 * rng.standard_normal(network.parameters.size)
    return network, rng.random((3, 7))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_the_gradient_by_the_input_agrees_with_central_differences(activation: str, cost: str) -> None:
    network, x = _random(activation, cost)
    y = one_hot(np.array([2, 0, 9]), dtype=np.float64)
    activations = network.activations(x)

    gradient = input_gradient(network, activations, network.cost.delta(activations[-1], y))

    def cost_of(image: int, pixel: int, change: float) -> float:
        moved = x[image : image + 1].copy()
        moved[0, pixel] += change
        return network.cost.mean(network.feedforward(moved), y[image : image + 1])

    differences = [
        [(cost_of(image, pixel, _STEP) - cost_of(image, pixel, -_STEP)) / (2 * _STEP) for pixel in range(7)]
        for image in range(3)
    ]
    np.testing.assert_allclose(gradient, differences, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_the_deltas_are_the_gradient_of_the_biases(activation: str, cost: str) -> None:
    network, x = _random(activation, cost)
    y = one_hot(np.array([4]), dtype=np.float64)
    gradient, _ = network.backprop(x[:1], y)
    activations = network.activations(x[:1])

    found = deltas(network, activations, network.cost.delta(activations[-1], y))

    for delta, layer in zip(found, split_layers(gradient, network.sizes), strict=True):
        np.testing.assert_allclose(delta[0], layer.biases, atol=1e-12)


def test_the_weighted_inputs_lead_to_the_activations() -> None:
    network, x = _random("leaky-relu", "cross-entropy")
    activations = network.activations(x)
    first, second, last = weighted_inputs(network, activations)

    np.testing.assert_allclose(network.activation.of(first), activations[1])
    np.testing.assert_allclose(network.activation.of(second), activations[2])
    np.testing.assert_allclose(network.cost.output(last), activations[3])


def test_evidence_and_biases_make_up_the_score(test_images: mnist.Images) -> None:
    network = read_weights(ROOT / "models" / "classic.safetensors").network
    x = normalise(test_images.images[:1])[0]
    without_ink, score_of_paper = evidence(network, np.zeros_like(x), 7)

    found, score = evidence(network, x, 7)

    # Piecewise linear: along the way from here to the biases alone, the slope is the one that was returned.
    pattern = [np.sign(z) for z in weighted_inputs(network, network.activations(x[None]))[:-1]]
    a: np.ndarray = np.zeros((1, 784))
    for (weights, biases), sign in zip(network.layers, pattern, strict=False):
        a = np.where(sign > 0, 1, 0.1) * (a @ weights.T + biases)
    z = a @ network.layers[-1].weights.T + network.layers[-1].biases
    assert found.sum() + (z[0, 7] - z.mean()) == pytest.approx(score, rel=1e-4)
    assert (without_ink == 0).all()
    assert score > score_of_paper


@pytest.mark.parametrize("name", ["classic", "wide"])
def test_the_network_reads_what_it_dreams_of(name: str) -> None:
    network = read_weights(ROOT / "models" / f"{name}.safetensors").network
    pictures = dreams(network)

    assert pictures.shape == (10, 784)
    assert (pictures.min(), pictures.max()) >= (0, 0)
    assert pictures.max() <= 1
    assert network.probabilities(pictures).diagonal().min() > 0.95
    # Strokes in the middle, as an input has them, not a page full of ink.
    np.testing.assert_array_equal(pictures.max(axis=1), 1)
    assert pictures.mean(axis=1).max() < 0.2
    corners = pictures.reshape(-1, 28, 28)[:, ::27, ::27]
    assert corners.max() < 0.01
