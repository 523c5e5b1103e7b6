from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.data import mnist
from app.images.checks import is_blank, is_inverted

FULL = np.zeros((1, 28, 28), np.uint8)
FULL[0, 4:24, 12:16] = 255
SHADES = {
    "0 to 255": FULL,
    "0 to 1": FULL / np.float32(255),
    "pale": FULL // 3 + np.uint8(40),
    "a stroke that touches the border": np.roll(FULL, 12, axis=2),
    "a digit without a margin": np.kron(FULL[:, 4:24:5, 8:24:4], np.ones((1, 7, 7), np.uint8)),
}


def _inverted(images: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.asarray(images.max() - images + images.min())


@pytest.mark.parametrize("images", SHADES.values(), ids=SHADES)
def test_an_image_is_inverted_when_its_paper_is_above_its_ink(images: NDArray[np.generic]) -> None:
    assert not is_inverted(images).any()
    assert is_inverted(_inverted(images)).all()
    assert not is_blank(images).any()


def test_each_image_of_many_is_judged_alone() -> None:
    images = np.concatenate([FULL, 255 - FULL, np.zeros_like(FULL)]).reshape(3, 784)

    assert is_inverted(images).tolist() == [False, True, False]
    assert is_blank(images).tolist() == [False, False, True]


@pytest.mark.parametrize(("shade", "noise"), [(0, 0), (1, 0), (5, 5), (128, 5), (255, 0), (255, 5)])
def test_an_image_of_nearly_one_shade_is_blank_and_not_inverted(shade: int, noise: int) -> None:
    images = shade - np.arange(784, dtype=np.uint8)[None] % (noise + 1)

    assert is_blank(images).all()
    assert not is_inverted(images).any()


def test_no_mnist_image_is_a_false_alarm_and_each_inverted_one_is_found(test_images: mnist.Images) -> None:
    images = test_images.images

    assert not is_inverted(images).any()
    assert not is_blank(images).any()
    assert is_inverted(255 - images).all()
