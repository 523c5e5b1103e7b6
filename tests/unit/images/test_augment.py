from __future__ import annotations

import numpy as np
import pytest

from app.data import mnist
from app.images.augment import Augmentation, augment
from app.images.normalise import normalise

HOW = Augmentation(turn=0.1, shear=0.05, scale=0.05, shift=0.3, elastic=0.5, thickness=0.5)


def _rng(*seed: int) -> np.random.Generator:
    return np.random.default_rng(list(seed))


@pytest.fixture(scope="module")
def pictures(test_images: mnist.Images) -> np.ndarray:
    return normalise(test_images.images[:300])


def test_shape_type_and_range_stay(pictures: np.ndarray) -> None:
    augmented = augment(pictures, HOW, _rng(0))

    assert augmented.shape == pictures.shape
    assert augmented.dtype == np.float32
    assert augmented.min() >= 0
    assert augmented.max() <= 1


def test_the_images_given_are_left_alone(pictures: np.ndarray) -> None:
    before = pictures.copy()

    augment(pictures, HOW, _rng(0))

    np.testing.assert_array_equal(pictures, before)


def test_the_same_seed_and_epoch_distort_alike_and_others_otherwise(pictures: np.ndarray) -> None:
    first = augment(pictures, HOW, _rng(3, 1))

    np.testing.assert_array_equal(augment(pictures, HOW, _rng(3, 1)), first)
    assert np.abs(augment(pictures, HOW, _rng(3, 2)) - first).mean() > 0.005
    assert np.abs(augment(pictures, HOW, _rng(4, 1)) - first).mean() > 0.005


def test_no_distortion_changes_nothing(pictures: np.ndarray) -> None:
    np.testing.assert_allclose(augment(pictures, Augmentation(), _rng(0)), pictures, atol=1e-5)


def test_each_image_stays_in_its_place_and_its_digit_readable(pictures: np.ndarray) -> None:
    augmented = augment(pictures, HOW, _rng(5))

    # The picture that is nearest to a distorted one is nearly always its own.
    distances = ((augmented[:, None] - pictures) ** 2).sum(axis=2)
    assert (distances.argmin(axis=1) == np.arange(len(pictures))).mean() > 0.9


def test_thickness_alone_makes_some_strokes_thicker_and_others_thinner(pictures: np.ndarray) -> None:
    many = np.tile(pictures, (5, 1))

    ratio = augment(many, Augmentation(thickness=0.8), _rng(0)).sum(axis=1) / many.sum(axis=1)

    assert ratio.min() < 0.8
    assert ratio.max() > 1.2


def test_what_is_shifted_out_of_the_picture_is_gone_and_paper_comes_in() -> None:
    ink = np.ones((1280, 784), np.float32)

    moved = augment(ink, Augmentation(shift=40.0), _rng(1))

    assert np.isfinite(moved).all()
    assert moved.mean() < 0.25


def test_a_single_image_can_be_augmented() -> None:
    assert augment(np.ones((1, 784), np.float32), HOW, _rng(0)).shape == (1, 784)


def test_a_share_of_the_images_is_distorted_and_the_others_stay_as_they_were(pictures: np.ndarray) -> None:
    augmented = augment(pictures, HOW._replace(share=0.75), _rng(6))

    same = (augmented == pictures).all(axis=1)
    assert same.sum() == len(pictures) / 4
    assert same[:150].any()
    assert same[150:].any()
