from __future__ import annotations

import numpy as np
import pytest

from app.data import mnist
from app.images import normalise as normalise_module
from app.images.normalise import STEPS, normalise


def _slant(image: np.ndarray) -> float:
    """The shear that would make the second moment mu_11 zero."""
    image = image.reshape(28, 28)
    y, x = np.mgrid[:28, :28]
    mass = image.sum()
    y, x = y - (image * y).sum() / mass, x - (image * x).sum() / mass
    return float((image * x * y).sum() / (image * y * y).sum())


def test_inputs_are_float32_between_0_and_1_with_the_brightest_pixel_near_1(test_images: mnist.Images) -> None:
    inputs = normalise(test_images.images[:500])

    assert inputs.shape == (500, 784)
    assert inputs.dtype == np.float32
    assert inputs.min() >= 0
    assert inputs.max() <= 1
    assert inputs.max(axis=1).min() > 0.7


def test_the_slant_is_removed_and_the_mass_is_in_the_middle(test_images: mnist.Images) -> None:
    images = test_images.images[:300]
    inputs = normalise(images).reshape(-1, 28, 28)

    assert np.mean([abs(_slant(image.astype(float))) for image in images]) > 0.15
    assert np.mean([abs(_slant(image)) for image in inputs]) < 0.02
    grid = np.arange(28)
    mass = inputs.sum(axis=(1, 2))
    np.testing.assert_allclose((inputs.sum(axis=1) @ grid) / mass, 13.5, atol=0.35)
    np.testing.assert_allclose((inputs.sum(axis=2) @ grid) / mass, 13.5, atol=0.35)


def test_flat_images_and_images_of_rows_are_the_same(test_images: mnist.Images) -> None:
    images = test_images.images[:20]

    np.testing.assert_array_equal(normalise(images), normalise(images.reshape(20, 784)))


def test_an_image_is_prepared_alike_alone_and_among_many(test_images: mnist.Images) -> None:
    together = normalise(test_images.images[:700])

    for number in (0, 511, 512, 699):
        np.testing.assert_allclose(normalise(test_images.images[number][None])[0], together[number], atol=1e-5)


@pytest.mark.parametrize("strength", [0.3, 1 / 255, 3.0])
def test_pale_ink_and_dark_ink_are_the_same_digit(test_images: mnist.Images, strength: float) -> None:
    images = test_images.images[:50].astype(np.float32)

    np.testing.assert_allclose(normalise(images * np.float32(strength)), normalise(images), atol=1e-4)


def test_an_image_without_ink_stays_without_ink() -> None:
    np.testing.assert_array_equal(normalise(np.zeros((2, 28, 28), np.uint8)), 0)


def test_every_digit_comes_in_one_size(test_images: mnist.Images) -> None:
    images = test_images.images[test_images.labels == 0][:100]
    small = np.zeros_like(images)
    small[:, 7:21, 7:21] = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))

    difference = np.abs(normalise(small) - normalise(images)).mean(axis=1)

    # A picture of half the size has a quarter of the detail: alike, not the same.
    assert difference.mean() < 0.05


def test_a_single_dot_and_a_full_picture_are_no_trouble() -> None:
    dot, full = np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)
    dot[0, 27] = 255

    inputs = normalise(np.stack([dot, full]))

    assert np.isfinite(inputs).all()
    assert inputs.min() >= 0
    assert inputs.max(axis=1) == pytest.approx([1, 1], abs=0.5)
    assert 0 < inputs[0].sum() < 30 < inputs[1].sum()


def test_a_step_that_is_left_out_leaves_the_others(test_images: mnist.Images) -> None:
    images = test_images.images[:300]
    images = images[images[:, :, -4:].max(axis=(1, 2)) == 0]
    shifted = np.roll(images, 3, axis=2)

    assert np.mean([abs(_slant(image)) for image in normalise(images, {"straighten"})]) > 0.1
    np.testing.assert_allclose(normalise(shifted), normalise(images), atol=1e-3)
    assert np.abs(normalise(shifted, {"centre"}) - normalise(images, {"centre"})).mean() > 0.05
    flat = images.reshape(-1, 784)
    np.testing.assert_allclose(normalise(images, STEPS), flat / flat.max(axis=1, keepdims=True), atol=1e-6)


def test_frames_say_where_the_input_was_read() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[5:15, 3:8] = 255
    frames = normalise_module.frames(image[None])

    # The middle of the ink, from the middle of the image.
    assert (frames.x[0], frames.y[0]) == pytest.approx((5 - 13.5, 9.5 - 13.5))
    assert frames.shear[0] == pytest.approx(0, abs=1e-5)
    assert frames.y_step[0] < 1
    without = np.ravel(normalise_module.frames(image[None], {"size", "centre"}))
    np.testing.assert_allclose(without, (0, 0, 0, 1, 1), atol=1e-5)
