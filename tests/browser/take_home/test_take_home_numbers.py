"""The file to take home computes what Python computes: the preparation, the answers, and the steps of learning."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from app.data import mnist
from app.data.drawings import FILE
from app.data.styles import draw_styles, read_styles
from app.images import drawing
from app.images.normalise import normalise
from app.network import ACTIVATIONS, COSTS, Network
from app.network.network import one_hot
from tests.browser.conftest import OpenPage
from tests.browser.take_home.conftest import CLASSIC, Save, weights_of
from tests.support.server import RunningServer

Points = list[list[dict[str, float]]]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_every_activation_and_cost_answers_and_learns_as_python_does(
    visit: OpenPage, save: Save, test_images: mnist.Images, activation: str, cost: str
) -> None:
    rng = np.random.default_rng(1)
    network = Network.random(rng, (784, 12, 9, 10), activation, cost)
    page = visit(save(weights_of(network)))
    images, labels = test_images.images[:20], test_images.labels[:20]
    inputs = normalise(images)

    found = page.evaluate("(all) => all.map((image) => answerTo(normalise(image)))", images.reshape(20, -1).tolist())

    np.testing.assert_allclose([one["input"] for one in found], inputs, rtol=0, atol=1e-5)
    for one, expected in zip(found, network.probabilities(inputs), strict=True):
        np.testing.assert_allclose(one["probabilities"], expected, rtol=0, atol=1e-5)
    activations = network.activations(inputs)
    for layer in range(4):
        np.testing.assert_allclose([one["activations"][layer] for one in found], activations[layer], rtol=0, atol=1e-4)

    exact = Network(network.sizes, activation, cost, network.parameters.astype(np.float64))
    x, y = inputs.astype(np.float64), one_hot(labels, dtype=np.float64)
    examples = [{"input": a, "wanted": b} for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    costs = page.evaluate(
        """(examples) => Array.from({ length: 5 }, () => {
            descend(network, examples, 0.3);
            return meanCost(network, examples);
        })""",
        examples,
    )
    for step_cost in costs:
        exact.parameters -= 0.3 * exact.backprop(x, y)[0]
        assert step_cost == pytest.approx(exact.cost.mean(exact.feedforward(x), y), abs=1e-9)
    for layer, parts in enumerate(page.evaluate("network.layers")):
        np.testing.assert_allclose(parts["weights"], exact.layers[layer].weights, rtol=0, atol=1e-9)
        np.testing.assert_allclose(parts["biases"], exact.layers[layer].biases, rtol=0, atol=1e-9)


@pytest.mark.slow
def test_a_thousand_plain_drawings_get_the_answer_that_the_server_gives(
    home: Page, visit: OpenPage, server: RunningServer
) -> None:
    """From the strokes on: the draw page sends a picture of them, and the file paints them itself."""
    drawings = many_drawings(1_080)
    page = visit(server.url)
    pictures, answers = [], []
    for start in range(0, len(drawings), 50):
        some = drawings[start : start + 50]
        pictures += page.evaluate(
            """async (drawings) => {
                const { toBlob } = await import("./static/sheet/ink.js");
                return Promise.all(drawings.map(async (strokes) => {
                    const png = await toBlob({ picture: null, strokes });
                    return btoa(String.fromCharCode(...new Uint8Array(await png.arrayBuffer())));
                }));
            }""",
            some,
        )
        answers += home.evaluate("(all) => all.map((strokes) => answerTo(inputOf(strokes)).probabilities)", some)
    places = [drawing.place(base64.b64decode(picture)) for picture in pictures]
    # The file leaves nothing out: a slash in a zero, say, or a part behind a gap, which the server takes for no digit.
    plain = [i for i, place in enumerate(places) if place.strokes.ink.sum() == place.found.ink.sum()][:1_000]
    assert len(plain) == 1_000
    probabilities = CLASSIC.network.probabilities(normalise(np.stack([places[i].placed for i in plain])))
    found = np.array(answers)[plain]

    same = found.argmax(axis=1) == probabilities.argmax(axis=1)

    assert same.mean() >= 0.995
    assert np.median(np.abs(found - probabilities).max(axis=1)) < 0.01


def many_drawings(count: int) -> list[Points]:
    """The drawings that the program comes with, and drawings in all styles, each with a place and a size of its own."""
    rng = np.random.default_rng(5)
    found: list[list[NDArray[np.float64]]] = [
        [np.array(stroke, np.float64) for stroke in json.loads(line)["strokes"]]
        for line in FILE.read_text().splitlines()
    ]
    found += draw_styles(count - len(found), rng, read_styles()).strokes
    return [_on_sheet(strokes, rng) for strokes in found]


def _on_sheet(strokes: list[NDArray[np.float64]], rng: np.random.Generator) -> Points:
    points = np.concatenate(strokes)
    size = rng.uniform(0.35, 0.85)
    corner = 0.05 + rng.random(2) * (0.9 - size * np.ptp(points, axis=0) / 1000)
    placed = [corner + (stroke - points.min(axis=0)) * (size / 1000) for stroke in strokes]
    return [[{"x": x, "y": y} for x, y in stroke.tolist()] for stroke in placed]
