from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from app.data import mnist
from app.images import drawing
from app.images.normalise import normalise
from app.lessons.mind import RADII, Dab, change_of_mind, painted
from app.network import Network
from app.network.weights import read_weights
from app.settings import ROOT


@pytest.fixture(scope="module")
def classic() -> Network:
    return read_weights(ROOT / "models" / "classic.safetensors").network


def _ink(image: np.ndarray) -> Image.Image:
    content = io.BytesIO()
    Image.fromarray(255 - image).resize((280, 280), Image.Resampling.BICUBIC).save(content, "PNG")
    return drawing.place(content.getvalue()).picture


def _answer(network: Network, ink: Image.Image) -> int:
    return int(network.feedforward(normalise(drawing.place_ink(ink).placed)).argmax())


@pytest.mark.parametrize("number", [0, 1, 2, 3, 7, 8, 18, 61])
def test_the_dab_is_of_a_size_that_is_tried_and_turns_the_answer(
    classic: Network, test_images: mnist.Images, number: int
) -> None:
    ink = _ink(test_images.images[number])
    change = change_of_mind(classic, ink)

    assert change is not None
    assert change.digit != _answer(classic, ink)
    assert _answer(classic, painted(ink, change.dab)) == change.digit
    assert 0.1 < change.confidence <= 1
    np.testing.assert_allclose(min(abs(radius - change.dab.radius / 280) for radius in RADII), 0, atol=0.002)


def test_a_network_with_one_answer_can_not_be_turned() -> None:
    stubborn = Network()
    stubborn.layers[-1].biases[3] = 5
    ink = Image.fromarray(np.pad(np.full((100, 20), 255, np.float32), 90))

    assert change_of_mind(stubborn, ink) is None


def test_a_dab_of_ink_is_as_dark_as_the_drawing_and_one_of_eraser_is_paper() -> None:
    ink = Image.fromarray(np.pad(np.full((10, 10), 90, np.float32), 15))

    assert np.asarray(painted(ink, Dab("ink", 5, 5, 3)))[5, 5] == 90
    assert np.asarray(painted(ink, Dab("eraser", 20, 20, 3)))[20, 20] == 0
    assert np.asarray(ink)[20, 20] == 90
