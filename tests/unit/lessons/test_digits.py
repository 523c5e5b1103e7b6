from __future__ import annotations

import numpy as np

from app.data import mnist
from app.images.normalise import normalise
from app.lessons.digits import LEARNED, MEASURED, LessonImages
from tests.conftest import MNIST


def test_what_is_measured_and_what_is_learned_are_different_training_images() -> None:
    images = LessonImages(MNIST)
    training = mnist.read_training(MNIST)

    assert (len(images.measured.labels), len(images.learned.labels)) == (MEASURED, LEARNED)
    np.testing.assert_array_equal(images.measured.inputs, normalise(training.images[:MEASURED]))
    np.testing.assert_array_equal(images.learned.inputs, normalise(training.images[MEASURED : MEASURED + LEARNED]))
    np.testing.assert_array_equal(images.learned.wanted.argmax(axis=1), images.learned.labels)


def test_they_are_read_once_and_do_not_keep_all_60_000_in_memory() -> None:
    images = LessonImages(MNIST)

    assert images.measured is images.measured
    assert images.measured.images.base is None or images.measured.images.base.nbytes < 1_000_000
