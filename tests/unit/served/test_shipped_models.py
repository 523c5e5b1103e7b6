"""The networks that come with the program read what their card says they read."""

from __future__ import annotations

import io

import numpy as np
import pytest

from app.data import mnist, pens
from app.images import drawing
from app.images.normalise import normalise
from app.network.calibration import expected_calibration_error
from app.network.network import parameter_count
from app.network.weights import Weights, read_weights
from app.settings import ROOT

# The ten digits as strokes, in other hands than MNIST's too: a 1 with an upstroke, a 7 with a bar, an open 4.
DIGITS: list[tuple[int, list[list[tuple[float, float]]]]] = [
    (0, [[(5, 0), (1, 2), (0, 6), (2, 10), (5, 10), (7, 7), (7, 3), (5, 0)]]),
    (1, [[(3, 0), (2.5, 10)]]),
    (1, [[(0, 3.5), (3.5, 0), (3.5, 10)]]),
    (2, [[(0, 2), (1.5, 0), (5, 0), (6, 2.5), (4, 6), (0, 10), (7, 10)]]),
    (3, [[(0, 1), (2, 0), (5, 0.5), (5.5, 3), (2.5, 4.7), (6, 6), (6, 9), (3, 10), (0, 9)]]),
    (4, [[(1, 0), (0, 6), (6, 6)], [(5, 2), (5, 10)]]),
    (4, [[(4.5, 0), (0, 6.5), (7, 6.5)], [(4.5, 0), (4.5, 10)]]),
    (5, [[(6, 0), (1, 0), (0.5, 4), (4, 3.8), (6, 6), (5, 9), (2, 10), (0, 9)]]),
    (6, [[(5, 0), (2, 3), (0, 7), (2, 10), (5, 9.5), (6, 7), (4, 5.3), (1, 6)]]),
    (7, [[(0, 0), (6, 0), (2.5, 10)]]),
    (7, [[(0, 0), (6, 0), (2.5, 10)], [(1.5, 5), (5.8, 5)]]),
    (8, [[(5, 1), (2, 0), (0, 2), (3, 4.7), (6, 7.5), (3, 10), (0, 8), (3, 5), (5.5, 2.5), (5, 1)]]),
    (9, [[(5.5, 2), (3, 0), (0, 2.5), (2, 5), (5.5, 2.5), (5.5, 1), (5, 10)]]),
]
TIMES = 40


def _weights(name: str) -> Weights:
    return read_weights(ROOT / "models" / f"{name}.safetensors")


@pytest.mark.parametrize(("name", "least"), [("classic", 0.983), ("wide", 0.995)])
def test_all_test_images_are_read_as_well_as_the_card_says(name: str, least: float, test_images: mnist.Images) -> None:
    weights = _weights(name)

    probabilities = weights.network.probabilities(normalise(test_images.images))

    accuracy = (probabilities.argmax(axis=1) == test_images.labels).mean()
    assert accuracy >= least
    assert float(weights.metadata["accuracy"]) == pytest.approx(accuracy, abs=5e-4)
    assert expected_calibration_error(probabilities, test_images.labels) <= 0.01


@pytest.mark.parametrize(("name", "most"), [("classic", 13_002), ("wide", 600_000)])
def test_a_shipped_network_is_no_larger_than_it_says(name: str, most: int) -> None:
    assert parameter_count(_weights(name).network.sizes) <= most


@pytest.mark.parametrize("name", ["classic", "wide"])
def test_a_drawing_moved_scaled_or_redrawn_with_another_pen_keeps_its_right_answer(name: str) -> None:
    network, rng = _weights(name).network, np.random.default_rng(0)

    def read(digit: pens.Strokes, width: float, size: float) -> int:
        content = io.BytesIO()
        pens.draw(digit, width, size, rng).save(content, "PNG")
        return int(network.feedforward(normalise(drawing.read(content.getvalue())[None])).argmax())

    kept = []
    for label, strokes in DIGITS:
        digit = [np.array(stroke, np.float64) * 100 for stroke in strokes]
        if read(digit, 18, 200) == label:
            kept += [read(digit, rng.uniform(*pens.WIDTHS), rng.uniform(*pens.SIZES)) == label for _ in range(TIMES)]

    assert len(kept) >= (len(DIGITS) - 1) * TIMES
    assert np.mean(kept) >= 0.97
